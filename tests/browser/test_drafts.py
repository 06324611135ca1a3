"""A patient types without a net: nothing is lost, nothing is sent twice, and the server decides."""

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from backend import clock
from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn
from tests.browser.devices import PHONE
from tests.browser.people import sign_in
from tests.browser.visits import Visit
from tests.factories import followups
from tests.factories.accounts import PatientFactory, PhysicianFactory

pytestmark = pytest.mark.django_db(transaction=True)
KEPT = """() => Object.fromEntries(Object.entries(localStorage)
    .filter(([key]) => key.startsWith("suhada:draft:")))"""
NO_NET = ["net::ERR_", "failed: http://localhost"]  # what the console says of it


@pytest.fixture
def asked() -> CheckIn:
    """A check-in that waits for an answer now."""
    return followups.make_followed(at=clock.now(None), patient=PatientFactory(language="en"))


@pytest.fixture
def window(asked, visit) -> Visit:
    """The patient in front of its form."""
    window = visit(PHONE.speaking("en"), asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")
    return window


def choose(window: Visit, name: str, value: str | None = None) -> None:
    if name.startswith("item_"):  # how strong is asked of what was touched
        item = window.page.locator(f"details.item:not([open]):has([name={name}]) > summary")
        if item.count():
            item.click()
    which = f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
    window.page.locator(f"form.check-in {which}").check(force=True)


def fill(window: Visit) -> None:
    """She is fine, but for dry lips."""
    choose(window, "nothing")
    choose(window, "item_lips", "1")
    choose(window, "rest_none")
    for name in ("phq_1", "phq_2"):
        choose(window, name, "0")
    choose(window, "with_food", "yes")
    choose(window, "contraception_kept", "yes")
    choose(window, "wants_blood_donation", "no")
    choose(window, "missed_doses", "0")


def send(window: Visit) -> None:
    window.page.get_by_role("button", name="Send", exact=True).click()


def note(window: Visit) -> Locator:
    return window.page.locator("form .draft-said")


def answered() -> int:
    return AuditEntry.objects.filter(action="check_in.answer", outcome="done").count()


def test_what_was_begun_is_put_back_and_can_be_undone(window, asked):
    choose(window, "item_lips", "2")

    window.go(f"/me/check-ins/{asked.ref}")

    expect(note(window)).to_contain_text("We put back the answers")
    lips = window.page.locator('[name="item_lips"][value="2"]')
    expect(lips).to_be_checked()
    note(window).get_by_role("button", name="Start again without them").click()
    expect(lips).not_to_be_checked()
    assert window.page.evaluate(KEPT) == {}


def test_an_answer_given_without_a_net_goes_by_itself_once_and_leaves_nothing_behind(window, asked):
    fill(window)
    window.expected += NO_NET
    window.context.set_offline(True)

    send(window)

    expect(note(window)).to_contain_text("You are offline")
    (kept,) = window.page.evaluate(KEPT).values()
    assert json.loads(kept)["state"] == "queued"
    assert answered() == 0
    window.context.set_offline(False)
    expect(window.page.get_by_role("heading", name="Your answers have arrived")).to_be_visible()
    assert answered() == 1
    assert window.page.evaluate(KEPT) == {}


def test_an_answer_whose_reply_was_lost_is_not_given_twice(window, asked):
    fill(window)
    window.expected += NO_NET

    def lose(route):
        route.fetch(max_redirects=0)  # the server takes it; the phone never hears of it
        route.abort()

    window.page.route(re.compile(rf"/me/check-ins/{asked.ref}$"), lose, times=1)
    send(window)

    expect(note(window)).to_contain_text("You are offline")
    assert answered() == 1
    window.go("/me/check-ins")
    expect(window.page.get_by_text("What you had answered offline was sent")).to_be_visible()
    assert answered() == 1
    assert window.page.evaluate(KEPT) == {}


def test_what_the_server_refuses_stays_on_the_page_and_on_the_device(window):
    choose(window, "item_lips", "2")
    window.expected.append("status of 422")

    send(window)

    expect(window.page.get_by_text("Something is not answered yet")).to_be_visible()
    expect(window.page.locator('[name="item_lips"][value="2"]')).to_be_checked()
    (kept,) = window.page.evaluate(KEPT).values()
    assert json.loads(kept)["fields"]["item_lips"] == ["2"]
    fill(window)
    send(window)
    expect(window.page.get_by_role("heading", name="Your answers have arrived")).to_be_visible()
    assert window.page.evaluate(KEPT) == {}


def test_signing_out_deletes_what_was_begun(window):
    choose(window, "item_lips", "2")

    window.page.get_by_role("button", name="Sign out").click()
    window.page.wait_for_url("**/")

    assert window.page.evaluate(KEPT) == {}


def test_signing_out_on_a_page_of_the_account_deletes_it_too(window):
    choose(window, "item_lips", "2")
    window.go("/account/")

    window.page.get_by_role("button", name="Sign out").first.click()
    window.page.wait_for_url("**/")

    assert window.page.evaluate(KEPT) == {}


def test_a_red_flag_says_at_once_what_to_do_before_anything_is_sent(window):
    choose(window, "flags", "anaphylaxis")

    box = window.page.locator("li.flag").filter(has=window.page.locator('[value="anaphylaxis"]'))
    expect(box.get_by_text("call the emergency number at once")).to_be_visible()
    expect(box.get_by_role("link", name="Emergency 119")).to_have_attribute("href", "tel:119")
    assert answered() == 0


def test_a_red_flag_says_so_without_a_script_too(asked, visit):
    window = visit(PHONE.speaking("en").without_script(), asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")

    choose(window, "flags", "anaphylaxis")
    fill(window)
    window.page.locator('[name="nothing"]').uncheck()
    send(window)

    expect(window.page.get_by_text("Please read this now")).to_be_visible()
    assert answered() == 1


def test_whose_session_ran_out_finds_it_again_after_signing_in(window, asked):
    choose(window, "item_lips", "2")
    window.context.clear_cookies()
    window.go("/account/login/")

    sign_in(window, asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")

    expect(window.page.locator('[name="item_lips"][value="2"]')).to_be_checked()


@pytest.mark.parametrize("state", ["draft", "queued"])
def test_somebody_else_on_the_same_device_finds_nothing_of_it(window, state):
    window.go("/me/check-ins/now")
    choose(window, "item_lips", "2")
    if state == "queued":
        window.expected += NO_NET
        window.page.route("**/me/check-ins/now", lambda route: route.abort())
        choose(window, "nothing")
        send(window)
        expect(note(window)).to_contain_text("You are offline")
        window.page.unroute("**/me/check-ins/now")
    assert len(window.page.evaluate(KEPT)) == 1
    window.context.clear_cookies()

    sign_in(window, PatientFactory(language="en"))
    window.go("/me/check-ins/now")

    assert window.page.evaluate(KEPT) == {}
    expect(note(window)).to_have_count(0)
    expect(window.page.locator("form.check-in :checked")).to_have_count(0)
    assert answered() == 0


def test_a_physician_who_signs_in_on_her_device_finds_nothing_of_it_either(window, asked):
    choose(window, "item_lips", "2")
    window.context.clear_cookies()

    sign_in(window, PhysicianFactory(clinic=asked.patient.clinic))
    window.go("/physician/")

    assert window.page.evaluate(KEPT) == {}
