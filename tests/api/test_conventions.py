"""What holds on every path, shown on one: completing a task of the worklist."""

import json
import threading

import pytest
from django.db import connection, connections
from django.http import UnreadablePostError

from backend.api.models import IdempotencyKey
from backend.api.problems import problem_of
from backend.audit.models import AuditEntry
from backend.outbox.models import OutboxEvent
from tests.callers import Caller
from tests.factories.accounts import PhysicianFactory
from tests.factories.care import physician_of

pytestmark = pytest.mark.django_db
DONE = {"outcome": "resolved", "note": "電話で確認した。"}


def path_of(task) -> str:
    return f"/v1/tasks/{task.ref}/complete"


def test_an_answer_shows_status_actions_and_its_version_as_etag(task, physician):
    answer = physician.get(f"/v1/tasks/{task.ref}")

    shown = answer.json()
    assert (shown["status"], shown["available_actions"]) == ("open", ["complete"])
    assert (shown["version"], answer["ETag"]) == (1, '"1"')


def test_what_was_not_changed_is_not_sent_again(task, physician):
    answer = physician.client.get(f"/v1/tasks/{task.ref}", HTTP_IF_NONE_MATCH='"1"')

    assert (answer.status_code, answer.content) == (304, b"")


def test_a_change_raises_the_version(task, physician):
    answer = physician.post(path_of(task), DONE, version=1)

    assert (answer.status_code, answer["ETag"]) == (200, '"2"')
    assert answer.json()["available_actions"] == []


def test_the_same_key_gets_the_same_reply_and_one_effect(task, physician):
    first = physician.post(path_of(task), DONE, version=1, key="key-1")

    again = physician.post(path_of(task), DONE, version=1, key="key-1")

    assert (again.status_code, again.content, again["ETag"]) == (200, first.content, first["ETag"])
    assert again["Idempotency-Replayed"] == "true"
    assert AuditEntry.objects.filter(action="task.complete").count() == 1


def test_the_same_key_with_another_body_is_refused(task, physician):
    physician.post(path_of(task), DONE, version=1, key="key-1")

    answer = physician.post(path_of(task), {**DONE, "note": "別"}, version=1, key="key-1")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_what_is_kept_under_a_key_cannot_be_read_in_the_table(task, physician):
    physician.post(path_of(task), DONE, version=1, key="key-1")

    kept = bytes(IdempotencyKey.objects.get().body)

    assert task.patient.ref.encode() not in kept


def test_somebody_elses_key_is_another_key(task, physician):
    physician.post(path_of(task), DONE, version=1, key="key-1")
    colleague = Caller(physician_of(task.patient))

    answer = colleague.post(path_of(task), DONE, version=1, key="key-1")

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_refusal_is_kept_under_its_key_and_recorded(task, physician):
    physician.post(path_of(task), DONE, version=1)
    first = physician.post(path_of(task), DONE, version=2, key="key-2")

    again = physician.post(path_of(task), DONE, version=2, key="key-2")

    assert (first.status_code, again.content) == (409, first.content)
    refusals = AuditEntry.objects.filter(action="task.complete", outcome="refused")
    assert [entry.facts["code"] for entry in refusals] == ["not_allowed_from_here"]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_required"),
        ("", "idempotency_key_malformed"),
        ("with space", "idempotency_key_malformed"),
        ("k" * 256, "idempotency_key_malformed"),
        ("鍵", "idempotency_key_malformed"),
    ],
)
def test_an_unsafe_request_has_a_sane_key(task, physician, key, code):
    headers = {} if key is None else {"HTTP_IDEMPOTENCY_KEY": key}

    answer = physician.client.generic(
        "POST",
        path_of(task),
        json.dumps(DONE),
        content_type="application/json",
        HTTP_IF_MATCH='"1"',
        **headers,
    )

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, code)


@pytest.mark.parametrize("tag", ['"9"', 'W/"1"', "1", "*", '"0"', '"-1"', '"1", "2"'])
def test_a_tag_that_is_not_the_present_one_is_stale(task, physician, tag):
    answer = physician.client.generic(
        "POST",
        path_of(task),
        json.dumps(DONE),
        content_type="application/json",
        HTTP_IDEMPOTENCY_KEY="key-1",
        HTTP_IF_MATCH=tag,
    )

    assert (answer.status_code, answer.json()["code"]) == (412, "version_stale")
    task.refresh_from_db()
    assert task.status == "open"


