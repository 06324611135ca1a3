"""Whoever opens a page or sends its form leaves an entry; where none can be kept, nothing is told.

The pages come from the resolver: one that records nothing fails here.
"""

import pytest
from django.db import connection

from backend.audit.models import AuditEntry
from backend.kernel.actor import Role
from tests.policy.things import ref_of, things_of
from tests.policy.world import clinic_with_everyone, undone
from tests.portals.pages import Page, pages
from tests.portals.test_strangers import Asking

pytestmark = pytest.mark.django_db
PAGES = pages()
FORMS = [page for page in PAGES if page.takes_forms]
# These show nothing of anybody, so they leave no entry.
SILENT = {
    "/physician/urgent": "a number of tasks, asked for by itself every 30 seconds",
    "/physician/glass": "leads on to the queue; its form is what counts",
    "/physician/glass/<str:emergency_access_id>/end": "leads on to the queue; its form counts",
    "/me/welcome": "leads a patient on to the pages of their own",
    "/me/consents/<str:document_id>": "leads on to the text as it was signed",
    "/physician/prescriptions/<str:prescription_id>/next": "leads on to the next in the queue",
}
LEAD_ON = {"/me/welcome", "/me/consents/<str:document_id>"}  # with a form as without one
ASKED = (
    *("view", "all", "day", "from", "filter", "mark", "open", "priority", "seen", "since", "until"),
    *("before", "cursor", "date", "lang", "name", "patient", "object", "instead", "physician"),
    *("version", "step", "starts_at", "action_prefix", "actor", "request_id", "outcome"),
)
NO_ROOM = "ALTER TABLE audit_auditentry ADD CONSTRAINT no_room CHECK (false) NOT VALID"


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A clinic with everyone and one of everything."""
    with django_db_blocker.unblock(), undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        world = clinic_with_everyone()
        world.things = things_of(world)
        yield world


@pytest.fixture(autouse=True)
def _sandbox(settings):
    settings.SANDBOX = True  # else nobody has a page of clocks


def whoever_may(world, page: Page):
    """Somebody of the clinic whom the page is for."""
    order = (Role.PATIENT, Role.PHYSICIAN, Role.AUDITOR)
    return next(world.people[role] for role in order if role in page.roles)


def own(world, page: Page) -> str:
    """The page's address for a thing of the clinic's patient."""
    return page.path(**{name: ref_of(world.things.rows[name][0]) for name in page.parameters})


def methods(page: Page) -> list[str]:
    """What may be asked of it."""
    return ["GET", "POST"] if page.takes_forms else ["GET"]


def left_by(call: Asking) -> set[str]:
    """By whom entries were left."""
    rows = AuditEntry.objects.filter(request_id=call.request_id)
    return set(rows.values_list("actor", flat=True))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_look_leaves_an_entry(page, world):
    who = whoever_may(world, page)

    call = Asking(who, own(world, page))

    assert call.status < 500
    assert left_by(call) == (set() if str(page) in SILENT else {who.user.actor.label})


@pytest.mark.parametrize("page", FORMS, ids=str)
def test_a_form_leaves_an_entry_also_when_it_is_empty(page, world):
    who = whoever_may(world, page)

    call = Asking(who, own(world, page), "POST")

    assert call.status < 500
    assert left_by(call) == (set() if str(page) in LEAD_ON else {who.user.actor.label})


def test_what_is_silent_is_a_page():
    assert set(SILENT) <= {str(page) for page in PAGES}


@pytest.mark.parametrize("page", [p for p in PAGES if str(p) not in SILENT], ids=str)
def test_where_no_entry_can_be_kept_no_page_is_shown(page, world):
    who, address = whoever_may(world, page), own(world, page)
    with connection.cursor() as cursor:
        cursor.execute(NO_ROOM)

    call = Asking(who, address)

    assert call.status == 503
    assert who.name not in call.answer.content.decode()


@pytest.mark.parametrize("said", ["\0", "9" * 5000, "0001-01-01", "9999-12-31"], ids=len)
@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_bears_what_nobody_types(page, said, world):
    who, address = whoever_may(world, page), own(world, page)

    calls = [Asking(who, address, method, **dict.fromkeys(ASKED, said)) for method in methods(page)]

    assert [call.status for call in calls if call.status >= 500] == []
