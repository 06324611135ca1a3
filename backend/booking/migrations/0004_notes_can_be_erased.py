from django.db import migrations

FORWARD = r"""
DROP TRIGGER visit_notes_are_append_only ON booking_visitnote;
CREATE TRIGGER visit_notes_are_append_only BEFORE UPDATE OR DELETE ON booking_visitnote
    FOR EACH ROW EXECUTE FUNCTION refuse_change('text');
CREATE FUNCTION erase_booking() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.booking_visit SET session_id = '[erased]', version = version + 1
        WHERE patient_id = NEW.patient_id AND session_id IS NOT NULL;
    UPDATE public.booking_visitnote SET text = '[erased]' WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_booking AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_booking();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_booking ON audit_erasure;
DROP FUNCTION erase_booking();
DROP TRIGGER visit_notes_are_append_only ON booking_visitnote;
CREATE TRIGGER visit_notes_are_append_only BEFORE UPDATE OR DELETE ON booking_visitnote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """Visits stay as they are, with nobody's name; what was written of them goes."""

    dependencies = [
        ("booking", "0003_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
