import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_unaccented")]

    operations = [
        migrations.AddField(
            model_name="region",
            name="summary_source",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.source",
                verbose_name="source of the summary",
            ),
        ),
    ]
