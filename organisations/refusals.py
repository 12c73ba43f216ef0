"""Why a rule of writing was not followed, in the reader's words."""


class NotPossible(ValueError):
    """What is asked cannot be done as things stand; the message says why."""


class AnsweredAlready(NotPossible):
    """Somebody answered the request before."""
