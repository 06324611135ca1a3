import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION only_destroy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL
        AND NEW.id = OLD.id AND NEW.pseudonym = OLD.pseudonym AND NEW.made_at = OLD.made_at
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a patient key can only be destroyed: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER patient_key_is_only_destroyed BEFORE UPDATE OR DELETE ON audit_patientkey
    FOR EACH ROW EXECUTE FUNCTION only_destroy();
"""
BACKWARD = """
DROP TRIGGER patient_key_is_only_destroyed ON audit_patientkey;
DROP FUNCTION only_destroy();
"""


class Migration(migrations.Migration):
    """Nobody has run an older version with data to keep: the old column goes at once."""

    dependencies = [("audit", "0002_audit_is_append_only")]
    operations = [
        migrations.CreateModel(
            name='PatientKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('patient_ref', models.CharField(max_length=40, null=True, unique=True)),
                ('pseudonym', models.CharField(max_length=40, unique=True)),
                ('wrapped', models.BinaryField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('destroyed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='auditentry',
            name='audit_by_patient',
        ),
        migrations.RemoveField(
            model_name='auditentry',
            name='patient_ref',
        ),
        migrations.AddField(
            model_name='auditentry',
            name='pseudonym',
            field=models.CharField(max_length=40, null=True),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='sealed_facts',
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name='auditentry',
            name='xid',
            field=models.BigIntegerField(db_default=models.Func(function='pg_current_xact_id', output_field=models.BigIntegerField(), template='%(function)s()::text::bigint')),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['pseudonym', 'id'], name='audit_by_pseudonym'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['xid', 'id'], name='audit_by_xid'),
        ),
        migrations.AddConstraint(
            model_name='patientkey',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('destroyed_at__isnull', True), ('patient_ref__isnull', False), ('wrapped__isnull', False)), models.Q(('destroyed_at__isnull', False), ('patient_ref__isnull', True), ('wrapped__isnull', True)), _connector='OR'), name='patient_key_whole_or_destroyed'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
