from django.db import migrations

APPEND_ONLY = ("coursehalt", "courseclearance", "decision", "signoff", "signingkey", "signature")

FREEZE = """
CREATE FUNCTION prescription_keeps_what_was_signed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'version', 'void_reason', 'voided_at', 'reject_reason',
        'claimed_by_id', 'claim_lapses_at', 'dispensed_capsules', 'returned_capsules'];
BEGIN
    IF (to_jsonb(OLD) - may_change) IS DISTINCT FROM (to_jsonb(NEW) - may_change)
        AND EXISTS (SELECT 1 FROM prescriptions_signature WHERE prescription_id = OLD.id)
    THEN
        RAISE EXCEPTION 'a signed prescription keeps its content: update refused'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescription_signed_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prescription_signed_is_frozen BEFORE UPDATE ON prescriptions_prescription
    FOR EACH ROW EXECUTE FUNCTION prescription_keeps_what_was_signed();
"""
UNFREEZE = """
DROP TRIGGER prescription_signed_is_frozen ON prescriptions_prescription;
DROP FUNCTION prescription_keeps_what_was_signed();
"""
NOT_ONES_OWN = """
CREATE FUNCTION prescription_not_by_its_patient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM accounts_patient
        WHERE id = NEW.patient_id AND user_id IN (NEW.decided_by_id, NEW.created_by_id)
    ) THEN
        RAISE EXCEPTION 'nobody prescribes for themselves'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescription_patient_never_decides';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER prescription_patient_never_decides
    BEFORE INSERT OR UPDATE OF decided_by_id, created_by_id, patient_id
    ON prescriptions_prescription
    FOR EACH ROW EXECUTE FUNCTION prescription_not_by_its_patient();
"""
ANYBODY = """
DROP TRIGGER prescription_patient_never_decides ON prescriptions_prescription;
DROP FUNCTION prescription_not_by_its_patient();
"""


def append_only(table):
    name = f"{table}_is_append_only"
    return migrations.RunSQL(
        f"CREATE TRIGGER {name} BEFORE UPDATE OR DELETE ON prescriptions_{table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        f"DROP TRIGGER {name} ON prescriptions_{table}",
    )


class Migration(migrations.Migration):
    """Evidence is append-only; a signed prescription keeps its content; nobody is their own doctor."""

    dependencies = [
        ("prescriptions", "0001_courses_and_prescriptions"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [
        *map(append_only, APPEND_ONLY),
        migrations.RunSQL(FREEZE, UNFREEZE),
        migrations.RunSQL(NOT_ONES_OWN, ANYBODY),
    ]
