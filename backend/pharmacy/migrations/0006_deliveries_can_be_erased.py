from django.db import migrations

FORWARD = r"""
CREATE FUNCTION erase_pharmacy() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.pharmacy_webhookdelivery SET payload = '{}', last_error = '',
            status = CASE WHEN status = 'delivered' THEN status ELSE 'dead' END,
            next_at = NULL, lease_until = NULL, version = version + 1
        WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_pharmacy AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_pharmacy();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_pharmacy ON audit_erasure;
DROP FUNCTION erase_pharmacy();
"""


class Migration(migrations.Migration):
    """The ledger of hand-overs stays (J-18, recalls); no pharmacy is told anything any more."""

    dependencies = [
        ("pharmacy", "0005_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
