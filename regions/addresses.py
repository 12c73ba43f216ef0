"""Addresses of websites that readers are sent to."""

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

INSIDE: Final = (".local", ".localhost", ".internal", ".intranet", ".lan", ".home.arpa", ".onion")


def check_public_address(address: str) -> None:
    """Raise ValidationError unless the address leads to a public website.

    Only its form is looked at: nothing is fetched. Addresses inside a network, or with a name and
    password in them, lead other readers nowhere or to something that is theirs.
    """
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise ValidationError(_("This is no address of a website."), code="address") from error
    if parts.scheme not in ("http", "https") or not host:
        raise ValidationError(_("An address begins with https:// or http://."), code="scheme")
    if parts.username is not None or parts.password is not None:
        raise ValidationError(_("Leave the name and the password out of the address."), code="user")
    if not _is_public(host):
        raise ValidationError(
            _("This address leads inside a network, where others cannot follow it."), code="inside"
        )


def _is_public(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        is_name = "." in host and not host.endswith(INSIDE)
        return is_name and not host.rsplit(".", 1)[1].isdecimal()
