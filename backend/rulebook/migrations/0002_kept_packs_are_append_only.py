from django.db import migrations

FORWARD = """
CREATE TRIGGER kept_pack_is_append_only BEFORE UPDATE OR DELETE ON rulebook_rulepackversion
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER kept_pack_is_append_only ON rulebook_rulepackversion;"


class Migration(migrations.Migration):
    """What a decision was made by stays as it was."""

    dependencies = [
        ("rulebook", "0001_kept_packs"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
