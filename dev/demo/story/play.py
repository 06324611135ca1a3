"""The story in its order."""

from dev.demo.story.arriving import sign_up_and_book
from dev.demo.story.consulting import answer_and_consent, meet_both
from dev.demo.story.dispensing import dispense_first
from dev.demo.story.ending import audit, end_and_decide
from dev.demo.story.months import live_through
from dev.demo.story.opening import open_the_clinic
from dev.demo.story.prescribing import approve_first, draft_and_assess
from dev.demo.story.stage import Stage

ADMINISTRATOR = "admin@clinic.example"
BEFORE_THE_FIRST_DOSE = (
    sign_up_and_book,
    answer_and_consent,
    meet_both,
    draft_and_assess,
    approve_first,
    dispense_first,
)
MONTHS = (live_through, end_and_decide)
DAYS = 251  # from the first dose to the second-course decision


def play(stage: Stage) -> None:
    """The whole journey, chapter by chapter. Raises StepFailed at the first wrong step."""
    open_the_clinic(stage, ADMINISTRATOR)
    for chapter in BEFORE_THE_FIRST_DOSE:
        chapter(stage)
    with stage.narrator.months(DAYS):
        for chapter in MONTHS:
            chapter(stage)
    audit(stage)
