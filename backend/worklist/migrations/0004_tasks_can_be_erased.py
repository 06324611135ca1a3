from django.db import migrations

FORWARD = r"""
CREATE FUNCTION erase_worklist() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.worklist_task SET note = '[erased]', version = version + 1
        WHERE patient_id = NEW.patient_id AND note <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_worklist AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_worklist();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_worklist ON audit_erasure;
DROP FUNCTION erase_worklist();
"""


class Migration(migrations.Migration):
    """Kind, times and outcome of a task stay; what was written goes."""

    dependencies = [
        ("worklist", "0003_reviews_need_no_contact"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
