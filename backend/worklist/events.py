"""What the worklist announces."""

TASK_OPENED = "worklist.task.opened"

EVENTS = (TASK_OPENED,)
