"""The WSGI application, for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("STATEMENT_TIMEOUT_MS", "10000")
os.environ.setdefault("MATCH_FOLLOWER", "thread")
application = get_wsgi_application()

# needs the applications, which are loaded by now
from matching.outbox.follower import follower  # noqa: E402

follower.start_if_wanted()
