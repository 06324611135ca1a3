from django.db import migrations, models

FORWARD = """
CREATE FUNCTION only_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS NULL AND OLD.refusal IS NULL
        AND (NEW.id, NEW.content, NEW.tree_size, NEW.asked_by, NEW.asked_at)
          = (OLD.id, OLD.content, OLD.tree_size, OLD.asked_by, OLD.asked_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a manifest is only signed or refused, once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER manifest_is_answered_once BEFORE UPDATE OR DELETE ON audit_bundlemanifest
    FOR EACH ROW EXECUTE FUNCTION only_answer();
"""
BACKWARD = """
DROP TRIGGER manifest_is_answered_once ON audit_bundlemanifest;
DROP FUNCTION only_answer();
"""


class Migration(migrations.Migration):
    """Whoever exports asks for a signature; the sealer gives it, once."""

    dependencies = [("audit", "0009_checkpoints_have_receipts")]
    operations = [
        migrations.CreateModel(
            name="BundleManifest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField(help_text="Canonical JSON (RFC 8785).")),
                ("tree_size", models.BigIntegerField(help_text="Of the checkpoint that the bundle carries.")),
                ("asked_by", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                ("note", models.TextField(help_text="A signed note about the content's hash.", null=True)),
                ("refusal", models.CharField(max_length=200, null=True)),
            ],
        ),
        migrations.AddConstraint(
            model_name="bundlemanifest",
            constraint=models.CheckConstraint(
                condition=models.Q(("note__isnull", True), ("refusal__isnull", True), _connector="OR"),
                name="manifest_signed_or_refused",
            ),
        ),
        migrations.AddIndex(
            model_name="bundlemanifest",
            index=models.Index(
                condition=models.Q(("note__isnull", True), ("refusal__isnull", True)),
                fields=["id"],
                name="manifest_waiting",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
