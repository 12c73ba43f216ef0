"""Region with region: the briefing that a delegation carries, gathered once for page, JSON and PDF.

`briefing` is the one door. `opening` finds the initiatives to join, `agenda` the topics; `as_json`
and `document` say the same as data and as text for print, which `pdf` sets.
"""

from matching.briefing.gathering import briefing
from matching.briefing.results import Briefing, FigureRow, OpenInitiative, Reason, Side, Topic

__all__ = [
    "Briefing",
    "FigureRow",
    "OpenInitiative",
    "Reason",
    "Side",
    "Topic",
    "briefing",
]
