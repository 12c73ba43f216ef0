"""The WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")
os.environ.setdefault("MATCH_FOLLOWER", "thread")
application = get_wsgi_application()

# needs the applications, which are loaded by now
from django.urls import reverse  # noqa: E402

from matching.outbox.follower import follower  # noqa: E402

# the addresses are read now, not while the first reader waits
reverse("home")
# gunicorn ends a worker that is not there after 30 s, so a first compilation is not waited for
follower.start_if_wanted(wait=10.0)
