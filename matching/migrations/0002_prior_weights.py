"""The declared prior: the weights in force until history has taught better ones."""

from django.db import migrations


def declare(apps, schema_editor):
    apps.get_model("matching", "ScoringWeights").objects.create(
        version="2026.1",
        complementarity=35,
        shared_priorities=15,
        value_chain=15,
        track_record=20,
        regional_fit=8,
        experience=7,
        note=(
            "Declared prior. Horizon 2020 holds no needs and few segments, so history cannot "
            "teach the first and third; the others await a time-split experiment."
        ),
        in_force=True,
    )


def withdraw(apps, schema_editor):
    apps.get_model("matching", "ScoringWeights").objects.filter(version="2026.1").delete()


class Migration(migrations.Migration):
    dependencies = [("matching", "0001_initial")]
    operations = [migrations.RunPython(declare, withdraw)]
