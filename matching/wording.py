"""Facts of matching in words: what is missing, what is shared, why two regions fit."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from matching import regional
from matching.evidence import Background
from matching.results import Evidence
from regions.models import Concept, Region
from regions.own_texts import said


def missing_sentence(reason: str) -> str:
    """What a side lacks, as a sentence with ``%(organisation)s``."""
    return {
        "no_needs": _("%(organisation)s lists no needs yet"),
        "no_offers": _("%(organisation)s lists no offers yet"),
        "no_interests": _("%(organisation)s lists no interests yet"),
        "no_segments": _("%(organisation)s names no segment of the hydrogen value chain yet"),
        "no_projects": _("%(organisation)s has no project on record"),
        "region_unknown": _("The home region of %(organisation)s is unknown"),
        "no_record": _("%(organisation)s has no recent project with another region on record"),
    }[reason]


def shared_label(concept: Concept | None) -> str:
    """What sharing an interest in this concept means, in words."""
    if concept is None:
        return _("Both care about a concept that is no longer in use")
    sentences = {
        "green-transition": _("Both work on the green transition"),
        "digital-transition": _("Both work on the digital transition"),
        "training-and-jobs": _("Both work on training and jobs for the future"),
        "excellence-sectors": _("Both work in an excellence sector of their region"),
    }
    if concept.vocabulary.scheme == "themes" and concept.code in sentences:
        return sentences[concept.code]
    return {
        "h2020-programme-parts": _("Both take part in the programme %(concept)s"),
        "industrial-ecosystems": _("Both are active in the ecosystem %(concept)s"),
    }.get(concept.vocabulary.scheme, _("Both care about %(concept)s")) % {"concept": concept.label}


def regional_reason(
    kind: int, number: int, regions: Sequence[Region], known: Background
) -> tuple[str, tuple[Evidence, ...]]:
    """The label and evidence of one reason why two regions fit."""
    if kind == regional.PRIORITY_REASON:
        return (
            _("Both regions give priority to %(concept)s")
            % {"concept": known.concept_label(number)},
            tuple(
                dict.fromkeys(
                    Evidence(
                        kind="priority",
                        label=f"{region.label}: {priority}",
                        url=region.get_absolute_url() + "#priorities",
                        is_illustrative=priority.source.is_illustrative,
                        side=side,
                    )
                    for side, region in zip("ab", regions, strict=True)
                    for priority in known.priorities.get((region.pk, number), [])
                )
            ),
        )
    if kind == regional.NETWORK_REASON:
        network = known.networks.get(number)
        name = said(network.name) if network else _("a network that is no longer listed")
        return (
            _("Both regions are in %(network)s") % {"network": name},
            tuple(
                Evidence("network", region.label, region.get_absolute_url() + "#networks")
                for region in regions
            ),
        )
    first, second = regions
    return (
        ngettext(
            "%(count)d joint project of both regions so far",
            "%(count)d joint projects of both regions so far",
            number,
        )
        % {"count": number},
        (
            Evidence(
                kind="region-projects",
                label=f"{first.name} – {second.name}",
                url=reverse("regions:pair", args=[first.slug, second.slug]) + "#history",
            ),
        ),
    )


def project_count(count: int) -> str:
    return ngettext("%(count)d project", "%(count)d projects", count) % {"count": count}
