"""Sign an approved prescription: canonical bytes, kept with the signature."""

from datetime import datetime

from backend.accounts.models import StaffMember
from backend.db import require_transaction
from backend.kernel.canonical import canonical
from backend.prescriptions.content import signed_content
from backend.prescriptions.models import Decision, Prescription, Signature, SigningKey
from backend.prescriptions.signing import key_id_of, public_key, sign


def sign_prescription(
    row: Prescription, *, decision: Decision, prescriber: StaffMember, at: datetime
) -> Signature:
    """Sign the saved, approved row. From now on the database refuses to change its content."""
    require_transaction()
    content = canonical(signed_content(row, decision=decision, prescriber=prescriber, at=at))
    public = public_key()
    key = SigningKey(key_id=key_id_of(public), public_key=public)
    SigningKey.objects.bulk_create([key], ignore_conflicts=True)
    return Signature.objects.create(
        patient=row.patient,
        prescription=row,
        decision=decision,
        key=key,
        content=content,
        signature=sign(content),
        signed_at=at,
    )
