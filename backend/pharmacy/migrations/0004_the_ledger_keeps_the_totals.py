from django.db import migrations

ADD_DISPENSE = """
CREATE FUNCTION pharmacy_add_dispense() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rx record;
BEGIN
    -- The lock comes first, in a statement of its own: the sum below must see what others wrote.
    SELECT status, claimed_by_id, patient_id INTO rx
        FROM prescriptions_prescription WHERE id = NEW.prescription_id FOR UPDATE;
    IF rx.status NOT IN ('claimed', 'partially_dispensed')
        OR rx.claimed_by_id IS DISTINCT FROM NEW.pharmacy_id
        OR rx.patient_id IS DISTINCT FROM NEW.patient_id
    THEN
        RAISE EXCEPTION 'dispense of a prescription that this pharmacy has not claimed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'dispense_only_while_claimed';
    END IF;
    UPDATE prescriptions_prescription
        SET dispensed_capsules = NEW.capsules + GREATEST(dispensed_capsules, (
            SELECT COALESCE(SUM(capsules), 0) FROM pharmacy_dispense
                WHERE prescription_id = NEW.prescription_id))
        WHERE id = NEW.prescription_id;
    RETURN NEW;
END $$;
CREATE TRIGGER dispense_adds_up BEFORE INSERT ON pharmacy_dispense
    FOR EACH ROW EXECUTE FUNCTION pharmacy_add_dispense();
CREATE TRIGGER dispense_is_append_only BEFORE UPDATE OR DELETE ON pharmacy_dispense
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NO_DISPENSE = """
DROP TRIGGER dispense_is_append_only ON pharmacy_dispense;
DROP TRIGGER dispense_adds_up ON pharmacy_dispense;
DROP FUNCTION pharmacy_add_dispense();
"""
ADD_RETURN = """
CREATE FUNCTION pharmacy_add_return() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given record;
    back integer;
BEGIN
    SELECT prescription_id, patient_id, capsules INTO given
        FROM pharmacy_dispense WHERE id = NEW.dispense_id;
    PERFORM 1 FROM prescriptions_prescription WHERE id = given.prescription_id FOR UPDATE;
    SELECT COALESCE(SUM(capsules), 0) INTO back
        FROM pharmacy_medicinereturn WHERE dispense_id = NEW.dispense_id;
    IF back + NEW.capsules > given.capsules OR given.patient_id IS DISTINCT FROM NEW.patient_id
    THEN
        RAISE EXCEPTION 'more capsules returned than were handed over'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'medicine_return_within_dispense';
    END IF;
    UPDATE prescriptions_prescription
        SET returned_capsules = returned_capsules + NEW.capsules, version = version + 1
        WHERE id = given.prescription_id;
    RETURN NEW;
END $$;
CREATE TRIGGER medicine_return_adds_up BEFORE INSERT ON pharmacy_medicinereturn
    FOR EACH ROW EXECUTE FUNCTION pharmacy_add_return();
CREATE TRIGGER medicine_return_is_append_only BEFORE UPDATE OR DELETE ON pharmacy_medicinereturn
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NO_RETURN = """
DROP TRIGGER medicine_return_is_append_only ON pharmacy_medicinereturn;
DROP TRIGGER medicine_return_adds_up ON pharmacy_medicinereturn;
DROP FUNCTION pharmacy_add_return();
"""


class Migration(migrations.Migration):
    """What is handed over counts at once; prescriptions' CHECK refuses a capsule too many."""

    dependencies = [
        ("pharmacy", "0003_dispenses_and_returns"),
        ("prescriptions", "0002_what_was_signed_stays"),
    ]
    operations = [
        migrations.RunSQL(ADD_DISPENSE, NO_DISPENSE),
        migrations.RunSQL(ADD_RETURN, NO_RETURN),
    ]
