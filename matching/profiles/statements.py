"""The steps that are made of statements: offers, needs, interests; concepts picked by search or
from a person's own words, and each statement with its weight, TRL and end."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from matching.profiles.forms import OwnWordsForm, SearchForm, StatementForm
from matching.profiles.loading import editor, for_editors, forget_unsaved, unsaved
from matching.profiles.own_words import concepts_in, from_description
from matching.profiles.pages import (
    add_errors,
    clash_rows,
    onward,
    resumed,
    step_context,
    tell_taken_over,
)
from matching.profiles.steps import ROLES, Step
from matching.views.suggestions import wants_list
from organisations import stating
from organisations.merging_edits import EditsClash, decided, sealed, unsealed
from organisations.models import Organisation, Statement
from regions.picking import by_id, search

MOST_AT_ONCE = 50
"""Concepts that one press of a button adds."""

WORDS = {"words", "described"}
"""What is sent with concepts that a text led to: the text, or that it was the description."""


def page(request: HttpRequest, organisation: Organisation, step: Step) -> HttpResponse:
    """What is stated in this role, and two ways to more; htmx asks for the hits of a search
    alone. A text in one's own words is sent here, too, and saves nothing."""
    if request.method == "POST" and not WORDS & request.POST.keys():
        return onward(request, organisation, step)
    restored = unsaved(request) if request.method != "POST" else None
    data = request.POST if request.method == "POST" else restored
    words = OwnWordsForm(data) if data is not None and "words" in data else OwnWordsForm()
    status = HTTPStatus.OK
    suggested = None
    if words.is_bound:
        if words.is_valid():
            suggested = concepts_in(words.cleaned_data["words"])
            forget_unsaved(request)
        else:
            status = HTTPStatus.BAD_REQUEST
    finder = SearchForm(request.GET)
    if not finder.is_valid():
        status = HTTPStatus.BAD_REQUEST
    query = finder.cleaned_data.get("q", "").strip()
    statements = list(
        organisation.statements.filter(role=ROLES[step])
        .select_related("concept__vocabulary")
        .order_by("-weight", "concept__vocabulary", "concept__position", "pk")
    )
    declared = [one for one in statements if one.origin == Statement.Origin.DECLARED]
    context = {
        "organisation": organisation,
        "step": step,
        "query": query,
        "groups": search(query) if query else [],
        "stated": {one.concept_id for one in declared},
    }
    if wants_list(request) and request.method != "POST":
        return render(request, "components/concept_results.html", context, status=status)
    return render(
        request,
        "organisations/profile/statements.html",
        {
            **step_context(organisation, step),
            **context,
            "declared": declared,
            "demonstrated": [
                one
                for one in statements
                if one.origin == Statement.Origin.DEMONSTRATED
                and one.concept_id not in context["stated"]
            ],
            "finder": finder,
            "words": words,
            "opened": sealed({}, about=f"organisation:{organisation.pk}:{step}"),
            "suggested": suggested,
            "described": from_description(organisation, ROLES[step])
            if suggested is None and not query and step != Step.INTERESTS
            else [],
            "restored": restored is not None,
        },
        status=status,
    )


@require_POST
@for_editors
def add(request: HttpRequest, organisation: Organisation, *, step: str) -> HttpResponse:
    """Declare the chosen concepts in the role of this step; what is declared already stays."""
    role = _role_of(step)
    chosen = [int(pk) for pk in request.POST.getlist("concept") if _is_number(pk)]
    concepts = by_id(chosen[:MOST_AT_ONCE])
    if not concepts:
        reason = _("Choose at least one concept to add.")
        if WORDS & request.POST.keys():
            messages.error(request, reason)
            answer = page(request, organisation, Step(step))
            answer.status_code = HTTPStatus.BAD_REQUEST
            return answer
        return render(request, "400.html", {"reason": reason}, status=HTTPStatus.BAD_REQUEST)
    try:
        made = stating.declare(
            organisation=organisation,
            concepts=[concepts[pk] for pk in chosen[:MOST_AT_ONCE] if pk in concepts],
            role=role,
            by=editor(request),
        )
    except ValidationError as error:
        return render(
            request,
            "400.html",
            {"reason": " ".join(error.messages)},
            status=HTTPStatus.BAD_REQUEST,
        )
    if made:
        names = ", ".join(str(one.concept) for one in made)
        messages.success(request, _("Added: %(concepts)s.") % {"concepts": names})
    else:
        messages.info(
            request,
            ngettext("This is stated already.", "These are stated already.", len(concepts)),
        )
    query = request.POST.get("q", "")[:120]
    return _back(organisation, Step(step), query=query)


