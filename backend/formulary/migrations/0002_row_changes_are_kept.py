from django.db import migrations

KEPT = {
    "formulary_product": "'id'",
    "formulary_lot": "'id'",
}


def keep(table, columns):
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_change({columns})",
        f"DROP TRIGGER keep_change ON {table}",
    )


class Migration(migrations.Migration):
    """What a dose is computed from is clinical, though it concerns no one patient."""

    dependencies = [
        ("formulary", "0001_products_and_lots"),
        ("audit", "0008_row_changes_name_their_patient"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
