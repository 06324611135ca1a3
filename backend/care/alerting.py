"""Write to administrators that somebody broke the glass: no drug, no illness, no name."""

from collections.abc import Callable
from datetime import datetime

import structlog
from django.conf import settings
from django.core.mail import EmailMessage

from backend.care.models import EmergencyAccess
from backend.care.queries import accesses_to_alert, administrators_of
from backend.care.services.alert import note_alert
from backend.kernel.actor import Actor
from backend.kernel.text import Text

SUBJECT = Text("緊急アクセスの確認をお願いします", "An emergency access waits for review")
BODY = Text(
    "クリニックの医師が緊急アクセスを開始しました。内容を確認し、結果を登録してください。\n"
    "番号：{ref}\n{url}",
    "A physician of your clinic opened a record by emergency access. Please review it.\n"
    "Number: {ref}\n{url}",
)
Send = Callable[[str, str, str], None]
"""Sends one mail: to, subject, body. Raises OSError (smtplib's errors are) where it cannot."""

log = structlog.get_logger("care")


def send_by_smtp(to: str, subject: str, body: str) -> None:
    """The `Send` of the service."""
    EmailMessage(subject, body, to=[to], headers={"Auto-Submitted": "auto-generated"}).send()


def alert_administrators(*, send: Send, by: Actor, at: datetime, at_most: int = 100) -> int:
    """Write about each access that nobody was written to about; returns how many were.

    At least once: two workers at a time, or one that dies in between, may write twice. What
    cannot be sent now is tried again at the next call. `at` is the wall clock.
    """
    return sum(_alert(row, send, by, at) for row in accesses_to_alert()[:at_most])


def _alert(row: EmergencyAccess, send: Send, by: Actor, at: datetime) -> bool:
    recipients = [member.user.email for member in administrators_of(row.patient.clinic_id)]
    words = {"ref": row.ref, "url": settings.PUBLIC_URL}
    subject = f"{SUBJECT.ja} / {SUBJECT.en}"
    body = "\n\n".join(part.format(**words) for part in (BODY.ja, BODY.en))
    try:
        for to in recipients:
            send(to, subject, body)
    except OSError:
        log.warning("emergency_access_alert_not_sent", emergency_access=row.ref)
        return False
    return note_alert(access_id=row.id, recipients=len(recipients), by=by, at=at) is not None
