"""What is taken and answered on every path: media types, sizes, methods, hosts."""

import pytest

pytestmark = pytest.mark.django_db
DONE = {"outcome": "resolved", "note": "電話で確認した。"}


def path_of(task) -> str:
    return f"/v1/tasks/{task.ref}/complete"


def raw(caller, path, body: bytes, **headers):
    return caller.client.generic(
        "POST",
        path,
        body,
        content_type=headers.pop("content_type", "application/json"),
        HTTP_IDEMPOTENCY_KEY="key-1",
        HTTP_IF_MATCH='"1"',
        **headers,
    )


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("text/xml", 415),
        ("application/x-www-form-urlencoded", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json; charset=utf-7", 415),
        ("application/json; charset=bogus", 415),
        ("", 415),
    ],
)
def test_only_json_in_utf_8_is_taken(task, physician, content_type, status):
    answer = raw(physician, path_of(task), b'{"outcome": "resolved"}', content_type=content_type)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_a_compressed_body_is_not_taken(task, physician):
    answer = raw(physician, path_of(task), b"\x1f\x8b" + b"0" * 50, HTTP_CONTENT_ENCODING="gzip")

    assert answer.status_code == 415


def test_three_megabytes_are_too_large(task, physician):
    answer = raw(physician, path_of(task), b'{"note": "' + b"x" * 3_000_000 + b'"}')

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_an_answer_comes_as_json_only(task, physician):
    answer = physician.client.get(f"/v1/tasks/{task.ref}", HTTP_ACCEPT="text/xml")

    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "GET"])
def test_a_path_knows_its_methods(task, physician, method):
    answer = physician.client.generic(method, path_of(task))

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def test_a_method_override_is_ignored(task, physician):
    answer = physician.post(path_of(task), DONE, version=1, HTTP_X_HTTP_METHOD_OVERRIDE="DELETE")

    assert answer.status_code == 200
    task.refresh_from_db()
    assert task.status == "done"


def test_a_path_that_nobody_knows_answers_like_the_others(physician):
    answer = physician.get("/v1/nothing_here")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_a_foreign_host_is_refused(physician):
    answer = physician.client.get("/v1/tasks", HTTP_HOST="evil.example")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
