from django.db import migrations, models

FORWARD = """
CREATE TRIGGER verification_is_append_only BEFORE UPDATE OR DELETE ON audit_verification
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
BACKWARD = """
DROP TRIGGER verification_is_append_only ON audit_verification;
"""


class Migration(migrations.Migration):
    """What each look at the whole trail found."""

    dependencies = [("audit", "0005_the_trail_is_sealed")]
    operations = [
        migrations.CreateModel(
            name='Verification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ran_at', models.DateTimeField()),
                ('records', models.BigIntegerField()),
                ('tree_size', models.BigIntegerField()),
                ('is_sound', models.BooleanField()),
                ('findings', models.JSONField()),
            ],
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
