import django.db.models.deletion
from django.db import migrations, models

OF_A_SENIOR_FINDING = """
CREATE FUNCTION sign_off_is_of_a_senior_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM prescriptions_decision AS said, jsonb_array_elements(said.findings) AS finding
        WHERE said.id = NEW.decision_id
            AND said.prescription_id = NEW.prescription_id
            AND finding ->> 'rule' = NEW.rule
            AND finding ->> 'level' = 'senior'
            AND finding -> 'evidence' = NEW.evidence
    ) THEN
        RAISE EXCEPTION 'only a senior finding is signed off'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_of_a_senior_finding';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_off_of_a_senior_finding BEFORE INSERT ON prescriptions_signoff
    FOR EACH ROW EXECUTE FUNCTION sign_off_is_of_a_senior_finding();
"""
OF_ANYTHING = """
DROP TRIGGER sign_off_of_a_senior_finding ON prescriptions_signoff;
DROP FUNCTION sign_off_is_of_a_senior_finding();
"""
BY_ANOTHER = """
CREATE FUNCTION sign_off_is_by_another_physician() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1
        FROM accounts_user AS signer, prescriptions_prescription AS signed
        WHERE signer.id = NEW.signed_by_id
            AND signer.role = 'physician'
            AND signed.id = NEW.prescription_id
            AND signed.created_by_id <> signer.id
    ) THEN
        RAISE EXCEPTION 'another physician than the one who drafted it signs off'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'sign_off_by_another_physician';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sign_off_by_another_physician BEFORE INSERT ON prescriptions_signoff
    FOR EACH ROW EXECUTE FUNCTION sign_off_is_by_another_physician();
"""
BY_ANYBODY = """
DROP TRIGGER sign_off_by_another_physician ON prescriptions_signoff;
DROP FUNCTION sign_off_is_by_another_physician();
"""
# What is signed rests on an answer about this prescription in which nothing stands in the way: no
# finding above senior, and each senior one signed off, as it was, by somebody who does not approve.
CLEARED = """
CREATE FUNCTION signature_rests_on_a_clear_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM prescriptions_decision
        WHERE id = NEW.decision_id
            AND prescription_id = NEW.prescription_id
            AND purpose = 'prescribe'
            AND decision IN ('clear', 'senior')
    ) OR EXISTS (
        SELECT 1
        FROM prescriptions_decision AS said, jsonb_array_elements(said.findings) AS finding
        WHERE said.id = NEW.decision_id
            AND finding ->> 'level' NOT IN ('counsel', 'warn')
            AND NOT (finding ->> 'level' = 'senior' AND EXISTS (
                SELECT 1
                FROM prescriptions_signoff AS yes
                JOIN prescriptions_prescription AS signed ON signed.id = yes.prescription_id
                WHERE yes.prescription_id = NEW.prescription_id
                    AND yes.rule = finding ->> 'rule'
                    AND yes.evidence = finding -> 'evidence'
                    AND yes.signed_by_id IS DISTINCT FROM signed.decided_by_id
            ))
    ) THEN
        RAISE EXCEPTION 'a finding stands in the way: nothing is signed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'signature_of_what_is_clear';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER signature_of_what_is_clear BEFORE INSERT ON prescriptions_signature
    FOR EACH ROW EXECUTE FUNCTION signature_rests_on_a_clear_answer();
"""
WHATEVER = """
DROP TRIGGER signature_of_what_is_clear ON prescriptions_signature;
DROP FUNCTION signature_rests_on_a_clear_answer();
"""


class Migration(migrations.Migration):
    """Senior findings only are signed off, by another physician; nothing more severe is approved."""

    dependencies = [
        ("accounts", "0003_roles_and_clocks_are_guarded"),
        ("prescriptions", "0003_reassessments"),
    ]
    operations = [
        migrations.AddField(
            model_name="signoff",
            name="decision",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="prescriptions.decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="signoff",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="sign_off_with_reason"
            ),
        ),
        migrations.RunSQL(OF_A_SENIOR_FINDING, OF_ANYTHING),
        migrations.RunSQL(BY_ANOTHER, BY_ANYBODY),
        migrations.RunSQL(CLEARED, WHATEVER),
    ]
