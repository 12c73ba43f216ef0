"""What regions keep about a person (see `accounts.personal`)."""

from accounts import personal
from accounts.models import User
from regions.models import RegionRole


def register() -> None:
    personal.keeps("roles_in_regions", RegionRole, "user", "region__slug", "region__name", "role")
    personal.keeps(
        "former_roles_in_regions",
        RegionRole.history.model,
        "user",
        "region__slug",
        "role",
        "history_type",
        "history_date",
    )
    personal.says_goodbye(leave)


def leave(user: User) -> None:
    """A person who goes keeps no dossier and moderates nothing."""
    for role in user.region_roles.all():
        role.delete()
