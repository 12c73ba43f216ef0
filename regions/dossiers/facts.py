"""Adding, changing and deleting one fact of a dossier."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from regions import keeping
from regions.dossiers.forms import SourcedForm
from regions.dossiers.sections import Section, differences, section_of, shown
from regions.dossiers.views import GETS_AND_POSTS, for_editors, open_anew, put_errors, status_of
from regions.filters import LONGEST_QUERY
from regions.keeping import EditedMeanwhile, NotByHand
from regions.models import Concept, Indicator, KeyFigure, Priority, Region
from regions.own_texts import said
from regions.querysets import concepts_named

CONCEPTS_SHOWN = 30


@require_http_methods(GETS_AND_POSTS)
@for_editors
def add(request: HttpRequest, region: Region, user: User, *, section: str) -> HttpResponse:
    """A new fact; a priority's concept is searched for first."""
    part = section_of(section)
    fact = part.model(region=region)
    if isinstance(fact, Priority):
        concept = _concept(request.POST.get("concept") or request.GET.get("concept", ""))
        if concept is None:
            return _search_page(request, region, part)
        fact.concept = concept
    if request.method != "POST":
        form = part.form(instance=fact, region=region, initial=_prefilled(request, part))
        return _page(request, region, part, form)
    form = part.form(request.POST, instance=fact, region=region)
    if form.is_valid():
        try:
            keeping.add(fact=form.instance, by=user, new_source=form.new_source)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Added: %(fact)s.") % {"fact": in_words(form.instance)})
            return redirect("regions:dossier", region.slug)
    return _page(request, region, part, form)


@require_http_methods(GETS_AND_POSTS)
@for_editors
def change(
    request: HttpRequest, region: Region, user: User, *, section: str, pk: int
) -> HttpResponse:
    """A fact as it is, to be corrected."""
    part = section_of(section)
    fact = _stored(part, region, pk)
    if fact is None:
        return _deleted_meanwhile(request, region, part, pk)
    if not keeping.is_by_hand(fact):
        return _not_by_hand(request, region, part, fact)
    if request.method != "POST":
        return _page(request, region, part, part.form(instance=fact, region=region))
    form = part.form(request.POST, instance=fact, region=region)
    if form.is_valid():
        try:
            keeping.change(
                fact=form.instance,
                expected=form.cleaned_data["opened"],
                by=user,
                new_source=form.new_source,
            )
        except EditedMeanwhile as clash:
            if clash.present is None:
                return _deleted_meanwhile(request, region, part, pk)
            return _page(request, region, part, form, present=clash.present)
        except ValidationError as error:
            put_errors(form, error)
        else:
            messages.success(request, _("Saved: %(fact)s.") % {"fact": in_words(form.instance)})
            return redirect("regions:dossier", region.slug)
    return _page(request, region, part, form)


@require_http_methods(GETS_AND_POSTS)
@for_editors
def delete(
    request: HttpRequest, region: Region, user: User, *, section: str, pk: int
) -> HttpResponse:
    """Ask once more, then delete; the history keeps what it was."""
    part = section_of(section)
    fact = _stored(part, region, pk)
    if fact is None:
        messages.info(request, _("This was deleted already."))
        return redirect("regions:dossier", region.slug)
    has_changed = False
    if request.method == "POST":
        try:
            keeping.delete(fact=fact, expected=request.POST.get("opened", ""), by=user)
        except EditedMeanwhile:
            has_changed = True
        except NotByHand:
            return _not_by_hand(request, region, part, fact)
        else:
            messages.success(request, _("Deleted: %(fact)s.") % {"fact": in_words(fact)})
            return redirect("regions:dossier", region.slug)
    if not keeping.is_by_hand(fact):
        return _not_by_hand(request, region, part, fact)
    names = [*part.form.base_fields, "source"]
    return render(
        request,
        "regions/dossier_delete.html",
        {
            "region": region,
            "section": part,
            "fact": fact,
            "opened": keeping.digest_of(fact),
            "has_changed": has_changed,
            "values": [
                (field.verbose_name, shown(fact, field.name))
                for field in fact._meta.concrete_fields
                if field.name in names
            ],
        },
        status=HTTPStatus.CONFLICT if has_changed else HTTPStatus.OK,
    )


