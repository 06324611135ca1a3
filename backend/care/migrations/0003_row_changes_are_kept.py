from django.db import migrations

KEPT = {
    "care_emergencyaccess": "'id', 'patient_id'",
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
        ("care", "0002_care_relations"),
        ("audit", "0008_row_changes_name_their_patient"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
