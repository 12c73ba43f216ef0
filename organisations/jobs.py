"""What a background worker does for organisations."""

from procrastinate.contrib.django import app

from organisations import website_checks
from organisations.models import Organisation


@app.task(name=website_checks.TASK)
def check_website(organisation: int) -> str:
    """Ask whether a website answers, and keep what it said."""
    row = Organisation.objects.filter(pk=organisation).first()
    if row is None:
        return "gone"
    done = website_checks.check(organisation=row)
    return done.outcome if done else "no website"
