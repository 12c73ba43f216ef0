"""Administration of the directory: for support, whether messages about saved searches go.

What somebody looks for, and how they call it, is theirs; it is not shown here.
"""

from django.contrib import admin

from accounts.administration import DerivedAdmin
from directory.saved.models import Digest, SavedSearch

__all__ = ["DigestAdmin", "SavedSearchAdmin"]


@admin.register(SavedSearch)
class SavedSearchAdmin(DerivedAdmin):
    """Who keeps how many searches, and when they were last looked at."""

    list_display = ["pk", "user", "frequency", "created_at", "looked_at", "digested_at"]
    list_display_links = ["pk"]
    list_filter = ["frequency"]
    list_select_related = ["user"]
    search_fields = ["user__email"]
    fields = ["user", "frequency", "created_at", "looked_at", "settled_at", "digested_at"]


@admin.register(Digest)
class DigestAdmin(DerivedAdmin):
    """Messages, and what became of them."""

    list_display = ["pk", "user", "status", "created_at", "handed_at"]
    list_filter = ["status"]
    list_select_related = ["search__user"]
    search_fields = ["search__user__email"]
    fields = ["user", "status", "created_at", "handed_at"]
    readonly_fields = ["user"]

    @admin.display(ordering="search__user")
    def user(self, digest: Digest) -> str:
        return digest.search.user.email