def test_a_change_without_if_match_is_not_taken(task, physician):
    answer = physician.post(path_of(task), DONE)

    assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required")


def test_the_status_is_asked_before_the_version(task, physician):
    physician.post(path_of(task), DONE, version=1)

    answer = physician.post(path_of(task), DONE, version=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "not_allowed_from_here")


def test_a_problem_speaks_the_readers_language(task):
    physician = PhysicianFactory(clinic=task.patient.clinic)

    japanese = Caller(physician, language="ja").post(path_of(task), DONE)
    english = Caller(physician, language="en-GB").post(path_of(task), DONE)

    assert japanese.json()["title"] == "If-Match ヘッダーが必要です"
    assert english.json()["title"] == "The If-Match header is required"
    assert japanese["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code", "request_id"} <= set(
        japanese.json()
    )
    assert japanese["X-Request-Id"] == japanese.json()["request_id"]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({**DONE, "is_admin": True}, "/is_admin", "unknown_field"),
        ({"note": "x"}, "/outcome", "required"),
        ({**DONE, "outcome": "whatever"}, "/outcome", "invalid_choice"),
        ({**DONE, "outcome": None}, "/outcome", "null"),
        ({**DONE, "note": 5}, "/note", "invalid"),
        ({**DONE, "note": "x" * 4001}, "/note", "max_length"),
        ({**DONE, "contacted_at": "2026-03-10T12:00:00"}, "/contacted_at", "invalid"),
        ({**DONE, "a/b~c": 1}, "/a~1b~0c", "unknown_field"),
    ],
    ids=str,
)
def test_a_malformed_body_is_told_where(task, physician, body, pointer, code):
    answer = physician.post(path_of(task), body, version=1)

    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [(pointer, code)]


def test_somebody_elses_thing_looks_like_no_thing(task):
    stranger = Caller(PhysicianFactory())

    foreign = stranger.get(f"/v1/tasks/{task.ref}")
    absent = stranger.get("/v1/tasks/tsk_01hqxv5y2k8m3n4p5q6r7s8t9v")

    def essence(answer):
        body = answer.json()
        return answer.status_code, {
            k: v for k, v in body.items() if k not in {"instance", "request_id"}
        }

    assert essence(foreign) == essence(absent)
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    ("language", "detail"), [("ja", "この項目はありません。"), ("en", "Unknown field.")]
)
def test_a_complaint_about_a_field_speaks_the_readers_language(task, language, detail):
    physician = Caller(PhysicianFactory(clinic=task.patient.clinic), language=language)

    answer = physician.post(path_of(task), {**DONE, "is_admin": True}, version=1)

    assert answer.json()["errors"][0]["detail"] == detail


def test_a_refused_change_leaves_nothing_but_the_entry_of_its_refusal(task, physician):
    physician.post(path_of(task), DONE, version=7)

    assert not IdempotencyKey.objects.exists()
    assert not OutboxEvent.objects.exists()
    assert [e.outcome for e in AuditEntry.objects.all()] == ["refused"]


@pytest.mark.django_db(transaction=True)
def test_while_a_key_is_in_flight_the_same_key_waits_outside(task, physician):
    answers = []
    with connection.cursor() as cursor:
        label = physician.client.handler._force_user.actor.label
        cursor.execute("BEGIN")
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            ["\n".join((label, path_of(task), "key-1"))],
        )

        def other() -> None:
            answers.append(physician.post(path_of(task), DONE, version=1, key="key-1"))
            connections.close_all()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        cursor.execute("COMMIT")

    assert answers[0].status_code == 409
    assert answers[0].json()["code"] == "idempotency_key_in_flight"
    task.refresh_from_db()
    assert task.status == "open"


def test_a_body_that_did_not_arrive_in_time_is_a_problem_that_says_so():
    late = UnreadablePostError("timed out")

    problem = problem_of(late)

    assert (problem.status, problem.code) == (408, "request_timeout")
