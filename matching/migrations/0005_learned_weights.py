from django.db import migrations

VERSION = "2026.2"


def learned(apps, schema_editor):
    weights = apps.get_model("matching", "ScoringWeights")
    in_force = weights.objects.filter(in_force=True)
    if weights.objects.filter(version=VERSION).exists():
        return
    takes_over = set(in_force.values_list("version", flat=True)) <= {"2026.1"}
    if takes_over:
        in_force.update(in_force=False)
    weights.objects.create(
        version=VERSION,
        complementarity=35,
        shared_priorities=13,
        value_chain=15,
        track_record=34,
        regional_fit=2,
        experience=1,
        note=(
            "Learned from Horizon 2020: history before 2016, partnerships formed in 2016. "
            "Complementarity and value chain, which that history lacks, keep their declared "
            "weights. See docs/match-quality.md."
        ),
        in_force=takes_over,
    )


def forgotten(apps, schema_editor):
    weights = apps.get_model("matching", "ScoringWeights")
    was_in_force = weights.objects.filter(version=VERSION, in_force=True).exists()
    weights.objects.filter(version=VERSION).delete()
    if was_in_force:
        weights.objects.filter(version="2026.1").update(in_force=True)


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_feedback")]

    operations = [migrations.RunPython(learned, forgotten)]
