"""The monthly check-in on a phone: how much a hand has to do for it, and without a script too."""

import math

import pytest
from playwright.sync_api import Locator, expect

from backend import clock
from backend.followups.models import CheckIn
from tests.browser.devices import PHONE
from tests.browser.visits import Visit
from tests.factories import followups
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)
# A minute, in what can be counted: finding and touching a thing takes about 2 s, a key 1 s, moving
# on by one screen and looking over it 4 s. Nothing here measures time.
TOUCH_S, KEY_S, SCREEN_S = 2, 1, 4
MINUTE_S = 60
MOST_TOUCHES = 12
COUNTED = """() => {
  const count = (name) => sessionStorage.setItem(name, Number(sessionStorage.getItem(name)) + 1);
  addEventListener("pointerdown", () => count("touches"), true);
  addEventListener("keydown", () => count("keys"), true);
}"""
COUNTS = """() => ["touches", "keys"].map((name) => Number(sessionStorage.getItem(name)))"""


@pytest.fixture
def asked() -> CheckIn:
    """A check-in that waits for an answer now."""
    return followups.make_followed(at=clock.now(None), patient=PatientFactory(language="en"))


def touch(found: Locator) -> None:
    """With a finger, where the eye sees it."""
    found.filter(visible=True).first.tap()


def choose(window: Visit, question: str, answer: str) -> None:
    touch(window.page.get_by_role("group", name=question).get_by_label(answer, exact=True))


def answers_an_ordinary_month(window: Visit) -> None:
    """Dry lips and nothing else, as nearly everybody has."""
    page = window.page
    touch(page.get_by_text("None of all these"))
    touch(page.locator("summary").filter(has_text="Dry or cracked lips"))
    choose(window, "Dry or cracked lips", "A little")
    touch(page.get_by_text("Nothing else of these bothers me"))
    for question in ("Little interest", "Feeling down"):
        choose(window, question, "Not at all")
    choose(window, "with a meal", "Yes")
    choose(window, "How many doses did you miss", "None")
    choose(window, "contraception all the time", "Yes")
    choose(window, "give blood", "No")


def test_an_ordinary_month_is_answered_in_under_a_minute(asked, visit):
    window = visit(PHONE.speaking("en"), asked.patient)
    window.context.add_init_script(f"({COUNTED})()")
    window.go("/me/")

    touch(window.page.get_by_role("link", name="Answer now"))
    expect(window.page.get_by_role("heading", name="How are you?")).to_be_visible()
    window.settle()
    screens = window.page.evaluate("document.documentElement.scrollHeight / innerHeight")
    answers_an_ordinary_month(window)
    touch(window.page.get_by_role("button", name="Send", exact=True))
    expect(window.page.get_by_role("heading", name="Your answers have arrived")).to_be_visible()

    touches, keys = window.page.evaluate(COUNTS)
    assert 0 < touches <= MOST_TOUCHES
    assert touches * TOUCH_S + keys * KEY_S + math.ceil(screens) * SCREEN_S < MINUTE_S
    asked.refresh_from_db()
    assert asked.answers["items"] == dict.fromkeys(asked.answers["items"], 0) | {"lips": 1}
    assert asked.answers["adherence"]["missed_doses"] == 0


def test_how_far_it_is_shows_while_it_is_answered(asked, visit):
    window = visit(PHONE.speaking("en"), asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")
    said = window.page.locator(".so-far")

    expect(said).to_have_text("0 of 8 answered")
    answers_an_ordinary_month(window)

    expect(said).to_have_text("8 of 8 answered")
    assert window.page.get_by_role("progressbar").evaluate("one => one.value / one.max") == 1
    for question in ("Little interest", "Feeling down"):
        choose(window, question, "Nearly every day")
    expect(said).to_have_text("8 of 15 answered")


def test_an_ordinary_month_is_answered_without_a_script(asked, visit):
    window = visit(PHONE.speaking("en").without_script(), asked.patient)
    window.go("/me/")

    touch(window.page.get_by_role("link", name="Answer now"))
    answers_an_ordinary_month(window)
    touch(window.page.get_by_role("button", name="Send", exact=True))

    expect(window.page.get_by_role("heading", name="Your answers have arrived")).to_be_visible()
    asked.refresh_from_db()
    assert asked.status == "answered"
    assert asked.answers["items"]["lips"] == 1


def test_many_missed_doses_and_a_low_mood_are_told_without_a_script_too(asked, visit):
    window = visit(PHONE.speaking("en").without_script(), asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")
    answers_an_ordinary_month(window)

    choose(window, "How many doses did you miss", "4 or more")
    window.page.get_by_label("How many doses?", exact=True).fill("9")
    for question in ("Little interest", "Feeling down"):
        choose(window, question, "Nearly every day")
    others = window.page.locator(".more").get_by_role("group")
    expect(others).to_have_count(7)
    for question in others.all():
        touch(question.get_by_label("Not at all", exact=True))
    touch(window.page.get_by_role("button", name="Send", exact=True))

    expect(window.page.get_by_role("heading", level=1)).to_have_text("Your answers have arrived")
    asked.refresh_from_db()
    assert (asked.answers["phq2"], asked.answers["phq9"], asked.answers["item9"]) == (6, 6, 0)
    assert asked.answers["adherence"]["missed_doses"] == 9
