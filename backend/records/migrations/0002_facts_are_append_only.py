from django.db import migrations

TABLES = ("weight", "pregnancytest", "labresult", "phqscore", "statement")

FUNCTION = """
CREATE FUNCTION allow_one_retraction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ours CONSTANT text[] := ARRAY['retracted_at', 'retracted_by', 'retraction_reason', 'version'];
BEGIN
    IF OLD.retracted_at IS NULL AND NEW.retracted_at IS NOT NULL
        AND NEW.version = OLD.version + 1
        AND to_jsonb(NEW) - ours = to_jsonb(OLD) - ours
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
FORWARD = FUNCTION + "".join(
    f"""
CREATE TRIGGER {table}_is_retracted_once BEFORE UPDATE ON records_{table}
    FOR EACH ROW EXECUTE FUNCTION allow_one_retraction();
CREATE TRIGGER {table}_is_never_deleted BEFORE DELETE ON records_{table}
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
    for table in TABLES
)
BACKWARD = (
    "".join(
        f"DROP TRIGGER {table}_is_never_deleted ON records_{table};"
        f"DROP TRIGGER {table}_is_retracted_once ON records_{table};"
        for table in TABLES
    )
    + "DROP FUNCTION allow_one_retraction();"
)


class Migration(migrations.Migration):
    """A fact is never changed or deleted; it may be retracted once, and nothing else moves."""

    dependencies = [
        ("records", "0001_clinical_facts"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
