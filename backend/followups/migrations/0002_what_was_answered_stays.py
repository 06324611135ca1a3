from django.db import migrations

FORWARD = """
CREATE TRIGGER answers_stay BEFORE UPDATE ON followups_checkin
    FOR EACH ROW WHEN (OLD.status = 'answered') EXECUTE FUNCTION refuse_change();
CREATE TRIGGER check_ins_stay BEFORE DELETE ON followups_checkin
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER second_course_decisions_stay BEFORE UPDATE OR DELETE
    ON followups_secondcoursedecision
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER second_course_decisions_stay ON followups_secondcoursedecision;
DROP TRIGGER check_ins_stay ON followups_checkin;
DROP TRIGGER answers_stay ON followups_checkin;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("followups", "0001_plans_and_due_table"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
