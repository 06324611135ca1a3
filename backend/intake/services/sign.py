"""Sign a consent document: bound to the text, the name and the time."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from backend.accounts.models import Patient
from backend.audit.record import record
from backend.clock import civil_day
from backend.db import refused_by, service
from backend.intake import events
from backend.intake.documents import LANGUAGES, Document, Rendered, documents, in_force, render
from backend.intake.errors import AlreadySigned, NameDoesNotMatch, NotAcknowledged, TextChanged
from backend.intake.models import ConsentSignature
from backend.intake.rules import SIGNATURES
from backend.kernel.actor import Actor
from backend.kernel.errors import FieldError, NotFound
from backend.outbox.emit import emit


@service
def sign_consent(
    *,
    patient: Patient,
    document_id: str,
    text_sha256: str,
    typed_name: str,
    disclosures_acknowledged: Sequence[str] = (),
    by: Actor,
    at: datetime,
) -> ConsentSignature:
    """Keep a patient's signature under the text in force, in the language in which it was read.

    Raises NotFound (404), TextChanged (409) if the hash is of no text in force, AlreadySigned
    (409), NameDoesNotMatch (422; spaces and width do not count), NotAcknowledged (422) unless
    exactly the document's disclosures are acknowledged (J-21).
    """
    document = documents().get(document_id)
    if document is None or document.programme != patient.clinic.programme:
        raise NotFound()
    text = _text_in_force(document, patient, text_sha256, at)
    _check_name(typed_name, patient)
    _check_disclosures(document, disclosures_acknowledged)
    signature = ConsentSignature(
        patient=patient,
        document=document.id,
        code=document.code,
        language=text.language,
        text=text.text,
        text_sha256=text.sha256,
        typed_name=typed_name,
        disclosures=list(document.disclosures),
        signed_at=at,
    )
    with refused_by({"consent_signature_once": AlreadySigned}):
        signature.save(force_insert=True)
    facts = {"document": document.id, "language": text.language, "text_sha256": text.sha256}
    record(SIGNATURES["sign"].action, on=signature, by=by, at=at, facts=facts)
    payload = {"consent_signature_id": signature.ref, "patient_id": patient.ref}
    emit(events.CONSENT_SIGNED, at=at, payload={**payload, "document": document.id})
    return signature


def _text_in_force(document: Document, patient: Patient, sha256: str, at: datetime) -> Rendered:
    """The text of this hash, if the document is in force today."""
    today = civil_day(at, patient.zone)
    if document in in_force(patient.clinic.programme, today):
        for language in LANGUAGES:
            text = render(document, patient.clinic, language)
            if text.sha256 == sha256:
                return text
    raise TextChanged()


def _check_name(typed: str, patient: Patient) -> None:
    if _plain(typed) != _plain(patient.name):
        error = FieldError("/typed_name", NameDoesNotMatch.code, NameDoesNotMatch.title)
        raise NameDoesNotMatch(errors=[error])


def _plain(name: str) -> str:
    """A name without spaces, width and case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def _check_disclosures(document: Document, acknowledged: Sequence[str]) -> None:
    if set(acknowledged) != set(document.disclosures):
        missing = sorted(set(document.disclosures) - set(acknowledged))
        title = NotAcknowledged.title
        error = FieldError("/disclosures_acknowledged", NotAcknowledged.code, title)
        raise NotAcknowledged(errors=[error], extra={"missing": missing})
