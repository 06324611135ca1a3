from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION refuse_foreign_clock() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.test_clock_id IS DISTINCT FROM OLD.test_clock_id THEN
        RAISE EXCEPTION 'a patient keeps the time of the registration'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_keeps_clock';
    END IF;
    IF NEW.test_clock_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM public.accounts_testclock
            WHERE id = NEW.test_clock_id AND clinic_id = NEW.clinic_id) THEN
        RAISE EXCEPTION 'the test clock belongs to another clinic'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_clock_of_clinic';
    END IF;
    RETURN NEW;
END $$;
"""
BACKWARD = """
CREATE OR REPLACE FUNCTION refuse_foreign_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.test_clock_id IS NOT NULL
            AND NEW.test_clock_id IS DISTINCT FROM OLD.test_clock_id THEN
        RAISE EXCEPTION 'a patient never leaves a test clock'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_keeps_clock';
    END IF;
    IF NEW.test_clock_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM accounts_testclock
            WHERE id = NEW.test_clock_id AND clinic_id = NEW.clinic_id) THEN
        RAISE EXCEPTION 'the test clock belongs to another clinic'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'patient_clock_of_clinic';
    END IF;
    RETURN NEW;
END $$;
"""


class Migration(migrations.Migration):
    """A real patient is given no clock later: one in the future would end the time for which the
    law has the record kept (retention, migration 0002, asks the patient's own clock)."""

    dependencies = [("accounts", "0005_patients_can_be_erased")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
