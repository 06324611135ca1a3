from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_roles_and_clocks_are_guarded'),
        ('records', '0002_facts_are_append_only'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='statement',
            name='statement_topic_known',
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('topic__in', ['acne', 'activities', 'allergies', 'breastfeeding', 'checkin', 'conditions', 'contraception', 'family_history', 'growth', 'guardian_consent', 'medicines', 'pregnancy', 'pregnancy_potential', 'procedures', 'programme', 'skin_assessment'])), name='statement_topic_known'),
        ),
    ]
