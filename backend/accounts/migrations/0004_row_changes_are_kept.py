from django.db import migrations

KEPT = {
    "accounts_patient": "'id', 'id'",
}


def keep(table, columns):
    return migrations.RunSQL(
        f"CREATE TRIGGER keep_change AFTER INSERT OR UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION keep_change({columns})",
        f"DROP TRIGGER keep_change ON {table}",
    )


class Migration(migrations.Migration):
    """A patient is one of the clinical tables; accounts are not: their changes are entries, and passwords must not be kept."""

    dependencies = [
        ("accounts", "0003_roles_and_clocks_are_guarded"),
        ("audit", "0008_row_changes_name_their_patient"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
