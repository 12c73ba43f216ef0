from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("regions", "0003_region_summary_source")]

    operations = [
        migrations.RemoveConstraint(model_name="keyfigure", name="key_figure_rank_has_scope"),
        migrations.RemoveConstraint(model_name="keyfigure", name="key_figure_rank_within"),
        migrations.AddConstraint(
            model_name="keyfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(rank__isnull=True, rank_scope="")
                | (models.Q(rank__isnull=False, rank__gte=1) & ~models.Q(rank_scope="")),
                name="key_figure_rank_has_scope",
                violation_error_message="A rank needs its scope, and a scope its rank.",
            ),
        ),
        migrations.AddConstraint(
            model_name="keyfigure",
            constraint=models.CheckConstraint(
                condition=models.Q(rank_of__isnull=True)
                | models.Q(rank__isnull=False, rank__lte=models.F("rank_of")),
                name="key_figure_rank_within",
                violation_error_message="A rank is at most the number of regions ranked.",
            ),
        ),
    ]
