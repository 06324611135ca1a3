from django.db import migrations

KEPT = {
    "prescriptions_course": "'id', 'patient_id'",
    "prescriptions_coursehalt": "'id', 'patient_id'",
    "prescriptions_courseclearance": "'id', 'patient_id'",
    "prescriptions_prescription": "'id', 'patient_id'",
    "prescriptions_decision": "'id', 'patient_id'",
    "prescriptions_reassessment": "'id', 'patient_id'",
    "prescriptions_signoff": "'id', 'patient_id'",
    "prescriptions_signature": "'id', 'patient_id'",
}


def keep(table, columns):
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_change({columns})",
        f"DROP TRIGGER keep_change ON {table}",
    )


class Migration(migrations.Migration):
    """Before and after of every row, however it is written."""

    dependencies = [
        ("prescriptions", "0004_sign_offs_are_of_senior_findings"),
        ("audit", "0008_row_changes_name_their_patient"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
