from django.db import migrations

FORWARD = r"""
DROP TRIGGER attempts_are_append_only ON notifications_attempt;
CREATE TRIGGER attempts_are_append_only BEFORE UPDATE OR DELETE ON notifications_attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change('(row)', 'notification_id', 'notifications_notification');
CREATE FUNCTION erase_notifications() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    DELETE FROM public.notifications_attempt USING public.notifications_notification AS notice
        WHERE notice.id = notification_id AND notice.patient_id = NEW.patient_id;
    DELETE FROM public.notifications_notification WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_notifications AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_notifications();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_notifications ON audit_erasure;
DROP FUNCTION erase_notifications();
DROP TRIGGER attempts_are_append_only ON notifications_attempt;
CREATE TRIGGER attempts_are_append_only BEFORE UPDATE OR DELETE ON notifications_attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """That somebody was written to, and the mail's number, go with whom it went to."""

    dependencies = [
        ("notifications", "0003_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
