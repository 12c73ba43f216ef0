"""What organisations make of their suggestions, and what they leave out."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0003_outbox"),
        ("organisations", "0003_withdrawn_index"),
        ("regions", "0006_distinction_note_source"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("company", "company"),
                            ("sme", "small or medium-sized enterprise"),
                            ("university", "university"),
                            ("research", "research organisation"),
                            ("cluster", "cluster"),
                            ("public-body", "public body"),
                            ("agency", "agency"),
                            ("technology-park", "technology park"),
                            ("ngo", "non-governmental organisation"),
                            ("other", "other organisation"),
                        ],
                        max_length=16,
                        verbose_name="kind of organisation",
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exclusions",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="regions.region",
                        verbose_name="region",
                    ),
                ),
            ],
            options={
                "verbose_name": "region or kind left out",
                "verbose_name_plural": "regions and kinds left out",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "kind__in",
                                    [
                                        "company",
                                        "sme",
                                        "university",
                                        "research",
                                        "cluster",
                                        "public-body",
                                        "agency",
                                        "technology-park",
                                        "ngo",
                                        "other",
                                    ],
                                ),
                                ("region__isnull", True),
                            ),
                            models.Q(("kind", ""), ("region__isnull", False)),
                            _connector="OR",
                        ),
                        name="exclusion_of_region_or_kind",
                        violation_error_message="Name either a region or a kind of organisation.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("region__isnull", False), ("withdrawn_at__isnull", True)
                        ),
                        fields=("organisation", "region"),
                        name="exclusion_of_region_once",
                        violation_error_message="This region is left out already.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("region__isnull", True), ("withdrawn_at__isnull", True)
                        ),
                        fields=("organisation", "kind"),
                        name="exclusion_of_kind_once",
                        violation_error_message="This kind is left out already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Feedback",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("saved", "saved"), ("dismissed", "dismissed")],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("not-relevant", "not relevant to us"),
                            ("known", "we already know them"),
                            ("too-far", "too far away"),
                            ("competitor", "a competitor"),
                            ("wrong-kind", "the wrong kind of organisation"),
                            ("other", "another reason"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                (
                    "text",
                    models.CharField(blank=True, max_length=500, verbose_name="in their own words"),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="In hundredths of a point.",
                        null=True,
                        verbose_name="score",
                    ),
                ),
                (
                    "signals",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        help_text="Hundredths of a point of each signal.",
                        verbose_name="signals",
                    ),
                ),
                (
                    "weights_version",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="version of the weights"
                    ),
                ),
                (
                    "rank_shown",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="place in the list"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone"),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback",
                        to="organisations.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="feedback_received",
                        to="organisations.organisation",
                        verbose_name="suggested partner",
                    ),
                ),
            ],
            options={
                "verbose_name": "feedback on a suggestion",
                "verbose_name_plural": "feedback on suggestions",
                "ordering": ["-created_at", "-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("organisation", "other"),
                        name="feedback_one_at_a_time",
                        violation_error_message="This partner is saved or dismissed already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("organisation", models.F("other")), _negated=True),
                        name="feedback_on_another",
                        violation_error_message="An organisation is not suggested to itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "saved"), ("reason", ""), ("text", "")),
                            models.Q(
                                ("kind", "dismissed"),
                                (
                                    "reason__in",
                                    [
                                        "not-relevant",
                                        "known",
                                        "too-far",
                                        "competitor",
                                        "wrong-kind",
                                        "other",
                                    ],
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_reason_of_dismissal",
                        violation_error_message="A dismissal has a reason, and nothing else has one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", "other"), ("text", ""), _negated=True),
                        name="feedback_other_reason_in_words",
                        violation_error_message="Say in a few words what the other reason is.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("score__isnull", True), ("weights_version", "")),
                            models.Q(
                                ("score__isnull", False),
                                ("score__range", (0, 10000)),
                                models.Q(("weights_version", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="feedback_score_with_its_weights",
                        violation_error_message="A score is from 0 to 100, and names its weights.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rank_shown__isnull", True), ("rank_shown__gte", 1), _connector="OR"
                        ),
                        name="feedback_rank_from_1",
                        violation_error_message="The first place of a list is 1.",
                    ),
                ],
            },
        ),
    ]
