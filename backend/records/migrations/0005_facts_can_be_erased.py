from django.db import migrations

FORWARD = r"""
DROP TRIGGER weight_is_never_deleted ON records_weight;
CREATE TRIGGER weight_is_never_deleted BEFORE DELETE ON records_weight
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
DROP TRIGGER pregnancytest_is_never_deleted ON records_pregnancytest;
CREATE TRIGGER pregnancytest_is_never_deleted BEFORE DELETE ON records_pregnancytest
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
DROP TRIGGER labresult_is_never_deleted ON records_labresult;
CREATE TRIGGER labresult_is_never_deleted BEFORE DELETE ON records_labresult
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
DROP TRIGGER phqscore_is_never_deleted ON records_phqscore;
CREATE TRIGGER phqscore_is_never_deleted BEFORE DELETE ON records_phqscore
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
DROP TRIGGER statement_is_never_deleted ON records_statement;
CREATE TRIGGER statement_is_never_deleted BEFORE DELETE ON records_statement
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)');
CREATE FUNCTION erase_records() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.records_weight WHERE patient_id = NEW.patient_id;
    DELETE FROM public.records_pregnancytest WHERE patient_id = NEW.patient_id;
    DELETE FROM public.records_labresult WHERE patient_id = NEW.patient_id;
    DELETE FROM public.records_phqscore WHERE patient_id = NEW.patient_id;
    DELETE FROM public.records_statement WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_records AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_records();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_records ON audit_erasure;
DROP FUNCTION erase_records();
DROP TRIGGER weight_is_never_deleted ON records_weight;
CREATE TRIGGER weight_is_never_deleted BEFORE DELETE ON records_weight
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER pregnancytest_is_never_deleted ON records_pregnancytest;
CREATE TRIGGER pregnancytest_is_never_deleted BEFORE DELETE ON records_pregnancytest
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER labresult_is_never_deleted ON records_labresult;
CREATE TRIGGER labresult_is_never_deleted BEFORE DELETE ON records_labresult
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER phqscore_is_never_deleted ON records_phqscore;
CREATE TRIGGER phqscore_is_never_deleted BEFORE DELETE ON records_phqscore
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP TRIGGER statement_is_never_deleted ON records_statement;
CREATE TRIGGER statement_is_never_deleted BEFORE DELETE ON records_statement
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Facts are deleted: without the patient they say nothing."""

    dependencies = [
        ("records", "0004_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
