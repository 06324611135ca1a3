from django.db import migrations

FORWARD = """
CREATE FUNCTION keep_closed_response() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.status = 'draft' AND NEW.patient_id = OLD.patient_id
        AND NEW.questionnaire = OLD.questionnaire
        AND NEW.questionnaire_sha256 = OLD.questionnaire_sha256
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a % response is append-only: % refused', OLD.status, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER response_stays_as_submitted BEFORE UPDATE ON intake_intakeresponse
    FOR EACH ROW EXECUTE FUNCTION keep_closed_response();
CREATE TRIGGER response_is_never_deleted BEFORE DELETE ON intake_intakeresponse
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE FUNCTION allow_one_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ours CONSTANT text[] := ARRAY['withdrawn_at', 'withdrawn_by', 'version'];
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND NEW.version = OLD.version + 1
        AND to_jsonb(NEW) - ours = to_jsonb(OLD) - ours
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER signature_is_withdrawn_once BEFORE UPDATE ON intake_consentsignature
    FOR EACH ROW EXECUTE FUNCTION allow_one_withdrawal();
CREATE TRIGGER signature_is_never_deleted BEFORE DELETE ON intake_consentsignature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER signature_is_never_deleted ON intake_consentsignature;
DROP TRIGGER signature_is_withdrawn_once ON intake_consentsignature;
DROP FUNCTION allow_one_withdrawal();
DROP TRIGGER response_is_never_deleted ON intake_intakeresponse;
DROP TRIGGER response_stays_as_submitted ON intake_intakeresponse;
DROP FUNCTION keep_closed_response();
"""


class Migration(migrations.Migration):
    """A draft keeps its questionnaire; what was submitted or signed is never changed."""

    dependencies = [
        ("intake", "0001_responses_and_signatures"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
