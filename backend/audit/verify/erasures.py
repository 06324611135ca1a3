"""Was everything that is gone erased, and did the trail record that it was?

Erasing destroys a patient's key and empties the row changes; the proofs stay. Whoever can write
past the guards can do the same to hide something: then nothing tells of it.
"""

from django.db import connection

from backend.audit.verify.findings import Finding, Verdict

# Whoever erases records it on the patient, at the same instant, before the key is gone.
_KEYS = """
SELECT pseudonym FROM audit_patientkey AS key WHERE destroyed_at IS NOT NULL
  AND NOT EXISTS (SELECT FROM audit_auditentry AS entry
                  WHERE entry.pseudonym = key.pseudonym AND entry.at = key.destroyed_at)
ORDER BY pseudonym
"""
# A row change names no patient once it is empty; the entries of its transaction do. Where there
# are none, it was written past the services.
_CHANGES = """
SELECT change.id FROM audit_rowchange AS change
CROSS JOIN LATERAL (
    SELECT count(*) AS concerned, count(destroyed_at) AS erased
    FROM audit_auditentry AS entry JOIN audit_patientkey USING (pseudonym)
    WHERE entry.xid = change.xid
) AS patients
WHERE salt IS NULL AND erased = 0
  AND (concerned > 0
       OR NOT EXISTS (SELECT FROM audit_patientkey WHERE destroyed_at IS NOT NULL))
ORDER BY change.id
"""


def check_erasures(verdict: Verdict) -> None:
    """Destroyed keys that no entry tells of, and emptied row changes of patients that are there."""
    with connection.cursor() as cursor:
        cursor.execute(_KEYS)
        for (pseudonym,) in cursor.fetchall():
            verdict.add(Finding(f"the key of {pseudonym} was destroyed, and no entry says so"))
        cursor.execute(_CHANGES)
        for (record_id,) in cursor.fetchall():
            verdict.add(Finding("emptied, but no patient of its transaction was erased", record_id))