def in_words(fact: Any) -> str:
    """A fact as it was understood, so that a misread number shows at once."""
    if not isinstance(fact, KeyFigure):
        return str(fact)
    unit = f" {said(fact.indicator.unit)}" if fact.indicator.unit else ""
    return f"{fact.indicator}: {shown(fact, 'value')}{unit} ({fact.year or '–'})"


def _stored(part: Section, region: Region, pk: int) -> Any:
    return part.model.objects.filter(region=region, pk=pk).select_related(*part.fetched).first()


def _prefilled(request: HttpRequest, part: Section) -> dict[str, Any]:
    """For an update of an old figure: what it measures."""
    if part.model is not KeyFigure:
        return {}
    indicator = Indicator.objects.filter(slug=request.GET.get("indicator", "")).first()
    return {"indicator": indicator} if indicator else {}


def _concept(key: str) -> Concept | None:
    if not key:
        return None
    rows = Concept.objects.select_related("vocabulary")
    concept = rows.filter(pk=int(key)).first() if key.isdecimal() and len(key) < 18 else None
    if concept is None:
        raise Http404(_("There is no such concept."))
    return concept


def _search_page(request: HttpRequest, region: Region, part: Section) -> HttpResponse:
    query = request.GET.get("q", "")[:LONGEST_QUERY].strip()
    concepts: list[Concept] = []
    if query:
        concepts = list(
            concepts_named(Concept.objects.select_related("vocabulary"), query).order_by(
                "vocabulary__title", "position", "pk"
            )[: CONCEPTS_SHOWN + 1]
        )
    return render(
        request,
        "regions/dossier_concept.html",
        {
            "region": region,
            "section": part,
            "query": query,
            "concepts": concepts[:CONCEPTS_SHOWN],
            "has_more": len(concepts) > CONCEPTS_SHOWN,
        },
        status=HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK,
    )


def _deleted_meanwhile(
    request: HttpRequest, region: Region, part: Section, pk: int
) -> HttpResponse:
    """Nothing is lost: what was written can be added as a new fact."""
    past = part.model.history.filter(id=pk, region_id=region.pk).first()
    if past is None:
        raise Http404(_("A dossier has no such entry."))
    if request.method != "POST":
        messages.info(request, _("This was deleted meanwhile."))
        return redirect("regions:dossier", region.slug)
    fact = part.model(region=region)
    data = request.POST.copy()
    for name in ("concept", "indicator", "year"):
        kept = getattr(past, f"{name}_id", getattr(past, name, None))
        if kept is not None:
            data.setdefault(name, str(kept))
    if isinstance(fact, Priority):
        fact.concept_id = past.concept_id
    form = part.form(data, instance=fact, region=region)
    form.is_valid()
    return _page(request, region, part, form, is_deleted=True)


def _not_by_hand(
    request: HttpRequest, region: Region, part: Section, fact: KeyFigure
) -> HttpResponse:
    return render(
        request,
        "regions/dossier_not_by_hand.html",
        {"region": region, "section": part, "fact": fact, "said": in_words(fact)},
        status=HTTPStatus.BAD_REQUEST if request.method == "POST" else HTTPStatus.OK,
    )


def _page(
    request: HttpRequest,
    region: Region,
    part: Section,
    form: SourcedForm,
    *,
    present: Any = None,
    is_deleted: bool = False,
) -> HttpResponse:
    is_clash = present is not None
    clashes = []
    if present is not None:
        stored_in = {field.name for field in part.model._meta.concrete_fields}
        names = [name for name in form.fields if name in stored_in]
        named = form.new_source.title if form.new_source else ""
        clashes = differences(present, form.instance, names, new_source=named)
        open_anew(form, present)
    stored = None if is_deleted else form.instance.pk
    return render(
        request,
        "regions/dossier_fact.html",
        {
            "region": region,
            "section": part,
            "form": form,
            "pk": stored,
            "title": part.add if stored is None else part.change,
            "concept": form.instance.concept if isinstance(form.instance, Priority) else None,
            "is_clash": is_clash,
            "clashes": clashes,
            "is_deleted": is_deleted,
        },
        status=status_of(form, is_clash=is_clash or is_deleted),
    )
