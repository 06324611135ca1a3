"""Step: whoever is signed in to an account is not any more."""

import json
from uuid import UUID

from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session

from backend.db import require_transaction


def end_sessions(*, user_id: UUID) -> int:
    """Delete the sessions that are an account's, or that name one of its addresses; how many.

    A session says whose it is inside its text alone, so all are read: they last twelve hours.
    """
    require_transaction()
    addresses = EmailAddress.objects.filter(user_id=user_id).values_list("email", flat=True)
    names = [str(user_id), *addresses]
    ended = [
        session.session_key
        for session in Session.objects.iterator(chunk_size=1000)
        if _says(session, names)
    ]
    Session.objects.filter(session_key__in=ended).delete()
    return len(ended)


def _says(session: Session, names: list[str]) -> bool:
    text = json.dumps(session.get_decoded(), default=str, ensure_ascii=False)
    return any(name in text for name in names)
