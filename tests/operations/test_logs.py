"""Logs say what broke and where, and nothing of the patient it broke over."""

import io
import json
import logging

import pytest
import structlog
from django.db import IntegrityError, transaction

from backend.accounts.models import Patient
from backend.operations.logs import configure
from tests.factories.accounts import PatientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    """What the service's own handler writes."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    configure({"level": "INFO"})
    (handler,) = root.handlers
    handler.setStream(io.StringIO())
    yield handler.stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.configure(**before)


def broken_over(patient):
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Patient.objects.filter(id=patient.id).update(language="zz")
    assert patient.name in str(caught.value)  # PostgreSQL quotes the row
    return caught.value


def test_an_exception_keeps_kind_constraint_and_place_but_no_words(written):
    error = broken_over(PatientFactory(name="秘密 太郎"))

    structlog.get_logger("api").error("request_failed", exc_info=error)

    line = json.loads(written.getvalue())
    assert line["event"] == "request_failed"
    assert "IntegrityError" in line["exception"]
    assert "23514 accounts_patient patient_language_known" in line["exception"]
    assert "broken_over" in line["exception"]
    assert "秘密" not in written.getvalue()
    assert "2001-06-15" not in written.getvalue()


def test_a_broken_task_of_celery_keeps_no_words_either(written):
    error = broken_over(PatientFactory(name="秘密 太郎"))

    logging.getLogger("celery.app.trace").error(
        "Task %(name)s[%(id)s] %(description)s: %(exc)s",
        {"name": "begin", "id": "1", "description": "raised unexpected", "exc": repr(error)},
        exc_info=error,
    )

    line = json.loads(written.getvalue())
    assert line["event"].startswith("Task begin[1] raised unexpected: django.db.utils.Integrity")
    assert "秘密" not in written.getvalue()
