"""Rules of writing about accounts, for pages, API, administration and jobs alike."""

import json
from collections.abc import Iterable
from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import mail, personal
from accounts.models import GONE, ApiToken, User

MOST_TOKENS = 10
LONGEST_LIFE = timedelta(days=365)
UNVERIFIED_FOR = timedelta(days=7)


class TooManyTokens(ValueError):
    """The user has as many tokens as one may have."""


class LastAdministrator(ValueError):
    """Without this account nobody could administer the site."""


@transaction.atomic
def verified_address(*, user: User) -> EmailAddress:
    """Take the user's address as verified, and as the one to log in with.

    For accounts that somebody trusted makes: in the administration pages, on the server, in a
    demonstration. Raises ValidationError where the address is another account's.
    """
    if is_taken(email=user.email, user=user):
        raise ValidationError(_("This address belongs to another account."))
    EmailAddress.objects.filter(user=user, primary=True).update(primary=False)
    address, _made = EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    return address


def is_taken(*, email: str, user: User) -> bool:
    """Whether another account has confirmed this address."""
    others = EmailAddress.objects.filter(email=email, verified=True)
    return bool(others.exclude(user_id=user.pk).exists() if user.pk else others.exists())


@transaction.atomic
def change_profile(
    *,
    user: User,
    by: User,
    name: str | None = None,
    position: str | None = None,
    phone: str | None = None,
    language: str | None = None,
    public_fields: Iterable[str] | None = None,
) -> User:
    """Change what a person says about themselves; None leaves a field as it is.

    Raises PermissionDenied for another person's profile, ValidationError for a value too long, an
    unknown language or an unknown field.
    """
    if by != user:
        raise PermissionDenied(_("Only a person themselves may change this."))
    current = User.objects.select_for_update().get(pk=user.pk)
    given = {"name": name, "position": position, "phone": phone, "language": language}
    for field, value in given.items():
        if value is not None:
            setattr(current, field, value.strip())
    if current.language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("There is no such language.")})
    if public_fields is not None:
        chosen = set(public_fields)
        current.public_fields = [field for field in User.PublicField.values if field in chosen]
        if chosen - set(User.PublicField.values):
            raise ValidationError({"public_fields": _("There is no such field.")})
    changed = [*given, "public_fields"]
    current.clean_fields(
        exclude=[field.name for field in User._meta.fields if field.name not in changed]
    )
    current.save(update_fields=changed)
    return current


@transaction.atomic
def make_token(*, user: User, by: User, name: str, life: timedelta) -> tuple[ApiToken, str]:
    """Make a token of the API; the second value is the token itself, known nowhere else.

    Raises PermissionDenied for another person, TooManyTokens beyond ten that are good still,
    ValidationError for a life of more than a year or a name that is empty or too long.
    """
    if by != user:
        raise PermissionDenied(_("Only a person themselves may make their tokens."))
    if not timedelta(0) < life <= LONGEST_LIFE:
        raise ValidationError({"days": _("A token is good for a year at most.")})
    if not 0 < len(name.strip()) <= 60:
        raise ValidationError({"name": _("Give the token a name of at most 60 characters.")})
    User.objects.select_for_update().get(pk=user.pk)
    if ApiToken.objects.filter(user=user, expiry__gt=timezone.now()).count() >= MOST_TOKENS:
        raise TooManyTokens(
            _("You have %(most)d tokens. Revoke one that is not used any more.")
            % {"most": MOST_TOKENS}
        )
    token, secret = ApiToken.objects.create(user=user, expiry=life, name=name.strip())
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """End a token at once. Raises PermissionDenied for another person's."""
    if token.user_id != by.pk:
        raise PermissionDenied(_("Only a person themselves may revoke their tokens."))
    token.delete()


@transaction.atomic
def revoke_all_tokens(*, user: User) -> None:
    """End every token of a person, as when their password changes: who stole the old one may have
    made tokens with it."""
    ApiToken.objects.filter(user=user).delete()


def has_rights(user: User) -> bool:
    """Whether the saved account has any right beyond everyone's: as staff or superuser, by a
    permission or group, or by a role in a region."""
    any_right = (
        Q(is_staff=True)
        | Q(is_superuser=True)
        | Q(groups__isnull=False)
        | Q(user_permissions__isnull=False)
        | Q(region_roles__isnull=False)
    )
    return User.objects.filter(any_right, pk=user.pk).exists()


def tell_of_address(*, user: User, before: str) -> None:
    """Tell a person at their former address that an administrator gave the account another one."""
    if user.email != before and not before.endswith(GONE):
        context = {"before": before, "now": user.email}
        mail.send(
            to=before, language=user.language, template="mail/address_replaced", context=context
        )


