from django.db import migrations

# Whatever was written of a patient, table by table: instants on the patient's clock. Messages
# (notifications, webhooks) and holds are no entries of the record.
INSTANTS = {
    "booking_visit": ["created_at", "confirmed_at", "cancelled_at", "started_at", "ended_at"],
    "booking_visitnote": ["written_at"],
    "care_emergencyaccess": ["granted_at", "ended_at", "reviewed_at"],
    "followups_checkin": ["opened_at", "answered_at"],
    "followups_followup": ["finished_at"],
    "followups_plan": ["created_at"],
    "followups_secondcoursedecision": ["decided_at"],
    "intake_consentsignature": ["signed_at", "withdrawn_at"],
    "intake_intakeresponse": ["started_at", "saved_at", "submitted_at"],
    "pharmacy_dispense": ["handed_over_at"],
    "pharmacy_medicinereturn": ["returned_at"],
    "prescriptions_course": ["created_at", "halted_at", "next_course_allowed_at"],
    "prescriptions_courseclearance": ["resumed_at"],
    "prescriptions_coursehalt": ["halted_at"],
    "prescriptions_decision": ["asked_at"],
    "prescriptions_prescription": ["created_at", "submitted_at", "decided_at", "voided_at"],
    "prescriptions_reassessment": ["asked_at"],
    "prescriptions_signature": ["signed_at"],
    "prescriptions_signoff": ["signed_at"],
    "records_labresult": ["noted_at", "retracted_at"],
    "records_phqscore": ["noted_at", "retracted_at"],
    "records_pregnancytest": ["noted_at", "retracted_at"],
    "records_statement": ["noted_at", "retracted_at"],
    "records_weight": ["noted_at", "retracted_at"],
    "worklist_task": ["opened_at", "done_at"],
}
# Civil days on which treatment ended.
DAYS = {"prescriptions_course": ["ended_on"], "prescriptions_prescription": ["valid_until"]}


def newest(tables):
    return ",\n            ".join(
        f"(SELECT max(greatest({', '.join(columns)})) FROM public.{table} WHERE patient_id = patient)"
        for table, columns in tables.items()
    )


