from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while replies are being kept."""

    atomic = False
    dependencies = [("api", "0002_replies_know_their_patient")]
    operations = [
        AddIndexConcurrently(
            model_name="idempotencykey",
            index=models.Index(
                condition=models.Q(("patient_id__isnull", False)),
                fields=["patient_id"],
                name="idempotency_by_patient",
            ),
        ),
    ]
