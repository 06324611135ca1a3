from django.db import migrations, models


class Migration(migrations.Migration):
    """Whom a kept reply concerns, so that it goes with the patient; older ones go in seven days."""

    dependencies = [("api", "0001_idempotency_keys")]
    operations = [
        migrations.AddField(
            model_name="idempotencykey", name="patient_id", field=models.UUIDField(help_text="Whom it concerns: it goes with them.", null=True)
        ),
    ]
