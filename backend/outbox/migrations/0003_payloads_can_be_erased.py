from django.db import migrations

FORWARD = r"""
CREATE FUNCTION erase_outbox() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- What was not handed over yet is news about nobody now.
    UPDATE public.outbox_outboxevent
        SET payload = '{}', handed_over_at = coalesce(handed_over_at, now())
        WHERE payload ->> 'patient_id' = NEW.patient_ref;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_outbox AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_outbox();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_outbox ON audit_erasure;
DROP FUNCTION erase_outbox();
"""


class Migration(migrations.Migration):
    """That there was news, of which kind and when, stays; whom it was about goes."""

    dependencies = [
        ("outbox", "0002_events_are_found_by_patient"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
