from django.db import migrations

FORWARD = """
CREATE TRIGGER visit_notes_are_append_only BEFORE UPDATE OR DELETE ON booking_visitnote
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER visit_notes_are_append_only ON booking_visitnote;"


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0002_audit_is_append_only"),
        ("booking", "0001_hours_and_visits"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
