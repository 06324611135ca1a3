"""What the database kept of rows, for tests."""

from django.db import connection

from backend.audit.models import RowChange


def run(sql, *values):
    """A statement that goes past the code."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def changes_of(row):
    """The kept changes of one row, oldest first. A patient's own row is not named."""
    table = row._meta.db_table
    if table == "accounts_patient":
        found = RowChange.objects.filter(table_name=table, patient_id=row.pk)
    else:
        found = RowChange.objects.filter(table_name=table, row_id=str(row.pk))
    return list(found.order_by("id"))


def last_change_of(row):
    """The newest of them."""
    return changes_of(row)[-1]
