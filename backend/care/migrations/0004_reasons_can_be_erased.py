from django.db import migrations

FORWARD = r"""
CREATE FUNCTION erase_care() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.care_emergencyaccess
        SET reason_text = '[erased text]', version = version + 1,
            review_note = CASE WHEN review_note IS NOT NULL THEN '[erased]' END
        WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_care AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_care();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_care ON audit_erasure;
DROP FUNCTION erase_care();
"""


class Migration(migrations.Migration):
    """Who broke the glass, when, and the verdict stay; what was written goes."""

    dependencies = [
        ("care", "0003_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
