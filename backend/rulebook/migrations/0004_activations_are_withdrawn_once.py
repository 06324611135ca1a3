from django.db import migrations

FORWARD = """
CREATE FUNCTION pack_activation_withdrawn_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ours CONSTANT text[] := ARRAY[
        'withdrawn_by_id', 'withdrawn_at', 'withdrawal_reason', 'version'];
BEGIN
    IF OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
        AND NEW.version = OLD.version + 1
        AND to_jsonb(NEW) - ours = to_jsonb(OLD) - ours
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER activation_is_withdrawn_once BEFORE UPDATE ON rulebook_packactivation
    FOR EACH ROW EXECUTE FUNCTION pack_activation_withdrawn_once();
CREATE TRIGGER activation_is_never_deleted BEFORE DELETE ON rulebook_packactivation
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER activation_is_never_deleted ON rulebook_packactivation;
DROP TRIGGER activation_is_withdrawn_once ON rulebook_packactivation;
DROP FUNCTION pack_activation_withdrawn_once();
"""


class Migration(migrations.Migration):
    """An activation is withdrawn at most once; nothing else of it moves, and it stays."""

    dependencies = [
        ("rulebook", "0003_pack_activations"),
        ("audit", "0002_audit_is_append_only"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
