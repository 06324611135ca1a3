"""The story in its order."""

from dev.demo.story.arriving import sign_up_and_book
from dev.demo.story.opening import open_the_clinic
from dev.demo.story.stage import Stage

ADMINISTRATOR = "admin@clinic.example"


def play(stage: Stage) -> None:
    """The whole journey, chapter by chapter. Raises StepFailed at the first wrong step."""
    open_the_clinic(stage, ADMINISTRATOR)
    sign_up_and_book(stage)
