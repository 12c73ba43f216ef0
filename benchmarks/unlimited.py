"""The settings of the site without its limits on how often one address may sign up: the benchmark's
newcomers all come from one."""

from config.settings import *  # noqa: F403 -- all of them

ACCOUNT_RATE_LIMITS = False  # type: ignore[assignment]  # so allauth takes it
