from django.db import migrations

KEPT = {
    "followups_plan": "'id', 'patient_id'",
    "followups_followup": "'id', 'patient_id'",
    "followups_checkin": "'id', 'patient_id'",
    "followups_secondcoursedecision": "'id', 'patient_id'",
    "followups_escalation": "'id', 'task_id', 'worklist_task'",
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
        ("followups", "0002_what_was_answered_stays"),
        ("audit", "0008_row_changes_name_their_patient"),
        ("worklist", "0001_tasks"),
    ]
    operations = [keep(table, columns) for table, columns in KEPT.items()]
