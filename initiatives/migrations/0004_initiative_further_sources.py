from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("initiatives", "0003_search_index"),
        ("regions", "0005_label_validators"),
    ]

    operations = [
        migrations.AddField(
            model_name="initiative",
            name="further_sources",
            field=models.ManyToManyField(
                blank=True,
                help_text="Where a part of the description comes from another source.",
                related_name="+",
                to="regions.source",
                verbose_name="further sources",
            ),
        ),
    ]
