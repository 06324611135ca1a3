import django.db.models.functions.datetime
from django.db import migrations, models

FORWARD = """
ALTER TABLE audit_rowchange ALTER COLUMN id SET DEFAULT nextval('audit_auditentry_id_seq');
CREATE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public AS $$
DECLARE
    was jsonb;
    becomes jsonb;
    salt bytea := uuid_send(gen_random_uuid());
    actor text := coalesce(
        nullif(current_setting('suhada.actor', true), ''), 'database:' || session_user);
    request text := coalesce(nullif(current_setting('suhada.request_id', true), ''), 'none');
    xid bigint := pg_current_xact_id()::text::bigint;
    body bytea;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN becomes := to_jsonb(NEW); END IF;
    -- RFC 8785: keys in order, no spaces; every value here is plain text.
    body := convert_to(format(
        '{"action":"row.%s","actor":%s,"commitment":"%s","object":%s,"request_id":%s,"xid":"%s"}',
        lower(TG_OP), to_json(actor),
        encode(sha256(salt || convert_to(jsonb_build_array(was, becomes)::text, 'UTF8')), 'hex'),
        to_json(TG_TABLE_NAME || '/' || (coalesce(becomes, was) ->> TG_ARGV[0])),
        to_json(request), xid), 'UTF8');
    INSERT INTO public.audit_rowchange
        (xid, table_name, row_id, operation, actor, request_id, patient_id, salt, before, after,
         body, leaf)
    VALUES
        (xid, TG_TABLE_NAME, coalesce(becomes, was) ->> TG_ARGV[0], lower(TG_OP), actor, request,
         (coalesce(becomes, was) ->> TG_ARGV[1])::uuid, salt, was, becomes,
         body, sha256('\\x00'::bytea || body));
    RETURN NULL;
END $$;
CREATE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.salt IS NULL AND NEW.before IS NULL AND NEW.after IS NULL
        AND NEW.patient_id IS NULL
        AND (NEW.id, NEW.xid, NEW.recorded_at, NEW.table_name, NEW.row_id, NEW.operation,
             NEW.actor, NEW.request_id, NEW.body, NEW.leaf)
          = (OLD.id, OLD.xid, OLD.recorded_at, OLD.table_name, OLD.row_id, OLD.operation,
             OLD.actor, OLD.request_id, OLD.body, OLD.leaf)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'audit_rowchange is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER row_change_is_append_only BEFORE UPDATE OR DELETE ON audit_rowchange
    FOR EACH ROW EXECUTE FUNCTION only_erase();
CREATE VIEW audit_record AS
    SELECT id, xid, recorded_at, body, leaf, 'entry' AS kind FROM audit_auditentry
    UNION ALL
    SELECT id, xid, recorded_at, body, leaf, 'change' AS kind FROM audit_rowchange;
"""
BACKWARD = """
DROP VIEW audit_record;
DROP TRIGGER row_change_is_append_only ON audit_rowchange;
DROP FUNCTION only_erase();
DROP FUNCTION keep_change();
ALTER TABLE audit_rowchange ALTER COLUMN id DROP DEFAULT;
"""


class Migration(migrations.Migration):
    """`keep_change(key column, patient column)` is attached to the clinical tables by their own apps."""

    dependencies = [("audit", "0003_entries_name_patients_by_pseudonym")]
    operations = [
        migrations.CreateModel(
            name='RowChange',
            fields=[
                ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                ('xid', models.BigIntegerField(db_default=models.Func(function='pg_current_xact_id', output_field=models.BigIntegerField(), template='%(function)s()::text::bigint'))),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('table_name', models.CharField(max_length=63)),
                ('row_id', models.CharField(max_length=64)),
                ('operation', models.CharField(max_length=6)),
                ('actor', models.CharField(max_length=120)),
                ('request_id', models.CharField(max_length=64)),
                ('patient_id', models.UUIDField(null=True)),
                ('salt', models.BinaryField(null=True)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('body', models.BinaryField()),
                ('leaf', models.BinaryField()),
            ],
        ),
        migrations.AddIndex(
            model_name='rowchange',
            index=models.Index(fields=['patient_id', 'id'], name='change_by_patient'),
        ),
        migrations.AddIndex(
            model_name='rowchange',
            index=models.Index(fields=['table_name', 'row_id', 'id'], name='change_by_row'),
        ),
        migrations.AddIndex(
            model_name='rowchange',
            index=models.Index(fields=['xid', 'id'], name='change_by_xid'),
        ),
        migrations.AddConstraint(
            model_name='rowchange',
            constraint=models.CheckConstraint(condition=models.Q(('operation__in', ['insert', 'update', 'delete'])), name='row_change_operation_known'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
