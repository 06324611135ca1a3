from django.db import migrations

FORWARD = """
CREATE TRIGGER attempts_are_append_only BEFORE UPDATE OR DELETE ON notifications_attempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER attempts_are_append_only ON notifications_attempt;"


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_notices_and_attempts"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
