"""Where the trail cannot be written nothing is done and nothing is shown: 503, try again."""

import threading

import pytest
from django.core import mail
from django.db import connection, connections
from django.test import Client

from backend.audit.errors import Unrecorded
from tests.accounts.person import Person, signed_in
from tests.audit.changes import run
from tests.callers import Caller
from tests.factories.accounts import ApiClientFactory, PatientFactory, StaffMemberFactory
from tests.factories.booking import VisitFactory
from tests.factories.notifications import NotificationFactory
from tests.policy.jobs import told
from tests.policy.world import session_of
from workers.app import app

pytestmark = pytest.mark.django_db(transaction=True)
TRIGGER = """
CREATE FUNCTION break_now() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the disk of the trail is full'; END $$;
CREATE TRIGGER break_now BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION break_now();
"""
NO_TRIGGER = "DROP TRIGGER break_now ON {table}; DROP FUNCTION break_now();"
BROKEN = {
    "a trigger raises": (TRIGGER, NO_TRIGGER),
    "a constraint refuses": (
        "ALTER TABLE {table} ADD CONSTRAINT broken CHECK (false) NOT VALID",
        "ALTER TABLE {table} DROP CONSTRAINT broken",
    ),
    "the table is gone": (
        "ALTER TABLE {table} RENAME TO audit_elsewhere",
        "ALTER TABLE audit_elsewhere RENAME TO {table}",
    ),
}
ENTRIES = "audit_auditentry"


class NoTrail:
    """While it is entered, no row goes into a table of the trail, in one way or another."""

    def __init__(self, table=ENTRIES, how="a trigger raises"):
        self.do, self.undo = (sql.format(table=table) for sql in BROKEN[how])

    def __enter__(self):
        run(self.do)
        return self

    def __exit__(self, *_):
        run(self.undo)


def everything():
    """What every table holds, but for the trail's own: a fingerprint of each."""
    found = {}
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
        for name in (name for name in names if not name.startswith("audit_")):
            cursor.execute(
                f"SELECT md5(string_agg(t::text, ';' ORDER BY t::text)) FROM {name} AS t"
            )
            found[name] = cursor.fetchone()[0]
    return found


def assert_is_the_503(answer):
    assert answer.status_code == 503
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Retry-After"] == "5"
    problem = answer.json()
    assert problem["code"] == "not_recorded"
    assert problem["title"].startswith("The audit trail cannot be written, so nothing was done")


@pytest.fixture
def visit():
    return VisitFactory(held=True, patient__on_clock=True)


def confirm(visit, key="once"):
    path = f"/v1/visits/{visit.ref}/confirm"
    return Caller(visit.patient).post(path, {}, version=visit.version, key=key)


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("table", [ENTRIES, "audit_rowchange"])
def test_a_change_does_not_happen_and_can_be_made_later(visit, table, how):
    before = everything()

    with NoTrail(table, how):
        refused = confirm(visit)
        between = everything()
    done = confirm(visit)

    assert_is_the_503(refused)
    assert between == before  # no row, no event, no kept reply
    assert (done.status_code, done.json()["status"]) == (200, "booked")
    assert "Idempotency-Replayed" not in done.headers


def test_a_change_waits_for_a_locked_trail_for_two_seconds_and_does_not_happen(visit):
    before, locked, mended = everything(), threading.Event(), threading.Event()

    def hold_the_table():
        try:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '20s'; BEGIN")
                cursor.execute(f"LOCK TABLE {ENTRIES} IN ACCESS EXCLUSIVE MODE")
                locked.set()
                mended.wait(20)
                cursor.execute("ROLLBACK")
        finally:
            connections.close_all()

    holder = threading.Thread(target=hold_the_table)
    holder.start()
    locked.wait(20)
    refused = confirm(visit)
    mended.set()
    holder.join()

    assert_is_the_503(refused)
    assert everything() == before
    assert confirm(visit).status_code == 200


def test_the_message_is_japanese_for_a_japanese_reader(visit):
    with NoTrail():
        answer = Caller(visit.patient, language="ja").get(f"/v1/visits/{visit.ref}")

    assert answer.json()["title"].startswith("監査記録を書き込めないため")


