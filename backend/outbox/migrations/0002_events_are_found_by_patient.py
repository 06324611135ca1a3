import django.db.models.fields.json
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Built while events are being written."""

    atomic = False
    dependencies = [("outbox", "0001_outbox_events")]
    operations = [
        AddIndexConcurrently(
            model_name="outboxevent",
            index=models.Index(
                django.db.models.fields.json.KeyTextTransform("patient_id", "payload"),
                name="outbox_by_patient",
            ),
        ),
    ]
