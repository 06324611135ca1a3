"""What the story left behind: transactions, schemas, and words that must not get out."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection, models
from jsonschema import Draft202012Validator, FormatChecker

from backend.audit.models import AuditEntry
from backend.followups.models import CheckIn
from backend.outbox.models import OutboxEvent
from backend.pharmacy.models import Dispense
from backend.prescriptions.models import Prescription
from backend.worklist.models import Task
from tests.journeys.stage import PASSWORD, Performance

PUBLISHED = Path(__file__).parents[2] / "api_schema"
IDENTITY = (
    *("山田", "花子", "ヤマダ", "ハナコ", "中村", "美咲", "ナカムラ", "2001-06-15"),
    *("anna@patient.example", "beth@patient.example"),
    *(PASSWORD, "rx_test_", "whsec_"),
)
TREATMENT = (
    *("イソトレチノイン", "isotretinoin", "ドキシサイクリン", "doxycycline"),
    *("ざ瘡", "acne", "妊娠", "pregnan", "避妊", "headache", "bih", "頭蓋内圧", "52.0"),
)


def found_in(text: str, words: Iterable[str]) -> list[str]:
    """The words that occur in a text, in any case."""
    return [word for word in words if word.casefold() in text.casefold()]


def outward(played: Performance) -> dict[str, str]:
    """All that was said where somebody else could hear it, by the way it went out."""
    payloads = [list(payload.values()) for payload in _values(OutboxEvent, "payload")]
    mails = [mail for mail in played.mails if mail.to[0].endswith("@patient.example")]
    return {
        "events": json.dumps(payloads, ensure_ascii=False),
        "webhooks": json.dumps(played.webhooks, ensure_ascii=False),
        "messages to workers": "\n".join(played.workers.messages),
        "mails": "\n".join(f"{mail.subject}\n{mail.body}" for mail in mails),
        "log": played.log.getvalue(),
        "audit": "\n".join(bytes(body).decode() for body in _values(AuditEntry, "body")),
    }


def _values(model: type[models.Model], field: str) -> Any:
    return model._default_manager.values_list(field, flat=True)


def schema_errors(folder: str, name: str, body: Any) -> list[str]:
    """What a published schema says against a body."""
    schema = json.loads((PUBLISHED / folder / f"{name}.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{name}: {error.message}" for error in validator.iter_errors(body)]


def transaction_of(row: models.Model) -> str:
    """The PostgreSQL transaction that wrote the present version of a row."""
    table = connection.ops.quote_name(row._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT xmin::text FROM {table} WHERE id = %s", [row.pk])
        return str(cursor.fetchone()[0])


def insert_again(dispense: Dispense, *, capsules: int) -> None:
    """One more line in the ledger like this one, behind the service's back."""
    table = connection.ops.quote_name(dispense._meta.db_table)
    own = {"id": "gen_random_uuid()", "fill_no": "fill_no + 10", "capsules": str(capsules)}
    names = [field.column for field in dispense._meta.fields]
    columns, values = ", ".join(names), ", ".join(own.get(name, name) for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE id = %s",
            [dispense.pk],
        )


def transactions_of_the_red_flag() -> dict[str, str]:
    """Which transaction wrote each thing that a reported red flag must do, by its name."""
    return {name: transaction_of(row) for name, row in _done_at_once()}


def _done_at_once() -> Iterator[tuple[str, models.Model]]:
    report = CheckIn.objects.get(kind="unscheduled")
    yield "report", report
    yield f"course {report.course.status}", report.course
    for row in Prescription.objects.filter(course=report.course, status="voided"):
        yield "prescription voided", row
    for task in Task.objects.filter(patient=report.patient):
        yield f"{task.priority} task {task.status}", task
    cause = AuditEntry.objects.get(action="check_in.report").request_id
    for entry in AuditEntry.objects.filter(request_id=cause):
        yield f"entry {entry.action}", entry
    for event in OutboxEvent.objects.filter(request_id=cause):
        yield f"event {event.type}", event