def tell_of_password(*, user: User) -> None:
    """Tell a person that an administrator changed the password of their account, or took it."""
    if not user.is_deleted:
        context = {"is_usable": user.has_usable_password()}
        mail.send(
            to=user.email,
            language=user.language,
            template="mail/password_replaced",
            context=context,
        )


@transaction.atomic
def delete_account(*, user: User, by: User) -> None:
    """Delete an account: the person goes, and their organisations stay.

    The row is emptied instead of deleted: log entries of the administration pages would be deleted
    with it (their reference cascades), and with them the record of who published or rejected what;
    histories, reviews and answers point to it, too. What is left is a number that nobody can log in
    with, called “deleted account”. Its addresses, sessions, tokens, second factors, consents,
    rights and roles are deleted; where the log of the administration pages calls the person by
    name or address, those words are replaced. Every room forgets the person in the same transaction
    (`personal.says_goodbye`).

    Superusers do it for others, who ask them to. Raises PermissionDenied for anybody else,
    LastAdministrator for the only superuser.
    """
    if by != user and not by.is_superuser:
        raise PermissionDenied(_("Only a person themselves may delete their account."))
    list(User.objects.select_for_update().filter(is_superuser=True).order_by("pk"))
    if is_last_administrator(user):
        raise LastAdministrator(
            _("This is the only account that administers the site. Make another one first.")
        )
    gone = User.objects.select_for_update().get(pk=user.pk)
    _say_that_it_is_done(gone)
    personal.goodbye(gone)
    _forget_names(gone.email, gone.name, gone)
    keys = UserSession.objects.filter(user=gone).values("session_key")
    Session.objects.filter(session_key__in=keys).delete()
    for rows in (
        UserSession.objects.filter(user=gone),
        EmailAddress.objects.filter(user=gone),
        Authenticator.objects.filter(user=gone),
        ApiToken.objects.filter(user=gone),
        gone.consents.all(),
    ):
        rows.delete()
    gone.groups.clear()
    gone.user_permissions.clear()
    gone.email = f"account-{gone.pk}{GONE}"
    gone.name = gone.position = gone.phone = ""
    gone.public_fields = []
    gone.language = "en"
    gone.is_active = gone.is_staff = gone.is_superuser = False
    gone.last_login = None
    gone.set_unusable_password()
    gone.save()


def is_last_administrator(user: User) -> bool:
    """Whether nobody else could do everything, were this account gone."""
    others = User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk)
    return user.is_superuser and not others.exists()


def _say_that_it_is_done(user: User) -> None:
    mail.send(to=user.email, language=user.language, template="mail/account_deleted", context={})


def _forget_names(email: str, name: str, user: User) -> None:
    """Replace the person's words in the log of the administration pages.

    The address is replaced wherever it stands; a name where it is the account's own (“Anna”) or
    begins what belongs to it, as a member of a team (“Anna – AGH”), for a name may be a part of
    other words. Messages are JSON, in ASCII.
    """
    entries, stead = LogEntry.objects.all(), f"#{user.pk}"
    of_accounts = entries.filter(content_type__app_label="accounts", content_type__model="user")
    of_accounts.filter(object_id=str(user.pk)).update(object_repr=stead)
    words = [("object_repr", email), ("change_message", email)]
    if name:
        words += [
            ("object_repr", f"{name} – "),
            ("change_message", json.dumps(f'"{name} – ')[3:-1]),
        ]
    for field, text in words:
        entries.filter(**{f"{field}__contains": text}).update(
            **{field: Replace(F(field), Value(text), Value(text.replace(name or email, stead)))}
        )


def unverified() -> QuerySet[User]:
    """Accounts that somebody signed up for long ago and whose address nobody has confirmed."""
    return User.objects.filter(
        emailaddress__isnull=False,
        last_login__isnull=True,
        is_staff=False,
        date_joined__lt=timezone.now() - UNVERIFIED_FOR,
    ).exclude(emailaddress__verified=True)


@transaction.atomic
def delete_unverified() -> int:
    """Delete the accounts that were never verified, and return how many there were.

    Nobody ever logged in with them, so nothing was done in their name.
    """
    rows = unverified().values_list("pk", flat=True)
    chosen = User.objects.select_for_update().filter(pk__in=list(rows), last_login__isnull=True)
    return len([user.delete() for user in chosen.exclude(emailaddress__verified=True)])


def delete_expired() -> int:
    """Delete tokens, sessions and counts of attempts that have ended, and return how many tokens
    there were."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_limits WHERE expires < now()")
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    live = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=live).delete()
    deleted, _models = ApiToken.objects.filter(expiry__lt=timezone.now()).delete()
    return int(deleted)
