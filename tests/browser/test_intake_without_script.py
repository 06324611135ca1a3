"""The intake on a phone whose JavaScript is switched off: every question, to the end."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from backend.intake.models import IntakeResponse
from tests.browser.devices import PHONE
from tests.factories import accounts

pytestmark = pytest.mark.django_db(transaction=True)
NONE = "None of these"
HEALTHY_MAN: dict[str, Mapping[str, str]] = {
    "Your skin": {
        "What would you like treated most?": "Acne",
        "Which comes closest": "Severe: many lumps, cysts or nodules",
        "Do spots leave scars": "Yes",
        "Choose every treatment": NONE,
    },
    "Your health": {
        "Choose every condition that you": NONE,
        "Choose every condition that a parent": NONE,
        "Choose everything that you are": NONE,
        "Which of these did you": NONE,
        "that applies": NONE,
    },
    "Your medicines": {
        "isotretinoin that you got": "No",
        "supplement with vitamin A": "No",
        "cream or gel": "No",
    },
    "Pregnancy": {
        "Which describes whether": "I was born with a body that cannot (such as a male body)",
    },
}


@pytest.fixture
def patient() -> Any:
    return accounts.PatientFactory(on_clock=True)


@pytest.fixture
def page(patient, visit) -> Page:
    """Somebody in front of the first question; the console may say that a form was refused."""
    window = visit(PHONE.speaking("en").without_script(), patient)
    window.expected.append("status of 422")
    window.go("/me/intake")
    window.page.get_by_role("button", name="Begin the questions").click()
    return window.page


def at(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)


def choose(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("group", name=re.compile(question)).first
    group.get_by_label(answer, exact=True).check()


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Save and go on").click()


def answer_all(page: Page) -> None:
    for heading, answers in HEALTHY_MAN.items():
        at(page, heading)
        for question, answer in answers.items():
            choose(page, question, answer)
        if heading == "Your medicines":
            page.get_by_label("Medicine 1").fill("loxoprofen")
        go_on(page)
    at(page, "Your mood (PHQ-9)")
    for question in page.get_by_role("group").all():
        question.get_by_label("Not at all").check()
    go_on(page)


def test_the_intake_is_answered_and_sent(page, patient):
    answer_all(page)
    at(page, "Read it over, then send it")
    page.get_by_role("button", name="Send my answers").click()

    at(page, "Your answers were sent")
    sent = IntakeResponse.objects.get(patient=patient)
    assert sent.status == "submitted"
    assert sent.answers["severity"] == "severe"
    assert sent.answers["phq_9"] == "none"


def test_what_was_left_out_is_asked_for_and_what_was_said_stays(page, patient):
    choose(page, "What would you like treated most", "Acne")

    go_on(page)

    expect(page.get_by_text("Some answers are still needed")).to_be_visible()
    group = page.get_by_role("group", name="What would you like treated most")
    expect(group.get_by_label("Acne", exact=True)).to_be_checked()
    kept = IntakeResponse.objects.get(patient=patient)
    assert (kept.status, kept.answers) == ("draft", {"indication": "acne"})


def test_a_red_flag_says_whom_to_call_once_it_is_saved(page):
    page.goto("/me/intake/mood")
    thoughts = page.get_by_role("group", name="Thoughts that you would be better off dead")
    thoughts.get_by_label("Several days").check()

    go_on(page)

    hotline = page.get_by_role("link", name="Yorisoi Hotline 0120-279-338").first
    expect(hotline).to_be_visible()
