import django.db.models.deletion
import uuid_utils.compat
from django.db import migrations, models

DECISIONS = ["clear", "senior", "hold", "block", "stop", "urgent"]


class Migration(migrations.Migration):
    """A decision says which rules answered; what a changed pack says of it is kept."""

    dependencies = [
        ("accounts", "0003_roles_and_clocks_are_guarded"),
        ("prescriptions", "0002_what_was_signed_stays"),
        ("worklist", "0001_tasks"),
    ]
    operations = [
        migrations.AddField(
            model_name="decision",
            name="rules_version",
            field=models.CharField(blank=True, db_default="", default="", max_length=16),
        ),
        migrations.CreateModel(
            name="Reassessment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1)),
                ("pack", models.CharField(max_length=40)),
                ("pack_version", models.CharField(max_length=80)),
                ("was", models.CharField(max_length=8)),
                ("becomes", models.CharField(max_length=8)),
                ("rules", models.JSONField()),
                ("asked_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reassessments",
                        to="prescriptions.decision",
                    ),
                ),
                (
                    "patient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.patient",
                    ),
                ),
                (
                    "prescription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="prescriptions.prescription",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="worklist.task",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("decision", "pack_version"),
                        name="reassessment_once_per_decision_and_pack",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("becomes__in", DECISIONS), ("was__in", DECISIONS)),
                        name="reassessment_decisions_known",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            "CREATE TRIGGER reassessment_is_append_only BEFORE UPDATE OR DELETE "
            "ON prescriptions_reassessment FOR EACH ROW EXECUTE FUNCTION refuse_change()",
            "DROP TRIGGER reassessment_is_append_only ON prescriptions_reassessment",
        ),
    ]
