"""The list of suggestions on an organisation's page: asked for, put into words, and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import User
from matching.feedback.hidden import Choices, Standing, choices_for, standing_of
from matching.feedback.models import Exclusion, Feedback
from matching.forms import DismissalForm, SuggestionFilter
from matching.index import IndexNotBuilt
from matching.keeping import kept
from matching.profiles.steps import where_given
from matching.results import Match, Unknown
from matching.sentences import missing, sentence, shortfalls
from matching.services import ANYONE, Wanted, suggestions_for
from organisations.models import Organisation


@dataclass(frozen=True)
class Shown:
    """One suggestion as it is shown: what its buttons need, and the rest as HTML.

    The HTML is the same for every reader of one voice; buttons, which carry a reader's own token,
    are never kept.
    """

    rank: int
    pk: int
    slug: str
    name: str
    region: str  # slug of the home region, empty where it is unknown
    region_name: str
    kind: str
    kind_label: str
    updated_at: datetime
    html: SafeString


@dataclass(frozen=True)
class Lacking:
    """What every suggestion lacks, and the most that it could bring."""

    text: str
    possible_points: Decimal
    url: str = ""  # where an editor gives it


@dataclass(frozen=True)
class Kept:
    """A list that was rendered, and what the organisation could add to it."""

    shown: tuple[Shown, ...]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True)
class Reader:
    """Who reads an organisation's suggestions: what they may do, and what they hid or saved."""

    standing: Standing
    choices: Choices
    may_edit: bool = False

    @classmethod
    def of(cls, user: User | AnonymousUser, organisation: Organisation) -> Reader:
        standing = standing_of(reader=user, organisation=organisation)
        return cls(
            standing,
            choices_for(organisation=organisation, standing=standing),
            may_edit=standing.is_team and standing.may_choose,
        )


def suggestion_context(
    organisation: Organisation,
    form: SuggestionFilter,
    reader: Reader,
    *,
    done: Feedback | Exclusion | None = None,
    refused: DismissalForm | None = None,
    refused_at: int | None = None,
    wanted: Wanted = ANYONE,
    at_once: bool = False,
) -> dict[str, Any]:
    """All that ``components/suggestions.html`` shows; nothing is suggested for a malformed form.

    ``done`` is what the reader has just chosen; ``refused`` is a dismissal that was not
    understood, of the organisation ``refused_at``. ``wanted`` and ``at_once`` are as in
    `suggestions_for`.
    """
    valid, prepared, found = form.is_valid(), True, Kept((), ())
    if valid:
        try:
            found = (
                made_list(organisation, form, reader, wanted=wanted, at_once=True)
                if at_once
                else kept_list(organisation, form, reader)
            )
        except IndexNotBuilt:
            prepared = False
    said = said_of(done) if done else None
    more = form.more if valid and len(found.shown) == form.cleaned_data["show"] else None
    return {
        "organisation": organisation,
        "filter_form": form,
        "shown": found.shown,
        "lacking": found.lacking,
        "is_prepared": prepared,
        "is_narrowed": bool(wanted) or (valid and form.is_narrowed),
        "more": more,
        "query_more": form.query_with(show=more) if more else "",
        "standing": reader.standing,
        "choices": reader.choices,
        "reasons": Feedback.Reason.choices,
        "done": said,
        "done_takes_focus": said is not None and said.other not in {one.pk for one in found.shown},
        "refused": refused,
        "refused_at": refused_at,
    }


def wants_list(request: HttpRequest) -> bool:
    """Whether htmx asks for the list alone; a page that it restores from history is whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in headers


def seated(organisations: QuerySet[Organisation]) -> QuerySet[Organisation]:
    """Organisations with what the list alone says of them."""
    return organisations.select_related("home_region", "country")


def list_answer(
    request: HttpRequest,
    organisation: Organisation,
    form: SuggestionFilter,
    reader: Reader,
    **chosen: Any,
) -> HttpResponse:
    """The list alone, for htmx, with the address that stands for it in the browser."""
    context = suggestion_context(organisation, form, reader, **chosen)
    answer = render(
        request,
        "components/suggestions.html",
        {**context, "is_swapped": True},
        status=status_of(context),
    )
    patch_vary_headers(answer, ["HX-Request"])
    if answer.status_code == HTTPStatus.OK:
        answer.headers["HX-Replace-Url"] = address_of(organisation, form.query)
    return answer


def status_of(context: dict[str, Any]) -> HTTPStatus:
    """400 where the address or a dismissal was not understood."""
    understood = context["filter_form"].is_valid() and context["refused"] is None
    return HTTPStatus.OK if understood else HTTPStatus.BAD_REQUEST


def address_of(organisation: Organisation, query: str) -> str:
    """The list's address."""
    address = organisation.get_absolute_url()
    return (f"{address}?{query}" if query else address) + "#suggestions"


def name_of(row: Feedback | Exclusion) -> str:
    """A choice as an address speaks of it: ``done=feedback-12``."""
    return f"{row._meta.model_name}-{row.pk}"


