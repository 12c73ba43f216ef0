"""Who may see and write what these pages show."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.models import User
from organisations.models import Organisation
from regions.listing import found


def clusters() -> QuerySet[Organisation]:
    return Organisation.objects.filter(kind=Organisation.Kind.CLUSTER)


def reader_of(request: HttpRequest) -> User:
    """The user; the page asked for a log-in already."""
    assert isinstance(request.user, User)
    return request.user


def internal(request: HttpRequest, slug: str, *, cluster: bool) -> Organisation:
    """An organisation for the eyes of its team; strangers are told that there is none."""
    rows = Organisation.objects.internal_to(reader_of(request)).select_related("home_region")
    if cluster:
        rows = rows.filter(kind=Organisation.Kind.CLUSTER)
    return found(rows, slug)


def writable(request: HttpRequest, slug: str, *, cluster: bool) -> Organisation:
    """The same for its owners and editors; viewers are refused."""
    organisation = internal(request, slug, cluster=cluster)
    if not may_write(request, organisation):
        raise PermissionDenied
    return organisation


def may_write(request: HttpRequest, organisation: Organisation) -> bool:
    return Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists()


def to_login(request: HttpRequest) -> HttpResponse:
    return redirect_to_login(request.get_full_path())
