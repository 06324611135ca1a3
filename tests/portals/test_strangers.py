"""Nobody reads on a page what is another's: every page, every role, every stranger.

The pages come from the resolver. Each is asked for the things of one patient by people from whom
they are hidden: another clinic's, another patient of the same clinic, every role that the page is
not for, and nobody. What is answered says no word of the patient, and a no leaves its entry.
"""

import uuid

import pytest
from django.conf import settings
from django.db import connection

from backend.accounts.models import Patient
from backend.audit.models import AuditEntry
from backend.booking.models import VisitNote
from backend.kernel.actor import Role
from tests.factories import accounts
from tests.policy.things import ref_of, things_of
from tests.policy.world import clinic_with_everyone, strangers_to, undone
from tests.portals.pages import Page, pages
from tests.portals.reader import Reader

pytestmark = pytest.mark.django_db
PAGES = pages()
PEOPLE = (
    Role.PATIENT,
    Role.PHYSICIAN,
    Role.CLINIC_STAFF,
    Role.AUDITOR,
    Role.CLINIC_ADMINISTRATOR,
)
SECRETS = {"name": "御厨 すずか", "name_kana": "ミクリヤ スズカ", "telephone": "090-1357-2468"}
TOKEN = "a" * 32
LED_ON = {"/physician/glass/<str:emergency_access_id>/end"}  # back to the queue, always
# Whatever a form may name beside its address: what is hidden, is hidden there too.
QUERIES = ("instead", "patient", "physician", "object", "visit", "next", "back", "name", "cursor")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """A clinic with everyone; its patient has a name that nobody else has, and so has the note."""
    with django_db_blocker.unblock(), undone(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        world = clinic_with_everyone()
        patient = world.people[Role.PATIENT]
        Patient.objects.filter(id=patient.id).update(**SECRETS)
        patient.refresh_from_db()
        world.things = things_of(world)
        note = VisitNote.objects.get(visit=world.things.rows["visit_id"][-1])
        world.secrets = [*SECRETS.values(), patient.user.email, note.text]
        world.strangers = strangers_to(world)
        world.newcomer = accounts.UserFactory()
        yield world


def of_the_patient(world, page: Page) -> list[dict[str, str]]:
    """The ids that the page's path may be filled with: one for each status of the thing."""
    (name,) = page.parameters or [None]
    return [{name: ref_of(row)} for row in world.things.rows[name]] if name else [{}]


class Asking:
    """One request to a page, by its own id: what was answered, and the entries that it left."""

    def __init__(self, who, path: str, method: str = "GET", **fields: str) -> None:
        self.request_id, self.method = f"req_{uuid.uuid4().hex}", method
        client = Reader(who).client
        client.cookies[settings.CSRF_COOKIE_NAME] = TOKEN
        sent = fields if method == "GET" else {"csrfmiddlewaretoken": TOKEN, **fields}
        ask = client.get if method == "GET" else client.post
        self.answer = ask(path, sent, HTTP_X_REQUEST_ID=self.request_id)

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def refusals(self) -> list[str]:
        """The actions of the refusals that it left."""
        rows = AuditEntry.objects.filter(request_id=self.request_id, outcome="refused")
        return list(rows.values_list("action", flat=True))

    def is_a_no(self, page: Page, statuses: set[int]) -> bool:
        """Whether it was refused, and left an entry of that."""
        if str(page) in LED_ON:  # whoever it is; what a form asked for, its verb refused
            return self.status == 303 and (self.method == "GET" or bool(self.refusals))
        return self.status in statuses and bool(self.refusals)

    def said(self, world) -> list[str]:
        """What of the patient it told: in the page, or in where it leads."""
        text = self.answer.content.decode() + str(dict(self.answer.headers))
        return [secret for secret in world.secrets if secret in text]


def asked_by(who, page: Page, ids: dict[str, str], **fields: str) -> list[Asking]:
    methods = ["GET", "POST"] if page.takes_forms else ["GET"]
    return [Asking(who, page.path(**ids), method, **fields) for method in methods]


def hidden_from(world, page: Page) -> list:
    """People of a role that the page is for, from whom the patient's things are hidden."""
    return [who for role in PEOPLE if role in page.roles for who in world.strangers[role]]


def test_the_walk_knows_every_page():
    assert len(PAGES) > 40
    assert {len(page.parameters) for page in PAGES} == {0, 1}
    assert {role for page in PAGES for role in page.roles} >= {
        Role.PATIENT,
        Role.PHYSICIAN,
        Role.AUDITOR,
    }


def test_what_is_hidden_is_there_to_be_seen(world):
    patient, physician = world.people[Role.PATIENT], world.people[Role.PHYSICIAN]
    visit = world.things.rows["visit_id"][-1]

    at_home = Asking(physician, f"/physician/patients/{patient.ref}")
    noted = Asking(physician, f"/physician/visits/{visit.ref}")

    assert (at_home.status, noted.status) == (200, 200)
    assert SECRETS["name"] in at_home.said(world)
    assert world.secrets[-1] in noted.said(world)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_nobody_is_sent_to_sign_in(page, world):
    for ids in of_the_patient(world, page):
        for call in asked_by(None, page, ids):
            assert call.status == 302
            assert call.answer["Location"].startswith("/account/login/?next=")
            assert call.said(world) == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_role_that_a_page_is_not_for_is_refused_and_recorded(page, world):
    others = [world.people[role] for role in PEOPLE if role not in page.roles]
    for who in others:
        for ids in of_the_patient(world, page)[:1]:
            for call in asked_by(who, page, ids):
                assert call.status == 403, who
                assert call.said(world) == []
                assert call.refusals == [page.verb.action]


@pytest.mark.parametrize("page", [p for p in PAGES if p.parameters], ids=str)
def test_a_thing_of_another_looks_like_none_and_the_try_is_recorded(page, world, settings):
    settings.SANDBOX = True  # else nobody has a page of clocks
    for who in hidden_from(world, page):
        for ids in of_the_patient(world, page):
            for call in asked_by(who, page, ids, act="approve", do="cancel", version="1"):
                assert call.said(world) == []
                assert call.is_a_no(page, {404}), (who, ids, call.status)


@pytest.mark.parametrize("page", [p for p in PAGES if not p.parameters], ids=str)
def test_a_page_of_ones_own_tells_nothing_of_another_whatever_is_asked_of_it(page, world, settings):
    settings.SANDBOX = True
    things = [world.things.rows[name][0] for name in ("patient_id", "visit_id", "task_id")]
    for who in hidden_from(world, page):
        for thing in things:
            for call in asked_by(who, page, {}, **dict.fromkeys(QUERIES, ref_of(thing))):
                assert call.said(world) == []
                assert call.status < 500, (who, thing)


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_newcomer_is_led_to_a_profile_of_their_own(page, world):
    for ids in of_the_patient(world, page)[:1]:
        for call in asked_by(world.newcomer, page, ids):
            assert call.status in {302, 403} or page.route == "me/welcome"
            assert call.said(world) == []


@pytest.mark.parametrize("page", [p for p in PAGES if p.parameters], ids=str)
def test_a_physician_without_a_care_relation_is_asked_to_break_the_glass(page, world):
    """The name is shown, as a search shows it; nothing else is."""
    colleague = accounts.PhysicianFactory(clinic=world.clinic, is_senior=True)
    shown = {"name", "name_kana"} & set(SECRETS)
    if Role.PHYSICIAN not in page.roles or page.parameters[0] in {"task_id", "clock_id"}:
        return
    for ids in of_the_patient(world, page)[:1]:
        for call in asked_by(colleague, page, ids):
            assert call.is_a_no(page, {403, 404}), (ids, call.status)
            assert set(call.said(world)) <= {SECRETS[name] for name in shown}
