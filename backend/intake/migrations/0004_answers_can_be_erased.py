from django.db import migrations

FORWARD = r"""
DROP TRIGGER response_is_never_deleted ON intake_intakeresponse;
CREATE TRIGGER response_is_never_deleted BEFORE DELETE ON intake_intakeresponse
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
CREATE OR REPLACE FUNCTION allow_one_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ours CONSTANT text[] := ARRAY['withdrawn_at', 'withdrawn_by', 'version'];
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND NEW.version = OLD.version + 1
        AND to_jsonb(NEW) - ours = to_jsonb(OLD) - ours
    THEN
        RETURN NEW;
    END IF;
    IF public.erases_only(to_jsonb(OLD), to_jsonb(NEW), ARRAY['typed_name']) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION erase_intake() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.intake_intakeresponse WHERE patient_id = NEW.patient_id;
    UPDATE public.intake_consentsignature SET typed_name = '[erased]'
        WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_intake AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_intake();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_intake ON audit_erasure;
DROP FUNCTION erase_intake();
CREATE OR REPLACE FUNCTION allow_one_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
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
DROP TRIGGER response_is_never_deleted ON intake_intakeresponse;
CREATE TRIGGER response_is_never_deleted BEFORE DELETE ON intake_intakeresponse
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Answers are deleted; that a text was consented to, and when, stays."""

    dependencies = [
        ("intake", "0003_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
