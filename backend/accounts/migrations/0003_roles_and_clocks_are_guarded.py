from django.db import migrations

FORWARD = """
CREATE FUNCTION refuse_profile_of_other_role() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE found_role text;
BEGIN
    SELECT role INTO found_role FROM accounts_user WHERE id = NEW.user_id FOR SHARE;
    IF (TG_TABLE_NAME = 'accounts_patient') <> (found_role = 'patient') THEN
        RAISE EXCEPTION 'a profile in % does not fit the role %', TG_TABLE_NAME, found_role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'profile_fits_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER patient_fits_role BEFORE INSERT OR UPDATE OF user_id ON accounts_patient
    FOR EACH ROW EXECUTE FUNCTION refuse_profile_of_other_role();
CREATE TRIGGER staff_member_fits_role BEFORE INSERT OR UPDATE OF user_id ON accounts_staffmember
    FOR EACH ROW EXECUTE FUNCTION refuse_profile_of_other_role();

CREATE FUNCTION refuse_role_of_other_profile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.role = 'patient' AND EXISTS (
            SELECT FROM accounts_staffmember WHERE user_id = NEW.id))
        OR (NEW.role <> 'patient' AND EXISTS (
            SELECT FROM accounts_patient WHERE user_id = NEW.id)) THEN
        RAISE EXCEPTION 'the role % does not fit the profile', NEW.role
            USING ERRCODE = 'check_violation', CONSTRAINT = 'profile_fits_role';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER role_fits_profile BEFORE UPDATE OF role ON accounts_user
    FOR EACH ROW WHEN (NEW.role <> OLD.role) EXECUTE FUNCTION refuse_role_of_other_profile();

CREATE FUNCTION refuse_clock_going_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a clock only moves forward'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'test_clock_only_forward';
END $$;
CREATE TRIGGER test_clock_only_forward BEFORE UPDATE ON accounts_testclock
    FOR EACH ROW WHEN (NEW.frozen_at < OLD.frozen_at)
    EXECUTE FUNCTION refuse_clock_going_back();

CREATE FUNCTION refuse_foreign_clock() RETURNS trigger LANGUAGE plpgsql AS $$
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
CREATE TRIGGER patient_clock_of_clinic
    BEFORE INSERT OR UPDATE OF test_clock_id, clinic_id ON accounts_patient
    FOR EACH ROW EXECUTE FUNCTION refuse_foreign_clock();
"""
BACKWARD = """
DROP TRIGGER patient_clock_of_clinic ON accounts_patient;
DROP FUNCTION refuse_foreign_clock();
DROP TRIGGER test_clock_only_forward ON accounts_testclock;
DROP FUNCTION refuse_clock_going_back();
DROP TRIGGER role_fits_profile ON accounts_user;
DROP FUNCTION refuse_role_of_other_profile();
DROP TRIGGER staff_member_fits_role ON accounts_staffmember;
DROP TRIGGER patient_fits_role ON accounts_patient;
DROP FUNCTION refuse_profile_of_other_role();
"""


class Migration(migrations.Migration):
    """One account has one role and the profile that fits it; a test clock never moves back."""

    dependencies = [("accounts", "0002_checks_on_people_and_clocks")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
