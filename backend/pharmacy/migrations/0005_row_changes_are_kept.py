from django.db import migrations

KEPT = {
    "pharmacy_dispense": "'id', 'patient_id'",
    "pharmacy_medicinereturn": "'id', 'patient_id'",
    "pharmacy_webhookdelivery": "'id', 'patient_id'",
    "pharmacy_webhookattempt": "'id', 'delivery_id', 'pharmacy_webhookdelivery'",
}


def keep(table, columns):
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_change({columns})",
        f"DROP TRIGGER keep_change ON {table}",
    )


class Migration(migrations.Migration):
    """Endpoints are not among the clinical tables: they hold secrets, and concern no patient."""

    dependencies = [
        ("pharmacy", "0004_the_ledger_keeps_the_totals"),
        ("audit", "0008_row_changes_name_their_patient"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
