from django.db import migrations

FORWARD = r"""
DROP TRIGGER coursehalt_is_append_only ON prescriptions_coursehalt;
CREATE TRIGGER coursehalt_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_coursehalt
    FOR EACH ROW EXECUTE FUNCTION refuse_change('findings');
DROP TRIGGER courseclearance_is_append_only ON prescriptions_courseclearance;
CREATE TRIGGER courseclearance_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_courseclearance
    FOR EACH ROW EXECUTE FUNCTION refuse_change('specialist', 'note', 'reason');
DROP TRIGGER decision_is_append_only ON prescriptions_decision;
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('facts', 'findings');
DROP TRIGGER signoff_is_append_only ON prescriptions_signoff;
CREATE TRIGGER signoff_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_signoff
    FOR EACH ROW EXECUTE FUNCTION refuse_change('evidence', 'reason');
DROP TRIGGER signature_is_append_only ON prescriptions_signature;
CREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_signature
    FOR EACH ROW EXECUTE FUNCTION refuse_change('content');
CREATE OR REPLACE FUNCTION prescription_keeps_what_was_signed() RETURNS trigger
    LANGUAGE plpgsql AS $$
DECLARE
    may_change text[] := ARRAY['status', 'version', 'void_reason', 'voided_at', 'reject_reason',
        'claimed_by_id', 'claim_lapses_at', 'dispensed_capsules', 'returned_capsules'];
BEGIN
    IF (to_jsonb(OLD) - may_change) IS DISTINCT FROM (to_jsonb(NEW) - may_change)
        AND EXISTS (SELECT 1 FROM prescriptions_signature WHERE prescription_id = OLD.id)
        AND NOT public.erases_only(to_jsonb(OLD) - 'version', to_jsonb(NEW) - 'version',
            ARRAY['decline_text_ja', 'decline_text_en', 'return_note'])
    THEN
        RAISE EXCEPTION 'a signed prescription keeps its content: update refused'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'prescription_signed_is_frozen';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION erase_prescriptions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.prescriptions_coursehalt SET findings = '[]' WHERE patient_id = NEW.patient_id;
    UPDATE public.prescriptions_courseclearance
        SET specialist = '[erased]', note = '[erased]', reason = '[erased]'
        WHERE patient_id = NEW.patient_id;
    UPDATE public.prescriptions_decision SET facts = '{}', findings = '[]'
        WHERE patient_id = NEW.patient_id;
    UPDATE public.prescriptions_signoff SET evidence = '{}', reason = '[erased]'
        WHERE patient_id = NEW.patient_id;
    UPDATE public.prescriptions_signature SET content = '' WHERE patient_id = NEW.patient_id;
    UPDATE public.prescriptions_prescription
        SET decline_text_ja = CASE WHEN decline_text_ja IS NOT NULL THEN '[erased]' END,
            decline_text_en = CASE WHEN decline_text_en IS NOT NULL THEN '[erased]' END,
            return_note = CASE WHEN return_note IS NOT NULL THEN '[erased]' END,
            version = version + 1
        WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_prescriptions AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_prescriptions();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_prescriptions ON audit_erasure;
DROP FUNCTION erase_prescriptions();
CREATE OR REPLACE FUNCTION prescription_keeps_what_was_signed() RETURNS trigger
    LANGUAGE plpgsql AS $$
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
DROP TRIGGER coursehalt_is_append_only ON prescriptions_coursehalt;
CREATE TRIGGER coursehalt_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_coursehalt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER courseclearance_is_append_only ON prescriptions_courseclearance;
CREATE TRIGGER courseclearance_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_courseclearance
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER decision_is_append_only ON prescriptions_decision;
CREATE TRIGGER decision_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_decision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER signoff_is_append_only ON prescriptions_signoff;
CREATE TRIGGER signoff_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_signoff
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER signature_is_append_only ON prescriptions_signature;
CREATE TRIGGER signature_is_append_only BEFORE UPDATE OR DELETE ON prescriptions_signature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Who decided what by which pack, medicine, amounts and the signature itself stay; facts go."""

    dependencies = [
        ("prescriptions", "0006_who_treats_is_found_fast"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
