from django.db import migrations, models

FORWARD = r"""
CREATE FUNCTION erase_accounts() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE account uuid;
BEGIN
    UPDATE public.accounts_patient AS patient
        SET name = '[erased]', name_kana = '[erased]', birth_on = '1900-01-01', telephone = '',
            zone = clinic.zone, language = 'ja', identity_document = '',
            identity_verified_at = NULL, identity_verified_by_id = NULL,
            erased_at = NEW.erased_at, version = patient.version + 1
        FROM public.accounts_clinic AS clinic
        WHERE patient.id = NEW.patient_id AND clinic.id = patient.clinic_id
        RETURNING patient.user_id INTO account;
    UPDATE public.accounts_user
        SET email = id || '@erased.invalid', password = '!', is_active = false, last_login = NULL
        WHERE id = account;
    DELETE FROM public.account_emailconfirmation USING public.account_emailaddress AS address
        WHERE address.id = email_address_id AND address.user_id = account;
    DELETE FROM public.account_emailaddress WHERE user_id = account;
    DELETE FROM public.mfa_authenticator WHERE user_id = account;
    DELETE FROM public.api_idempotencykey
        WHERE patient_id = NEW.patient_id OR principal = 'patient:' || public.public_ref('usr', account);
    RETURN NULL;
END $$;
CREATE TRIGGER erasure_1_of_accounts AFTER INSERT ON audit_erasure
    FOR EACH ROW EXECUTE FUNCTION erase_accounts();
"""
BACKWARD = r"""
DROP TRIGGER erasure_1_of_accounts ON audit_erasure;
DROP FUNCTION erase_accounts();
"""


class Migration(migrations.Migration):
    """Of the person an id is left, and of the account a row that nobody signs in with."""

    dependencies = [
        ("accounts", "0004_row_changes_are_kept"),
        ("api", "0002_replies_know_their_patient"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]
    operations = [
        migrations.AddField(
            model_name="patient", name="erased_at", field=models.DateTimeField(null=True)
        ),
        migrations.AddConstraint(
            model_name="patient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(
                        ("identity_document", ""),
                        ("name", "[erased]"),
                        ("name_kana", "[erased]"),
                        ("telephone", ""),
                    ),
                    _connector="OR",
                ),
                name="patient_erased_is_blank",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
