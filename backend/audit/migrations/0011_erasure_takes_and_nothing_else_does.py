import django.db.models.functions.datetime
import uuid_utils.compat
from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION is_erased(patient uuid) RETURNS boolean LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (SELECT FROM public.audit_erasure WHERE patient_id = patient)
$$;
-- `public_id` of backend/kernel/ids.py: 26 letters of five bits each.
CREATE FUNCTION public_ref(prefix text, id uuid) RETURNS text
    LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT prefix || '_' || string_agg(
        substr('0123456789abcdefghjkmnpqrstvwxyz', substring(bits FROM place FOR 5)::bit(5)::int + 1, 1),
        '' ORDER BY place)
    FROM (SELECT B'00' || ('x' || replace(id::text, '-', ''))::bit(128) AS bits) AS number,
        generate_series(1, 126, 5) AS place
$$;
-- Of a patient who was erased nothing changes but these columns, and those become blank.
CREATE FUNCTION erases_only(was jsonb, becomes jsonb, columns text[]) RETURNS boolean
    LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT public.is_erased((was ->> 'patient_id')::uuid) AND becomes - columns = was - columns
        AND NOT EXISTS (
            SELECT FROM unnest(columns) AS name
            WHERE becomes -> name IS DISTINCT FROM was -> name AND becomes -> name NOT IN
                ('null', '""', '{}', '[]', '"[erased]"', '"[erased text]"', '"\\x"'))
$$;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose uuid;
BEGIN
    -- A trigger names the columns that erasure blanks; or with '(row)' that erasure takes the row,
    -- which knows its patient itself or by a parent: '(row)', the key of the parent, its table.
    IF TG_NARGS > 0 AND TG_OP = 'UPDATE'
        AND public.erases_only(to_jsonb(OLD), to_jsonb(NEW), TG_ARGV::text[])
    THEN RETURN NEW; END IF;
    IF TG_NARGS > 0 AND TG_OP = 'DELETE' AND TG_ARGV[0] = '(row)' THEN
        IF TG_NARGS = 3 THEN
            EXECUTE format('SELECT patient_id FROM public.%I WHERE id = $1', TG_ARGV[2])
                INTO whose USING (to_jsonb(OLD) ->> TG_ARGV[1])::uuid;
        ELSE
            whose := (to_jsonb(OLD) ->> 'patient_id')::uuid;
        END IF;
        IF public.is_erased(whose) THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND public.is_erased(OLD.patient_id)
        AND NEW.salt IS NULL AND NEW.before IS NULL AND NEW.after IS NULL
        AND NEW.patient_id IS NULL
        AND (NEW.id, NEW.xid, NEW.recorded_at, NEW.table_name, NEW.row_id, NEW.operation,
             NEW.actor, NEW.request_id, NEW.body, NEW.leaf)
          = (OLD.id, OLD.xid, OLD.recorded_at, OLD.table_name, OLD.row_id, OLD.operation,
             OLD.actor, OLD.request_id, OLD.body, OLD.leaf)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'audit_rowchange is append-only: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION only_destroy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL
        AND NEW.id = OLD.id AND NEW.pseudonym = OLD.pseudonym AND NEW.made_at = OLD.made_at
        AND EXISTS (SELECT FROM public.audit_erasure
                    WHERE patient_ref = OLD.patient_ref AND erased_at = NEW.destroyed_at)
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a patient key can only be destroyed, by an erasure: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
-- Whoever was erased gets no new key: what is recorded after that names nobody by a pseudonym.
CREATE FUNCTION no_key_of_the_erased() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.audit_erasure WHERE patient_ref = NEW.patient_ref)
    THEN RETURN NULL; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER no_key_of_the_erased BEFORE INSERT ON audit_patientkey
    FOR EACH ROW EXECUTE FUNCTION no_key_of_the_erased();
CREATE FUNCTION erase_trail() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.audit_rowchange
        SET patient_id = NULL, salt = NULL, before = NULL, after = NULL
        WHERE patient_id = NEW.patient_id;
    UPDATE public.audit_patientkey
        SET patient_ref = NULL, wrapped = NULL, destroyed_at = NEW.erased_at
        WHERE patient_ref = NEW.patient_ref;
    RETURN NULL;
END $$;
-- Triggers fire in the order of their names: what the others leave in the row changes goes last.
CREATE TRIGGER erasure_9_of_the_trail AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_trail();
CREATE TRIGGER erasure_is_append_only BEFORE UPDATE OR DELETE ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
-- What runs with the owner's rights looks for nothing in temporary tables first.
ALTER FUNCTION keep_change() SET search_path = pg_catalog, public, pg_temp;
"""
BACKWARD = r"""
ALTER FUNCTION keep_change() SET search_path = pg_catalog, public;
DROP TRIGGER erasure_is_append_only ON audit_erasure;
DROP TRIGGER erasure_9_of_the_trail ON audit_erasure;
DROP FUNCTION erase_trail();
DROP TRIGGER no_key_of_the_erased ON audit_patientkey;
DROP FUNCTION no_key_of_the_erased();
CREATE OR REPLACE FUNCTION only_destroy() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.destroyed_at IS NULL AND NEW.destroyed_at IS NOT NULL
        AND NEW.id = OLD.id AND NEW.pseudonym = OLD.pseudonym AND NEW.made_at = OLD.made_at
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a patient key can only be destroyed: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE OR REPLACE FUNCTION only_erase() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
DROP FUNCTION erases_only(jsonb, jsonb, text[]);
DROP FUNCTION public_ref(text, uuid);
DROP FUNCTION is_erased(uuid);
"""


class Migration(migrations.Migration):
    """Only of a patient who was erased is anything taken away, and only what erasure takes."""

    dependencies = [("audit", "0010_bundles_have_signed_manifests")]
    operations = [
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.UUIDField(default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField(default=1)),
                ("patient_id", models.UUIDField(unique=True)),
                ("patient_ref", models.CharField(max_length=40, unique=True)),
                ("clinic_id", models.UUIDField()),
                ("reason", models.CharField(max_length=24)),
                ("years", models.PositiveSmallIntegerField(help_text="How long the record was to be kept.")),
                ("last_entry_on", models.DateField()),
                ("retained_until", models.DateField(help_text="The last day of the period.")),
                ("erased_at", models.DateTimeField(help_text="On the patient's clock.")),
                ("erased_by", models.CharField(max_length=120)),
                ("written_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["retention_ended", "patient_request"])),
                        name="erasure_reason_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("retained_until__gt", models.F("last_entry_on"))),
                        name="erasure_retained_since_last_entry",
                    ),
                ],
                "indexes": [models.Index(fields=["clinic_id", "id"], name="erasure_by_clinic")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
