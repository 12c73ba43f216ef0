"""The examples by topic; importing this package registers them all."""

from config.design.examples import (  # noqa: F401
    directory,
    dossiers,
    forms,
    frame,
    initiatives,
    matching,
    organisations,
    profiles,
    regions,
)