@pytest.mark.parametrize("path", ["/v1/visits/{ref}", "/v1/visits", "/v1/me", "/v1/questionnaires"])
def test_what_is_read_or_listed_is_not_shown(visit, path):
    caller = Caller(visit.patient)

    with NoTrail():
        answer = caller.get(path.format(ref=visit.ref))

    assert_is_the_503(answer)
    assert visit.ref.encode() not in answer.content.replace(visit.ref.encode(), b"", 1)
    assert caller.get(path.format(ref=visit.ref)).status_code == 200


def test_a_refusal_is_not_given_either(visit):
    stranger = Caller(PatientFactory())

    with NoTrail():
        foreign = stranger.get(f"/v1/visits/{visit.ref}")
        forbidden = stranger.get("/v1/tasks")
        malformed = stranger.post("/v1/visits", {"no": "such"})

    for answer in (foreign, forbidden, malformed):
        assert_is_the_503(answer)


def test_a_refusal_of_a_state_is_not_given_either(visit):
    confirm(visit)

    with NoTrail():
        answer = confirm(visit, key="another")

    assert_is_the_503(answer)


def test_a_reply_is_not_shown_once_more(visit):
    confirm(visit)

    with NoTrail():
        answer = confirm(visit)

    assert_is_the_503(answer)


def test_a_page_is_not_shown():
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["sessionid"] = session_of(StaffMemberFactory().user)

    with NoTrail():
        answer = client.get("/rules")

    assert_is_the_503(answer)


def test_nobody_signs_in_and_no_session_is_made():
    staff = signed_in(StaffMemberFactory())
    person, before = Person(staff.email), everything()

    with NoTrail():
        right = person.sign_in()
        wrong = person.sign_in("wrong wrong wrong")
        between = everything()

    assert_is_the_503(right)
    assert_is_the_503(wrong)
    assert (between, person.token) == (before, "")
    assert person.sign_in().status_code == 200


def test_nobody_signs_up_and_no_mail_goes_out():
    person, before = Person(), everything()

    with NoTrail():
        signed_up = person.sign_up()
        forgot = person.ask_for_reset()
        between = everything()

    assert_is_the_503(signed_up)
    assert_is_the_503(forgot)
    assert between == before
    assert mail.outbox == []


def test_a_key_that_does_not_open_is_not_turned_away_either():
    client = ApiClientFactory()
    bearer = {"Authorization": f"Bearer rx_test_{client.key_prefix}_wrong", "Accept-Language": "en"}

    with NoTrail():
        answer = Client(headers=bearer).get("/v1/me")

    assert_is_the_503(answer)
    assert Client(headers=bearer).get("/v1/me").status_code == 401


@pytest.mark.parametrize("table", [ENTRIES, "audit_rowchange"])
def test_a_task_does_nothing_and_is_tried_again(visit, table):
    app.loader.import_default_modules()
    task = app.tasks["workers.tasks.notices.visit_confirmed"]
    message = told("booking.visit.confirmed", visit_id=visit, patient_id=visit.patient)
    before = everything()

    with NoTrail(table), pytest.raises(Exception, match=r"cannot be written|trail is full"):
        task.run(**message)
    between = everything()
    task.run(**message)

    assert between == before
    assert len(mail.outbox) == 1
    assert Unrecorded in _mro(task.autoretry_for)


def _mro(kinds):
    return {known for kind in kinds for known in [kind, *kind.__subclasses__()]}


@pytest.mark.parametrize("table", [ENTRIES, "audit_rowchange"])
def test_no_notice_leaves_unrecorded(table):
    app.loader.import_default_modules()
    NotificationFactory()
    deliver, before = app.tasks["workers.tasks.notices.deliver"], everything()

    with NoTrail(table), pytest.raises(Exception, match=r"cannot be written|trail is full"):
        deliver.run()

    assert (everything(), mail.outbox) == (before, [])
    deliver.run()
    assert len(mail.outbox) == 1