@require_POST
@for_editors
def remove(request: HttpRequest, organisation: Organisation, *, pk: int) -> HttpResponse:
    """Take a statement away; removed twice, it is removed once."""
    statement = organisation.statements.filter(pk=pk).first()
    stating.withdraw(organisation=organisation, statement=pk, by=editor(request))
    step = _step_of(statement.role) if statement else Step.OFFERS
    asked = request.POST.get("step", "")
    return _back(organisation, Step(asked) if asked in ROLES else step)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def statement(request: HttpRequest, organisation: Organisation, *, pk: int) -> HttpResponse:
    """One statement: weight, TRL, end and own words. Where somebody else removed it meanwhile, the
    input is kept, and it can be added again."""
    about = f"organisation:{organisation.pk}:statement:{pk}"
    rows = organisation.statements.filter(origin=Statement.Origin.DECLARED)
    found = rows.select_related("concept__vocabulary").filter(pk=pk).first()
    if request.method == "POST":
        return _save(request, organisation, pk, found, about)
    if found is None:
        raise Http404(_("There is no such statement; it may have been removed."))
    restored = unsaved(request)
    form = (
        StatementForm(restored, role=found.role)
        if restored is not None
        else StatementForm(initial=stating.as_stated(found), role=found.role)
    )
    kept = restored.get("opened") if restored is not None else None
    opened = kept or _sealed(stating.as_stated(found), found, about)
    return _statement_page(
        request, organisation, found, form, opened, restored=restored is not None
    )


def _save(
    request: HttpRequest,
    organisation: Organisation,
    pk: int,
    found: Statement | None,
    about: str,
) -> HttpResponse:
    opened = request.POST.get("opened", "")
    seen = unsealed(opened, about=about)
    shown = found or _as_it_was(organisation, seen)
    if shown is None:
        raise Http404(_("There is no such statement; it may have been removed."))
    form = StatementForm(request.POST, role=shown.role, initial=stating.as_stated(shown))
    if not form.is_valid():
        return _statement_page(
            request,
            organisation,
            shown,
            form,
            opened,
            gone=found is None,
            status=HTTPStatus.BAD_REQUEST,
        )
    choices = {name: request.POST.get(f"decide-{name}", "") for name in form.fields}
    values = decided(form.values(), opened=seen, choices=choices)
    try:
        if found is None and "again" in request.POST:
            stating.declare(
                organisation=organisation,
                concepts=[shown.concept],
                role=Statement.Role(shown.role),
                by=editor(request),
                values=values,
            )
        else:
            saved = stating.change(
                organisation=organisation,
                statement=pk,
                by=editor(request),
                values=values,
                opened=seen,
            )
            tell_taken_over(request, form, saved.taken_over)
    except stating.StatementGone:
        return _statement_page(
            request, organisation, shown, form, opened, gone=True, status=HTTPStatus.CONFLICT
        )
    except EditsClash as clash:
        again = StatementForm(resumed(request.POST, clash), role=shown.role)
        return _statement_page(
            request,
            organisation,
            shown,
            again,
            _sealed(clash.present, shown, about),
            clashes=clash_rows(again, clash),
            status=HTTPStatus.CONFLICT,
        )
    except ValidationError as error:
        add_errors(form, error)
        return _statement_page(
            request, organisation, shown, form, opened, status=HTTPStatus.BAD_REQUEST
        )
    forget_unsaved(request)
    return _back(organisation, _step_of(shown.role))


def _sealed(values: dict[str, Any], statement: Statement, about: str) -> str:
    """What the form is opened with, and which statement that is: it may be gone later."""
    key = {"concept": statement.concept_id, "role": statement.role}
    return sealed({**values, **key}, about=about)


def _as_it_was(organisation: Organisation, seen: dict[str, Any]) -> Statement | None:
    """The statement that a form was opened with, now that it is gone; not saved."""
    concept = by_id([seen["concept"]]).get(seen["concept"]) if "concept" in seen else None
    if concept is None:
        return None
    return Statement(organisation=organisation, concept=concept, role=seen["role"])


def _statement_page(
    request: HttpRequest,
    organisation: Organisation,
    statement: Statement,
    form: StatementForm,
    opened: str,
    *,
    gone: bool = False,
    restored: bool = False,
    clashes: Any = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    return render(
        request,
        "organisations/profile/statement.html",
        {
            **step_context(organisation, _step_of(statement.role)),
            "statement": statement,
            "form": form,
            "opened": opened,
            "gone": gone,
            "restored": restored,
            "clashes": clashes,
        },
        status=status,
    )


def _step_of(role: str) -> Step:
    return next(step for step, one in ROLES.items() if one == role)


def _role_of(step: str) -> Statement.Role:
    for known, role in ROLES.items():
        if known == step:
            return role
    raise Http404(_("A profile has no such step."))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 19


def _back(organisation: Organisation, step: Step, *, query: str = "") -> HttpResponseRedirect:
    address = reverse("organisations:step", args=[organisation.slug, step.value])
    return redirect(f"{address}?{urlencode({'q': query})}#search" if query else address)
