from django.db import migrations

FORWARD = """
CREATE TRIGGER webhook_attempts_are_append_only BEFORE UPDATE OR DELETE ON pharmacy_webhookattempt
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER webhook_attempts_are_append_only ON pharmacy_webhookattempt;"


class Migration(migrations.Migration):
    """The log of tries is evidence."""

    dependencies = [
        ("audit", "0002_audit_is_append_only"),
        ("pharmacy", "0001_webhooks"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
