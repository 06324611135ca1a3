"""Patients' keys: a pseudonym for the trail, and what it takes to read what entries recorded.

Whoever destroys the key makes both unreadable for good; commitments and proofs stay valid.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable

from django.db import connection

from backend.audit.ciphers import PatientCipher, cipher_from, new_pseudonym, new_wrapped_key
from backend.audit.models import PatientKey
from backend.db import require_transaction

REMEMBERED_S = 60.0  # how long a process may go on with a key that another one destroyed
REMEMBERED_KEYS = 5_000


_known: OrderedDict[str, tuple[float, PatientCipher]] = OrderedDict()
_lock = threading.Lock()


def remember(cipher: PatientCipher) -> None:
    """Keep an open key in this process for a minute: most requests are about few patients."""
    with _lock:
        _known[cipher.patient_ref] = (time.monotonic() + REMEMBERED_S, cipher)
        while len(_known) > REMEMBERED_KEYS:
            _known.popitem(last=False)


def _remembered(patient_ref: str) -> PatientCipher | None:
    until, cipher = _known.get(patient_ref, (0.0, None))
    return cipher if time.monotonic() < until else None


def ciphers_of(patient_refs: Iterable[str]) -> dict[str, PatientCipher]:
    """The open keys of patients that exist, by public id; made at the first entry about one.

    At most three queries, however many patients.
    """
    require_transaction()
    wanted = list(dict.fromkeys(patient_refs))
    found = {ref: known for ref in wanted if (known := _remembered(ref)) is not None}
    found |= known_ciphers(ref for ref in wanted if ref not in found)
    if missing := [ref for ref in wanted if ref not in found]:
        # Two entries about a new patient at once: the first key stays, and both use it.
        PatientKey.objects.bulk_create([_new(ref) for ref in missing], ignore_conflicts=True)
        found |= _loaded(missing)
    return found


def known_ciphers(patient_refs: Iterable[str]) -> dict[str, PatientCipher]:
    """The open keys that there are: what is asked for may be nobody's id. One query.

    Never from memory: it would tell by its speed which ids are somebody's.
    """
    wanted = list(dict.fromkeys(patient_refs))
    return _loaded(wanted) if wanted else {}


def _loaded(patient_refs: list[str]) -> dict[str, PatientCipher]:
    """Keys from the database; those that this very transaction may have made are not remembered."""
    sql = (
        "SELECT patient_ref, pseudonym, wrapped, made_at < transaction_timestamp() "
        "FROM audit_patientkey WHERE patient_ref = ANY(%s::text[])"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [patient_refs])
        rows = cursor.fetchall()
    found = {}
    for patient_ref, pseudonym, wrapped, is_committed in rows:
        cipher = cipher_from(patient_ref, pseudonym, bytes(wrapped))
        found[patient_ref] = cipher
        if is_committed:
            remember(cipher)
    return found


def _new(patient_ref: str) -> PatientKey:
    pseudonym = new_pseudonym()
    return PatientKey(
        patient_ref=patient_ref,
        pseudonym=pseudonym,
        wrapped=new_wrapped_key(patient_ref, pseudonym),
    )


def pseudonym_of(patient_ref: str) -> str | None:
    """The pseudonym of a patient, for searching; None when no entry concerns the patient."""
    row = PatientKey.objects.filter(patient_ref=patient_ref).values_list("pseudonym", flat=True)
    return row.first()


def ciphers_behind(pseudonyms: Iterable[str]) -> dict[str, PatientCipher]:
    """The open keys behind pseudonyms, in one query. Destroyed ones are missing."""
    rows = PatientKey.objects.filter(pseudonym__in=set(pseudonyms))
    return {row.pseudonym: cipher for row in rows if (cipher := row.cipher()) is not None}


def forget_key(patient_ref: str) -> None:
    """Let go of an open key in this process: an erasure destroys it in the database."""
    with _lock:
        _known.pop(patient_ref, None)
