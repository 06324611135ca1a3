import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION only_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.id, NEW.level, NEW.tile_index) = (OLD.id, OLD.level, OLD.tile_index)
        AND length(NEW.hashes) <= 8192
        AND substring(NEW.hashes FOR length(OLD.hashes)) = OLD.hashes
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a tile only grows: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE FUNCTION only_sign() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.note IS NULL AND NEW.note IS NOT NULL
        AND (NEW.size, NEW.root, NEW.settled_xmin, NEW.sealed_at)
          = (OLD.size, OLD.root, OLD.settled_xmin, OLD.sealed_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a checkpoint is only signed, once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER tile_only_grows BEFORE UPDATE OR DELETE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION only_grow();
CREATE TRIGGER checkpoint_is_signed_once BEFORE UPDATE OR DELETE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION only_sign();
CREATE TRIGGER sealed_leaf_is_append_only BEFORE UPDATE OR DELETE ON audit_sealedleaf
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER cosignature_is_append_only BEFORE UPDATE OR DELETE ON audit_cosignature
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER cosignature_is_append_only ON audit_cosignature;
DROP TRIGGER sealed_leaf_is_append_only ON audit_sealedleaf;
DROP TRIGGER checkpoint_is_signed_once ON audit_checkpoint;
DROP TRIGGER tile_only_grows ON audit_tile;
DROP FUNCTION only_sign();
DROP FUNCTION only_grow();
"""


class Migration(migrations.Migration):
    """Leaves, tiles and checkpoints; each may only grow."""

    dependencies = [("audit", "0004_row_changes_are_kept")]
    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField()),
                ('settled_xmin', models.BigIntegerField()),
                ('sealed_at', models.DateTimeField()),
                ('note', models.TextField(help_text='The signed note (C2SP tlog-checkpoint).', null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Cosignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=120)),
                ('proof', models.BinaryField()),
                ('received_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SealedLeaf',
            fields=[
                ('leaf_index', models.BigIntegerField(primary_key=True, serialize=False)),
                ('record_id', models.BigIntegerField(unique=True)),
            ],
        ),
        migrations.CreateModel(
            name='SealerRun',
            fields=[
                ('id', models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ('ran_at', models.DateTimeField()),
                ('holder', models.CharField(max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Tile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('level', models.PositiveSmallIntegerField()),
                ('tile_index', models.BigIntegerField()),
                ('hashes', models.BinaryField()),
            ],
        ),
        migrations.AddField(
            model_name='cosignature',
            name='checkpoint',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cosignatures', to='audit.checkpoint'),
        ),
        migrations.AddConstraint(
            model_name='sealedleaf',
            constraint=models.CheckConstraint(condition=models.Q(('leaf_index__gte', 0)), name='leaf_index_counts'),
        ),
        migrations.AddConstraint(
            model_name='sealerrun',
            constraint=models.CheckConstraint(condition=models.Q(('id', 1)), name='one_sealer_run'),
        ),
        migrations.AddConstraint(
            model_name='tile',
            constraint=models.UniqueConstraint(fields=('level', 'tile_index'), name='one_tile_a_place'),
        ),
        migrations.AddConstraint(
            model_name='cosignature',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['witness', 'rfc3161'])), name='cosignature_kind_known'),
        ),
        migrations.AddConstraint(
            model_name='cosignature',
            constraint=models.UniqueConstraint(fields=('checkpoint', 'kind', 'name'), name='one_cosignature_each'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
