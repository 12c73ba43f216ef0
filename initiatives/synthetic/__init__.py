"""Invented organisations and projects in any number, to fill a database for benchmarks and trials.

The same seed on the same reference data gives the same profiles. Nobody in them exists: names are
put together from invented syllables, places are the names of NUTS 3 units, and there are no people,
addresses or contacts. Everything names the source "synthetic" and is marked as illustrative, which
is how `remove` finds exactly what `fill` made.
"""

from initiatives.synthetic.filling import Made, fill
from initiatives.synthetic.plan import (
    Plan,
    RealMembersError,
    SyntheticError,
    plan,
)
from initiatives.synthetic.removing import remove

__all__ = ["Made", "Plan", "RealMembersError", "SyntheticError", "fill", "plan", "remove"]
