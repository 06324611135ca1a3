"""The patient's app on the home screen: it can be put there, and keeps nobody's pages."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from backend import clock
from backend.followups.models import CheckIn
from tests.browser.devices import PHONE
from tests.browser.visits import Visit
from tests.factories import followups
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db(transaction=True)
NO_NET = ["net::ERR_", "failed: http://localhost"]  # what the console says of it
# The one cache holds the page without a net in this language: the worker that made it is in charge.
WORKS = """async (language) => {
  const isThere = async () => {
    const { active } = await navigator.serviceWorker.ready;
    const names = await caches.keys();
    const page = await caches.match(`/me/offline?in=${language}`);
    return active.state === "activated" && names.length === 1 && page !== undefined;
  };
  while (!(await isThere())) await new Promise((go) => setTimeout(go, 20));
}"""
CACHES = """async () => Promise.all((await caches.keys()).map(async (name) => {
  const cache = await caches.open(name);
  const answers = (await cache.keys()).map(async (asked) =>
    ({ name, url: asked.url, text: await (await cache.match(asked)).text() }));
  return Promise.all(answers);
})).then((all) => all.flat())"""


@pytest.fixture
def asked() -> CheckIn:
    """A check-in that waits for an answer now."""
    return followups.make_followed(at=clock.now(None), patient=PatientFactory(language="en"))


def has_its_worker(window: Visit) -> None:
    """Wait until the service worker stands between this window and the net."""
    window.page.evaluate(WORKS, window.device.language)
    window.page.wait_for_function("() => navigator.serviceWorker.controller !== null")


@pytest.mark.parametrize(
    ("language", "heading", "draft"),
    [
        ("ja", "通信できません", "この端末に保存されています"),
        ("en", "No connection", "safe on this device"),
    ],
)
def test_without_a_net_a_page_that_is_not_kept_says_so_and_that_drafts_are_safe(
    asked, visit, language, heading, draft
):
    window = visit(PHONE.speaking(language), asked.patient)
    window.go(f"/me/check-ins/{asked.ref}")
    has_its_worker(window)
    window.page.get_by_role("checkbox").first.check()
    window.expected += NO_NET
    window.context.set_offline(True)

    window.go("/me/course")

    expect(window.page.get_by_role("heading", level=1)).to_have_text(heading)
    expect(window.page.get_by_text(draft)).to_be_visible()
    window.context.set_offline(False)
    expect(window.page.get_by_role("heading", level=1)).not_to_have_text(heading)
    assert urlsplit(window.page.url).path == "/me/course"


def test_without_a_net_and_without_a_draft_nothing_is_promised(asked, visit):
    window = visit(PHONE.speaking("en"), asked.patient)
    window.go("/me/")
    has_its_worker(window)
    window.expected += NO_NET
    window.context.set_offline(True)

    window.go("/me/course")

    expect(window.page.get_by_role("heading", level=1)).to_have_text("No connection")
    expect(window.page.get_by_text("safe on this device")).to_be_hidden()


def test_who_changes_the_language_reads_that_without_a_net_too(asked, visit):
    window = visit(PHONE.speaking("en"), asked.patient)
    window.go("/me/")
    has_its_worker(window)

    window.page.get_by_role("button", name="日本語").click()
    expect(window.page.locator("html")).to_have_attribute("lang", "ja")
    window.page.evaluate(WORKS, "ja")
    window.expected += NO_NET
    window.context.set_offline(True)
    window.go("/me/course")

    expect(window.page.get_by_role("heading", level=1)).to_have_text("通信できません")


def test_no_page_of_hers_is_ever_kept_on_the_device(asked, visit):
    window = visit(PHONE.speaking("en"), asked.patient)
    window.go("/me/")
    has_its_worker(window)

    for path in (
        "",
        "course",
        "visits",
        "slots",
        "intake",
        "consents",
        "check-ins",
        f"check-ins/{asked.ref}",
        "record-accesses",
    ):
        answer = window.go(f"/me/{path}")
        assert answer.headers["cache-control"] == "no-store", path

    kept = window.page.evaluate(CACHES)
    paths = {urlsplit(one["url"]).path for one in kept}
    assert len({one["name"] for one in kept}) == 1
    assert "/me/offline" in paths
    assert len(paths) > 1
    assert {one for one in paths if not one.startswith("/static/")} == {"/me/offline"}
    for secret in (asked.patient.name, asked.patient.ref, str(asked.patient.user_id)):
        assert [one["url"] for one in kept if secret in one["text"]] == []


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_browser_finds_nothing_amiss_with_putting_it_on_the_home_screen(asked, visit, language):
    window = visit(PHONE.speaking(language), asked.patient)
    window.go("/me/")
    has_its_worker(window)

    manifest = window.cdp.send("Page.getAppManifest")
    amiss = window.cdp.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    assert urlsplit(manifest["url"]).path == "/me/manifest.webmanifest"
    assert [one for one in amiss if one["errorId"] != "in-incognito"] == []
