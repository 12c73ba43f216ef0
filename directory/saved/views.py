"""The pages of one's saved searches."""

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import FormView

from accounts.models import User
from directory.saved import finding, links, services, showing, wanted
from directory.saved.forms import FrequencyForm, NewSearchForm, SavedSearchForm
from directory.saved.models import SUGGESTION, Digest, SavedSearch
from regions.pressure import in_turn

if TYPE_CHECKING:
    NewForm = FormView[NewSearchForm]
    ChangeForm = FormView[SavedSearchForm]
else:
    NewForm = ChangeForm = FormView

MOST_SHOWN: Final = 50
OFF: Final = SavedSearch.Frequency.OFF


@require_safe
@login_required
def saved_searches(request: HttpRequest) -> HttpResponse:
    """All of them, in words, with how often messages come."""
    user = cast(User, request.user)
    searches = list(user.saved_searches.order_by("name", "pk"))
    said = wanted.in_words({search.pk: search.query for search in searches})
    rows = [
        {
            "search": search,
            "in_words": said[search.pk],
            "form": FrequencyForm(
                initial={"frequency": search.frequency}, auto_id=f"id_{search.pk}_%s"
            ),
            "feed": links.feed_address(search),
        }
        for search in searches
    ]
    context = {
        "rows": rows,
        "most": services.MOST_SAVED,
        "any_mail": any(search.frequency != OFF for search in searches),
    }
    return render(request, "directory/saved/list.html", context)


class NewSearch(LoginRequiredMixin, NewForm):
    """A form to keep the search that the address asks."""

    form_class = NewSearchForm
    template_name = "directory/saved/new.html"

    @cached_property
    def wanted(self) -> wanted.Wanted:
        if self.request.method == "POST":
            return wanted.read(self.request.POST.get("query", "")[: wanted.LONGEST_QUERY])
        return wanted.read(self.request.GET)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        said = self.wanted.in_words()
        mine = services.organisations_of(cast(User, self.request.user)).first()
        return {
            "name": said if len(said) <= 80 else f"{said[:79]}…",
            "query": wanted.normalised(self.request.GET),
            "organisation": mine,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            in_words=self.wanted.in_words(), unknown=self.wanted.asked.unknown, **kwargs
        )

    def form_valid(self, form: NewSearchForm) -> HttpResponse:
        user = cast(User, self.request.user)
        try:
            with in_turn():
                services.save(user=user, by=user, **form.cleaned_data)
        except services.TooManySearches as refusal:
            form.add_error(None, str(refusal))
        except ValidationError as refusal:
            form.add_error(None, ValidationError(refusal.messages))
        if form.errors:
            return self.form_invalid(form)
        messages.success(self.request, _("Saved. From now on, what is new is noted every morning."))
        return redirect("searches:list")

    def form_invalid(self, form: NewSearchForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST
        )


class SearchPage(LoginRequiredMixin, ChangeForm):
    """What one search has found since it was saved, and a form to change it."""

    form_class = SavedSearchForm
    template_name = "directory/saved/detail.html"

    @cached_property
    def search(self) -> SavedSearch:
        return own(self.request, self.kwargs["pk"])

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        search = self.search
        return {
            "name": search.name,
            "frequency": search.frequency,
            "organisation": search.organisation_id,
        }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        search = self.search
        asked = wanted.read(search.query)
        found = search.items.filter(found_at__isnull=False).order_by("-found_at", "pk")
        lost = search.digests.filter(status__in=[Digest.Status.UNSURE, Digest.Status.REFUSED])
        return super().get_context_data(
            search=search,
            in_words=asked.in_words(),
            has_gaps=asked.has_gaps,
            mine=finding.organisation_of(search),
            results=showing.results(search, found.exclude(of=SUGGESTION)[:MOST_SHOWN]),
            suggestions=showing.suggestions(search, found.filter(of=SUGGESTION)[:MOST_SHOWN]),
            feed=links.feed_address(search),
            lost=lost.order_by("-created_at", "-pk").first(),
            **kwargs,
        )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.search  # noqa: B018 -- a stranger's is not found, before anything else
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.search  # noqa: B018
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: SavedSearchForm) -> HttpResponse:
        services.change(
            search=self.search,
            by=cast(User, self.request.user),
            name=form.cleaned_data["name"],
            frequency=form.cleaned_data["frequency"],
            organisation=form.cleaned_data.get("organisation"),
            with_organisation="organisation" in form.fields,
        )
        messages.success(self.request, _("Saved."))
        return redirect(self.search)

    def form_invalid(self, form: SavedSearchForm) -> HttpResponse:
        return self.render_to_response(
            self.get_context_data(form=form), status=HTTPStatus.BAD_REQUEST
        )


@require_POST
@login_required
def change_frequency(request: HttpRequest, pk: int) -> HttpResponse:
    """How often messages about one search come."""
    search = own(request, pk)
    form = FrequencyForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("There is no such choice."))
        return redirect("searches:list")
    changed = services.change(search=search, by=cast(User, request.user), **form.cleaned_data)
    messages.success(
        request,
        _("Messages about “%(name)s”: %(when)s.")
        % {"name": changed.name, "when": changed.get_frequency_display()},
    )
    return redirect("searches:list")


@require_POST
@login_required
def change_feed(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a search a feed, or its feed another address, or end it."""
    search, user = own(request, pk), cast(User, request.user)
    if "close" in request.POST:
        services.close_feed(search=search, by=user)
        messages.success(request, _("The feed is closed: its address opens nothing any more."))
    else:
        services.open_feed(search=search, by=user)
        messages.success(request, _("The feed has a new address. Whoever knows it can read it."))
    return redirect(search)


@require_POST
@login_required
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget one search."""
    search = own(request, pk)
    services.remove(search=search, by=cast(User, request.user))
    messages.success(request, _("“%(name)s” is removed.") % {"name": search.name})
    return redirect("searches:list")


@require_POST
@login_required
def pause_all(request: HttpRequest) -> HttpResponse:
    """No more messages about any of them."""
    user = cast(User, request.user)
    count = services.pause_all(user=user, by=user)
    messages.success(
        request,
        ngettext(
            "No more messages about %(count)d search.",
            "No more messages about %(count)d searches.",
            count,
        )
        % {"count": count},
    )
    return redirect("searches:list")


def own(request: HttpRequest, pk: int) -> SavedSearch:
    """One's own search; another person's is not found."""
    user = cast(User, request.user)
    return get_object_or_404(user.saved_searches.select_related("user", "organisation"), pk=pk)
