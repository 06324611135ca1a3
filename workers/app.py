"""The Celery app. Redis only wakes workers: every obligation is a row in PostgreSQL."""

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings

from workers.schedules import SCHEDULES

app = Celery("suhada", broker=settings.REDIS_URL, set_as_current=True)
app.conf.update(
    imports=(
        "workers.tasks.care",
        "workers.tasks.exports",
        "workers.tasks.followups",
        "workers.tasks.notices",
        "workers.tasks.packs",
        "workers.tasks.pharmacy",
        "workers.tasks.retention",
        "workers.tasks.trail",
        "workers.tasks.upkeep",
    ),
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=False,  # a task that kills its worker must not loop; sweeps retry
    task_serializer="json",
    accept_content=["json"],
    task_time_limit=300,
    task_soft_time_limit=240,
    task_create_missing_queues=True,
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_soft_shutdown_timeout=10,
    worker_enable_soft_shutdown_on_idle=True,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    broker_connection_retry_on_startup=True,
    broker_transport_options={"visibility_timeout": 300, "socket_keepalive": True},
    broker_pool_limit=4,
    timezone="UTC",
    enable_utc=True,
    beat_schedule=SCHEDULES,
)


@setup_logging.connect  # type: ignore[untyped-decorator]
def _keep_our_logging(**_: object) -> None:
    """Django has configured logging already."""
