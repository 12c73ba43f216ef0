from django.db import migrations, models

import regions.models.places


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0004_rank_constraints"),
    ]

    operations = [
        migrations.AlterField(
            model_name="concept",
            name="labels",
            field=models.JSONField(
                help_text="By language; English at least.",
                validators=[regions.models.places.check_labels],
                verbose_name="labels",
            ),
        ),
        migrations.AlterField(
            model_name="country",
            name="labels",
            field=models.JSONField(
                help_text="By language; English at least. Source: Unicode CLDR.",
                validators=[regions.models.places.check_labels],
                verbose_name="names",
            ),
        ),
    ]