FORWARD = rf"""
CREATE FUNCTION retention_last_entry_on(patient uuid) RETURNS date LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT greatest(
        (greatest(
            whose.created_at,
            {newest(INSTANTS)}
        ) AT TIME ZONE whose.zone)::date,
        {newest(DAYS)}
    ) FROM public.accounts_patient AS whose WHERE whose.id = patient
$$;
""" + r"""
-- The last day of a period of years: the day of the last entry does not count (Civil Code,
-- articles 140 and 143); who was a minor on it is kept until the day before a birthday.
CREATE FUNCTION retention_ends_on(last_on date, born_on date, years integer, minor_until_age integer)
    RETURNS date LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT greatest(
        (last_on + 1 + make_interval(years => years))::date - 1,
        (last_on + make_interval(years => years))::date,
        CASE WHEN minor_until_age > 0 AND last_on < (born_on + make_interval(years => 18))::date
            THEN (born_on + make_interval(years => minor_until_age))::date - 1 END
    )
$$;
CREATE FUNCTION retention_least_years(programme text) RETURNS integer LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE programme WHEN 'jp' THEN 5 WHEN 'us' THEN 6 WHEN 'uk' THEN 8 WHEN 'eu' THEN 10
        ELSE 20 END
$$;
CREATE FUNCTION retention_minor_until_age(programme text) RETURNS integer LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE programme WHEN 'jp' THEN 0 WHEN 'us' THEN 22 WHEN 'uk' THEN 26 WHEN 'eu' THEN 0
        ELSE 26 END
$$;
-- What still goes on: a record that is open is not at its end, however old.
CREATE FUNCTION retention_open_things(patient uuid) RETURNS text[] LANGUAGE sql STABLE
    SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT array_remove(ARRAY[
        CASE WHEN EXISTS (SELECT FROM public.prescriptions_course WHERE patient_id = patient
            AND status NOT IN ('ended', 'cancelled')) THEN 'course' END,
        CASE WHEN EXISTS (SELECT FROM public.prescriptions_prescription WHERE patient_id = patient
            AND status NOT IN ('declined', 'cancelled', 'dispensed', 'voided', 'expired', 'rejected'))
            THEN 'prescription' END,
        CASE WHEN EXISTS (SELECT FROM public.booking_visit WHERE patient_id = patient
            AND status IN ('held', 'booked', 'in_progress')) THEN 'visit' END,
        CASE WHEN EXISTS (SELECT FROM public.worklist_task WHERE patient_id = patient
            AND status = 'open') THEN 'task' END
    ], NULL)
$$;
-- The guard of every erasure, whoever asks for it: on the patient's own clock and days.
CREATE FUNCTION refuse_early_erasure() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    whose record;
    least_years integer;
    until date;
BEGIN
    -- Locks out whoever would place a hold or write of the patient at the same time.
    SELECT patient.*, (coalesce(clock.frozen_at, now()) AT TIME ZONE patient.zone)::date AS today_on,
            clinic.programme
        INTO whose
        FROM public.accounts_patient AS patient
        JOIN public.accounts_clinic AS clinic ON clinic.id = patient.clinic_id
        LEFT JOIN public.accounts_testclock AS clock ON clock.id = patient.test_clock_id
        WHERE patient.id = NEW.patient_id FOR UPDATE OF patient;
    IF NOT FOUND OR whose.clinic_id <> NEW.clinic_id
        OR NEW.patient_ref <> public.public_ref('pt', NEW.patient_id)
    THEN
        RAISE EXCEPTION 'an erasure is of a patient of its clinic'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_of_one_patient';
    END IF;
    IF EXISTS (SELECT FROM public.retention_legalhold
               WHERE patient_id = NEW.patient_id AND lifted_at IS NULL)
    THEN
        RAISE EXCEPTION 'a legal hold stands: erasure refused'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_not_under_hold';
    END IF;
    IF public.retention_open_things(NEW.patient_id) <> '{}' THEN
        RAISE EXCEPTION 'the record is open: erasure refused'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_of_a_closed_record';
    END IF;
    least_years := public.retention_least_years(whose.programme);
    until := public.retention_ends_on(
        public.retention_last_entry_on(NEW.patient_id), whose.birth_on,
        greatest(NEW.years, least_years), public.retention_minor_until_age(whose.programme));
    IF whose.today_on <= until OR NEW.retained_until < until OR NEW.years < least_years THEN
        RAISE EXCEPTION 'the record is kept until %: erasure refused', until
            USING ERRCODE = 'check_violation', CONSTRAINT = 'erasure_after_retention';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER erasure_is_not_early BEFORE INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION refuse_early_erasure();
CREATE FUNCTION keep_key_of_held() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM public.retention_legalhold AS hold WHERE hold.lifted_at IS NULL
               AND public.public_ref('pt', hold.patient_id) = OLD.patient_ref)
    THEN
        RAISE EXCEPTION 'a legal hold stands: the key stays'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_key_not_under_hold';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER key_of_held_patient_stays BEFORE UPDATE ON audit_patientkey
    FOR EACH ROW EXECUTE FUNCTION keep_key_of_held();
-- A hold is lifted once, and blanked with its patient; nothing else becomes of it.
CREATE FUNCTION only_lift() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    ours CONSTANT text[] := ARRAY['lifted_at', 'lifted_by_id', 'lift_reason', 'version'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.lifted_at IS NULL AND NEW.lifted_at IS NOT NULL
        AND NEW.version = OLD.version + 1 AND to_jsonb(NEW) - ours = to_jsonb(OLD) - ours
    THEN RETURN NEW; END IF;
    IF TG_OP = 'UPDATE'
        AND public.erases_only(to_jsonb(OLD), to_jsonb(NEW), ARRAY['reason_text', 'lift_reason'])
    THEN RETURN NEW; END IF;
    RAISE EXCEPTION 'a legal hold is only lifted, once: % refused', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER legal_hold_is_only_lifted BEFORE UPDATE OR DELETE ON retention_legalhold
    FOR EACH ROW EXECUTE FUNCTION only_lift();
CREATE TRIGGER retention_review_is_append_only BEFORE UPDATE OR DELETE ON retention_retentionreview
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_hold_of_erased() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    PERFORM FROM public.accounts_patient WHERE id = NEW.patient_id FOR KEY SHARE;
    IF public.is_erased(NEW.patient_id) THEN
        RAISE EXCEPTION 'the patient was erased: there is nothing to hold'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'legal_hold_of_what_is_there';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER legal_hold_of_what_is_there BEFORE INSERT ON retention_legalhold
    FOR EACH ROW EXECUTE FUNCTION refuse_hold_of_erased();
CREATE FUNCTION erase_retention() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.retention_legalhold SET reason_text = '[erased text]',
            lift_reason = CASE WHEN lift_reason IS NOT NULL THEN '[erased]' END
        WHERE patient_id = NEW.patient_id;
    -- Copies of the trail that show what the patient's key opened.
    DELETE FROM public.auditor_auditexportpart USING public.auditor_auditexport AS export,
            public.audit_patientkey AS key
        WHERE export.id = export_id AND key.patient_ref = NEW.patient_ref
          AND (export.opens @> ARRAY[key.pseudonym] OR export.pseudonym = key.pseudonym);
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_retention AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_retention();
"""
BACKWARD = """
DROP TRIGGER erasure_1_of_retention ON audit_erasure;
DROP FUNCTION erase_retention();
DROP TRIGGER legal_hold_of_what_is_there ON retention_legalhold;
DROP FUNCTION refuse_hold_of_erased();
DROP TRIGGER retention_review_is_append_only ON retention_retentionreview;
DROP TRIGGER legal_hold_is_only_lifted ON retention_legalhold;
DROP FUNCTION only_lift();
DROP TRIGGER key_of_held_patient_stays ON audit_patientkey;
DROP FUNCTION keep_key_of_held();
DROP TRIGGER erasure_is_not_early ON audit_erasure;
DROP FUNCTION refuse_early_erasure();
DROP FUNCTION retention_open_things(uuid);
DROP FUNCTION retention_minor_until_age(text);
DROP FUNCTION retention_least_years(text);
DROP FUNCTION retention_ends_on(date, date, integer, integer);
DROP FUNCTION retention_last_entry_on(uuid);
"""


class Migration(migrations.Migration):
    """Neither under a hold, nor before the law's last day, nor while something goes on."""

    dependencies = [
        ("retention", "0001_legal_holds_and_reviews"),
        ("accounts", "0005_patients_can_be_erased"),
        ("auditor", "0001_exports_of_the_trail"),
        ("booking", "0004_notes_can_be_erased"),
        ("care", "0004_reasons_can_be_erased"),
        ("followups", "0004_answers_can_be_erased"),
        ("intake", "0004_answers_can_be_erased"),
        ("notifications", "0004_notices_can_be_erased"),
        ("outbox", "0003_payloads_can_be_erased"),
        ("pharmacy", "0006_deliveries_can_be_erased"),
        ("prescriptions", "0007_evidence_can_be_erased"),
        ("records", "0005_facts_can_be_erased"),
        ("worklist", "0004_tasks_can_be_erased"),
    ]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