def done_of(organisation: Organisation, name: str) -> Feedback | Exclusion | None:
    """The choice of this organisation that goes by this name; None for anything else."""
    kind, _dash, number = name.partition("-")
    if not (number.isascii() and number.isdecimal() and len(number) < 19):
        return None
    if kind == "feedback":
        rows = Feedback.objects.select_related("other")
    elif kind == "exclusion":
        rows = Exclusion.objects.select_related("region")
    else:
        return None
    row: Feedback | Exclusion | None = rows.filter(organisation=organisation, pk=number).first()
    return row


@dataclass(frozen=True)
class Done:
    """What was just chosen, in words, and the address that undoes it; none for what is undone."""

    text: str
    undo: str = ""
    other: int | None = None  # the partner it is about


def said_of(row: Feedback | Exclusion) -> Done:
    """A choice in words."""
    slug = row.organisation.slug
    if isinstance(row, Feedback):
        public = row.other.is_public
        name = {"name": row.other.known_as if public else _("An organisation no longer public")}
        saved = row.kind == Feedback.Kind.SAVED
        if row.withdrawn_at:
            undone = _("%(name)s is no longer saved.") if saved else _("%(name)s may be suggested.")
            return Done(undone % name, other=row.other_id)
        text = _("%(name)s is saved.") if saved else _("%(name)s will not be suggested again.")
        return Done(
            text % name,
            reverse("organisations:take-back", args=[slug, row.pk]),
            row.other_id,
        )
    what = {"what": row.what}
    if row.withdrawn_at:
        again = (
            _("Partners from %(what)s may be suggested again.")
            if row.region
            else _("Partners of this kind may be suggested again: %(what)s.")
        )
        return Done(again % what)
    gone = (
        _("Nobody from %(what)s is suggested any more.")
        if row.region
        else _("Nobody of this kind is suggested any more: %(what)s.")
    )
    return Done(
        gone % what,
        reverse("organisations:bring-back", args=[slug, row.pk]),
    )


def kept_list(organisation: Organisation, form: SuggestionFilter, reader: Reader) -> Kept:
    """The list, kept from one reader to the next of the same voice. Raises `IndexNotBuilt`."""
    asked = form.cleaned_data
    return kept(
        lambda: made_list(organisation, form, reader),
        lambda answer: {one.pk: one.updated_at for one in answer.shown},
        kind="page",
        organisation=organisation,
        ranking=form.ranking,
        hidden=reader.choices.hidden,
        asked=(
            asked["region"].pk if asked["region"] else None,
            asked["country"],
            asked["show"],
            reader.standing.is_team,
            reader.may_edit,
            weights_query(form),
        ),
    )


def made_list(
    organisation: Organisation,
    form: SuggestionFilter,
    reader: Reader,
    *,
    wanted: Wanted = ANYONE,
    at_once: bool = False,
) -> Kept:
    """Ask the index, and render every suggestion. Raises `IndexNotBuilt`."""
    asked, to_you = form.cleaned_data, reader.standing.is_team
    matches = suggestions_for(
        organisation=organisation,
        limit=asked["show"],
        region=asked["region"],
        country=asked["country"] or None,
        ranking=form.ranking,
        hidden=reader.choices.hidden,
        wanted=wanted,
        at_once=at_once,
    )
    weights = weights_query(form)
    return Kept(
        tuple(
            _shown(match, rank, to_you=to_you, may_edit=reader.may_edit, weights=weights)
            for rank, match in enumerate(matches, start=1)
        ),
        tuple(
            Lacking(
                missing(item, matches[0], to_you=to_you),
                item.possible_points,
                where_given(item.missing, organisation)
                if reader.may_edit and item.side == "a"
                else "",
            )
            for item in missing_everywhere(matches)
        ),
    )


def weights_query(form: SuggestionFilter) -> str:
    """The reader's own weights, for the address of a pair; empty for ours."""
    if form.ranking.is_ours:
        return ""
    return urlencode({slider.signal: slider.value for slider in form.sliders})


def _shown(match: Match, rank: int, *, to_you: bool, may_edit: bool, weights: str) -> Shown:
    other = match.organisation
    return Shown(
        rank=rank,
        pk=other.pk,
        slug=other.slug,
        name=other.known_as,
        region=other.home_region.slug if other.home_region else "",
        region_name=other.home_region.label if other.home_region else "",
        kind=other.kind,
        kind_label=str(other.get_kind_display()),
        updated_at=other.updated_at,
        html=render_to_string(
            "components/match_item.html",
            {
                "match": match,
                "sentence": sentence(match, to_you=to_you),
                "shortfalls": shortfalls(match, to_you=to_you, may_edit=may_edit),
                "weights": weights,
            },
        ),
    )


def missing_everywhere(matches: Sequence[Match]) -> list[Unknown]:
    """What every suggestion lacks, so what the organisation itself could add; each with the most
    that it could bring."""
    if not matches:
        return []
    common = set.intersection(*({item.reason for item in match.unknown} for match in matches))
    best: dict[str, Unknown] = {}
    for match in matches:
        for item in match.unknown:
            known = best.get(item.reason)
            if item.reason in common and (
                known is None or item.possible_points > known.possible_points
            ):
                best[item.reason] = item
    return list(best.values())
