"""A button that is pressed twice before the first answer is there: one act, one answer."""

import psycopg
import pytest
from django.db import connection

from backend.accounts.models import StaffMember
from backend.portals.shell import acting
from backend.worklist.models import Task
from tests.factories.accounts import PhysicianFactory
from tests.factories.worklist import TaskFactory
from tests.portals.reader import Reader, text_of

pytestmark = pytest.mark.django_db
KEY = "pressed_twice"


@pytest.fixture
def task():
    return TaskFactory()


@pytest.fixture
def physician(task) -> StaffMember:
    return PhysicianFactory(clinic=task.patient.clinic)


@pytest.fixture
def first_press(task, physician):
    """Another connection that works under the key of the form, as the first press does."""
    whose = f"physician:{physician.user.ref}"
    place = "\n".join((whose, f"/v1/tasks/{task.ref}/complete", KEY))
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": None}) as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [place])
        yield other


def pressed(task, physician):
    return Reader(physician).send(
        f"/physician/tasks/{task.ref}",
        version=str(task.version),
        idempotency_key=KEY,
        outcome="resolved",
    )


def test_the_second_press_waits_until_the_first_is_done(task, physician, first_press, monkeypatch):
    monkeypatch.setattr(acting, "sleep", lambda _seconds: first_press.close())

    answer = pressed(task, physician)

    assert answer.status_code == 303
    assert Task.objects.get().status == "done"


def test_a_first_press_that_lasts_is_said_to_be_under_way(
    task, physician, first_press, monkeypatch
):
    waited = []
    monkeypatch.setattr(acting, "sleep", waited.append)

    answer = pressed(task, physician)

    assert answer.status_code == 409
    assert 0 < sum(waited) <= 2
    assert Task.objects.get().status == "open"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "This form was sent once already"), ("ja", "別の内容ですでに一度送信されています")],
)
def test_who_goes_back_and_sends_the_old_form_with_other_words_is_told_so(
    task, physician, language, said
):
    reader, path = Reader(physician, language=language), f"/physician/tasks/{task.ref}"
    form = {"version": "1", "idempotency_key": KEY, "outcome": "resolved"}
    reader.send(path, **form, note="one")

    answer = reader.send(path, on="/physician/", **form, note="other")

    assert answer.status_code == 422
    assert said in text_of(answer)
    assert f'value="{KEY}"' not in answer.content.decode()


def test_a_form_that_lost_its_version_is_refused_in_words(task, physician):
    answer = Reader(physician).send(f"/physician/tasks/{task.ref}", outcome="resolved")

    assert answer.status_code == 428
    assert "The page was not complete. Please load it again." in text_of(answer)
    assert Task.objects.get().status == "open"
