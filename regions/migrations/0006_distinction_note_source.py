import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0005_label_validators")]

    operations = [
        migrations.AddField(
            model_name="distinction",
            name="note_source",
            field=models.ForeignKey(
                blank=True,
                help_text="Where the note comes from another source.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.source",
                verbose_name="source of the note",
            ),
        ),
    ]
