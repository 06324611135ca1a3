import django.db.models.functions.datetime
from django.db import migrations, models


FORWARD = """
CREATE TRIGGER log_key_is_append_only BEFORE UPDATE OR DELETE ON audit_logkey
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = "DROP TRIGGER log_key_is_append_only ON audit_logkey;"


class Migration(migrations.Migration):
    """The public keys that checkpoints were signed with."""

    dependencies = [
        ('audit', '0006_verifications_are_kept'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('vkey', models.CharField(max_length=300, unique=True)),
                ('introduced_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
