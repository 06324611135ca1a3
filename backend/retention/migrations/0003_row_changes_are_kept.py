from django.db import migrations

KEPT = {
    "retention_legalhold": "'id', 'patient_id'",
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
        ("retention", "0002_nothing_is_erased_too_early"),
        ("audit", "0011_erasure_takes_and_nothing_else_does"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
