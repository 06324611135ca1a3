from django.db import migrations

FORWARD = r"""
DROP TRIGGER answers_stay ON followups_checkin;
CREATE TRIGGER answers_stay BEFORE UPDATE ON followups_checkin
    FOR EACH ROW WHEN (OLD.status = 'answered') EXECUTE FUNCTION refuse_change('answers', 'findings');
DROP TRIGGER second_course_decisions_stay ON followups_secondcoursedecision;
CREATE TRIGGER second_course_decisions_stay BEFORE UPDATE OR DELETE ON followups_secondcoursedecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change('reason', 'findings');
CREATE FUNCTION erase_followups() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.followups_checkin SET answers = '{}', findings = '[]'
        WHERE patient_id = NEW.patient_id AND answers IS NOT NULL;
    UPDATE public.followups_secondcoursedecision SET reason = '[erased]', findings = '[]'
        WHERE patient_id = NEW.patient_id;
    UPDATE public.followups_followup
        SET status = CASE WHEN status IN ('pending', 'leased') THEN 'cancelled' ELSE status END,
            lease_until = NULL, zone = 'UTC', version = version + 1
        WHERE patient_id = NEW.patient_id;
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_followups AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_followups();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_followups ON audit_erasure;
DROP FUNCTION erase_followups();
DROP TRIGGER answers_stay ON followups_checkin;
CREATE TRIGGER answers_stay BEFORE UPDATE ON followups_checkin
    FOR EACH ROW WHEN (OLD.status = 'answered') EXECUTE FUNCTION refuse_change();
DROP TRIGGER second_course_decisions_stay ON followups_secondcoursedecision;
CREATE TRIGGER second_course_decisions_stay BEFORE UPDATE OR DELETE ON followups_secondcoursedecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """What was asked when, and decided, stays; what was answered and written goes."""

    dependencies = [
        ("followups", "0003_row_changes_are_kept"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
