"""Why a rule of writing was not followed, in the reader's words."""

from django.utils.translation import gettext as _

from organisations.models.invitations import MOST_MESSAGES


class NotPossible(ValueError):
    """What is asked cannot be done as things stand; the message says why."""


class AnsweredAlready(NotPossible):
    """Somebody answered the request before."""


def sent_enough() -> str:
    """Of an invitation that is not sent again."""
    return _(
        "This invitation was sent %(most)d times and is not sent again. Reach the person in "
        "another way."
    ) % {"most": MOST_MESSAGES}
