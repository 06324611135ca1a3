from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit_auditentry
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER audit_is_append_only ON audit_auditentry;
DROP FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    """TRUNCATE is not caught here: transactional tests need it; roles will revoke it."""

    dependencies = [("audit", "0001_audit_entries")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
