from django.db import migrations, models

FORWARD = """
CREATE OR REPLACE FUNCTION only_sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS NULL AND NEW.note IS NOT NULL
        AND (NEW.size, NEW.root, NEW.previous_size, NEW.settled_xmin, NEW.sealed_at,
             NEW.columns_hash)
          = (OLD.size, OLD.root, OLD.previous_size, OLD.settled_xmin, OLD.sealed_at,
             OLD.columns_hash)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a checkpoint is only signed, once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION only_sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS NULL AND NEW.note IS NOT NULL
        AND (NEW.size, NEW.root, NEW.settled_xmin, NEW.sealed_at)
          = (OLD.size, OLD.root, OLD.settled_xmin, OLD.sealed_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a checkpoint is only signed, once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
"""


class Migration(migrations.Migration):
    """Each checkpoint tells what came before it, and all its columns are signed.

    Nobody has run an older version with data to keep: there is no checkpoint without them.
    """

    dependencies = [("audit", "0008_row_changes_name_their_patient")]
    operations = [
        migrations.AddField(
            model_name="checkpoint",
            name="previous_size",
            field=models.BigIntegerField(help_text="Of the checkpoint before; 0 for the first."),
        ),
        migrations.AddField(
            model_name="checkpoint",
            name="columns_hash",
            field=models.BinaryField(),
        ),
        migrations.AddField(
            model_name="checkpoint",
            name="receipt",
            field=models.TextField(
                help_text="A signed note about all the other columns.", null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("previous_size__gte", 0), ("size__gt", models.F("previous_size"))
                ),
                name="checkpoint_grows",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.UniqueConstraint(
                fields=("previous_size",), name="one_checkpoint_follows"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("note__isnull", False), ("receipt__isnull", False)),
                    models.Q(("note__isnull", True), ("receipt__isnull", True)),
                    _connector="OR",
                ),
                name="checkpoint_signed_as_a_whole",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
