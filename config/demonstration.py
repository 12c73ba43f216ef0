"""The steps that make the demonstration, each skipped when its data is loaded already."""

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from accounts import services
from accounts.models import User
from config.demo_secret import own_data_folder, read_private, write_private
from config.models import DataLoad
from organisations.models import Organisation, TeamMember

ADMINISTRATOR = "administrator@example.org"
MEMBER = "member@example.org"
RESEARCH_ORGANISATION = "999844573"
"""PIC of the Małopolska research organisation whose partners the demonstration prints."""

PARTNER_REGION = "auvergne-rhone-alpes"


@dataclass(frozen=True)
class Step:
    """One load: what it is called, the files it depends on, and how it is done."""

    name: str
    title: str
    files: tuple[str, ...]
    load: Callable[[], object]


STEPS = (
    Step(
        "reference",
        "Regions, vocabularies and key figures",
        ("regions/data", "regions/reference"),
        lambda: call_command("load_reference"),
    ),
    Step(
        "cordis",
        "Horizon 2020 organisations, projects and participations",
        ("initiatives/data/cordis", "initiatives/cordis", "initiatives/derivation.py"),
        lambda: call_command("import_cordis", str(settings.BASE_DIR / "initiatives/data/cordis")),
    ),
    Step(
        "profiles",
        "Clusters and illustrative profiles",
        ("organisations/data", "organisations/profiles.py", "initiatives/illustrative.py"),
        lambda: call_command("load_profiles"),
    ),
    Step(
        "initiatives",
        "Hydrogen valleys, networks and events",
        ("initiatives/data", "initiatives/loading.py", "initiatives/text_concepts.py"),
        lambda: call_command("load_initiatives"),
    ),
)


def outdated_steps() -> Iterator[tuple[Step, str]]:
    """The steps to do, with the checksum to remember; one that is outdated outdates the later."""
    loaded = dict(DataLoad.objects.values_list("name", "checksum"))
    before = ""
    for step in STEPS:
        before = checksum_of(step.files, before)
        if loaded.get(step.name) != before:
            yield step, before


def checksum_of(files: tuple[str, ...], before: str) -> str:
    """SHA-256 over the names and contents of files and folders, and over the step before."""
    digest = hashlib.sha256(before.encode())
    for name in files:
        root = settings.BASE_DIR / name
        for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and path.suffix != ".pyc":
                digest.update(str(path.relative_to(settings.BASE_DIR)).encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


def remember(step: Step, checksum: str) -> None:
    """Record that a step is done."""
    DataLoad.objects.update_or_create(name=step.name, defaults={"checksum": checksum})


def collect_static() -> None:
    """Collect and compress the static files, unless that was done for these very files."""
    stamp: Path = settings.DATA_DIR / "static-files.sha256"
    checksum = checksum_of(("static", "requirements.txt"), str(settings.STATIC_ROOT))
    if settings.STATIC_ROOT.exists() and stamp.exists() and stamp.read_text() == checksum:
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(checksum)


@dataclass(frozen=True)
class Login:
    """An account of the demonstration; its password is made here and known nowhere else."""

    role: str
    email: str
    password: str


def logins() -> tuple[Login, Login]:
    """The demonstration's administrator and member, made at the first call.

    The passwords are random and kept in the data folder, readable by its owner alone; an account
    whose password was changed since keeps the change.
    """
    path: Path = settings.DATA_DIR / "demo-logins.json"
    own_data_folder(path.parent)
    passwords: dict[str, str] = json.loads(read_private(path) or "{}")
    with transaction.atomic():
        administrator, member = (
            _account(email, passwords, is_staff=staff, is_superuser=staff)
            for email, staff in ((ADMINISTRATOR, True), (MEMBER, False))
        )
        organisation = (
            Organisation.objects.filter(is_illustrative=True, home_region__slug="malopolska")
            .order_by("pk")
            .first()
        )
        if organisation is not None:
            TeamMember.objects.get_or_create(
                organisation=organisation,
                user=member,
                defaults={"role": TeamMember.Role.OWNER},
            )
    write_private(path, json.dumps(passwords, indent=1), replace=True)
    return (
        Login("administrator", administrator.email, passwords[ADMINISTRATOR]),
        Login("member", member.email, passwords[MEMBER]),
    )


def _account(email: str, passwords: dict[str, str], **rights: bool) -> User:
    user = User.objects.filter(email=email).first()
    if user is None or email not in passwords:
        passwords[email] = secrets.token_urlsafe(12)
        if user is None:
            user = User.objects.create_user(email, passwords[email], **rights)
        user.set_password(passwords[email])
        user.save(update_fields=["password"])
    services.verified_address(user=user)
    return user
