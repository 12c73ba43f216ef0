"""What saved searches keep about a person (see `accounts.personal`)."""

from accounts import personal
from accounts.models import User
from directory.saved.models import Digest, SavedSearch, SearchItem


def register() -> None:
    # no secret of a feed: who steals an export reads none
    personal.keeps(
        "saved_searches",
        SavedSearch,
        "user",
        "name",
        "query",
        "organisation__slug",
        "frequency",
        "created_at",
        "looked_at",
    )
    personal.keeps_rows(
        "found_by_saved_searches",
        lambda user: SearchItem.objects.filter(search__user=user),
        "search__name",
        "of",
        "object_id",
        "found_at",
    )
    personal.keeps_rows(
        "messages_about_saved_searches",
        lambda user: Digest.objects.filter(search__user=user),
        "search__name",
        "status",
        "created_at",
        "handed_at",
    )
    personal.says_goodbye(forget)


def forget(user: User) -> None:
    user.saved_searches.all().delete()
