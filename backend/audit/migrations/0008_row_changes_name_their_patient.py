from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public SET timezone = 'UTC' SET bytea_output = 'hex' AS $$
DECLARE
    was jsonb;
    becomes jsonb;
    kept jsonb;
    patient uuid;
    named text;
    salt bytea := uuid_send(gen_random_uuid());
    actor text := coalesce(
        nullif(current_setting('suhada.actor', true), ''), 'database:' || session_user);
    request text := coalesce(nullif(current_setting('suhada.request_id', true), ''), 'none');
    xid bigint := pg_current_xact_id()::text::bigint;
    body bytea;
BEGIN
    IF TG_OP <> 'INSERT' THEN was := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN becomes := to_jsonb(NEW); END IF;
    kept := coalesce(becomes, was);
    IF TG_NARGS = 3 THEN
        EXECUTE format('SELECT patient_id FROM public.%I WHERE id = $1', TG_ARGV[2])
            INTO patient USING (kept ->> TG_ARGV[1])::uuid;
    ELSE
        patient := kept ->> TG_ARGV[1];
    END IF;
    -- A patient's own row is not named: what is proven outlives erasure, and its key is the patient.
    named := CASE WHEN TG_ARGV[0] = TG_ARGV[1] THEN 'itself' ELSE kept ->> TG_ARGV[0] END;
    -- RFC 8785: keys in order, no spaces, strings escaped no further than they must be.
    body := convert_to(format(
        '{"action":"row.%s","actor":%s,"commitment":"%s","object":%s,"request_id":%s,"xid":"%s"}',
        lower(TG_OP), to_json(actor),
        encode(sha256(salt || convert_to(jsonb_build_array(was, becomes)::text, 'UTF8')), 'hex'),
        to_json(TG_TABLE_NAME || '/' || named), to_json(request), xid), 'UTF8');
    INSERT INTO public.audit_rowchange
        (xid, table_name, row_id, operation, actor, request_id, patient_id, salt, before, after,
         body, leaf)
    VALUES
        (xid, TG_TABLE_NAME, named, lower(TG_OP), actor, request, patient, salt, was, becomes,
         body, sha256('\\x00'::bytea || body));
    RETURN NULL;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION keep_change() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
"""


class Migration(migrations.Migration):
    """`keep_change(key, patient)`; `keep_change(key, parent key, parent table)` where the parent
    knows the patient; `keep_change(key)` where no patient is concerned. One row has one image,
    whatever the session that writes it shows as time or bytes."""

    dependencies = [("audit", "0007_keys_of_the_log_are_known")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
