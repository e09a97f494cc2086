"""Numbers in words, by rule: `n` always, no percentage under five cases, the interval with everything else."""

import math
from collections.abc import Callable

from factory.rules.intervals import Middle, Rate

TOO_FEW = "too few to say"
NOTHING = "nothing to count yet (n = 0)"


def worded(share: Rate) -> str:
    """`3 of 4 (too few to say)`, or `62 % (45 to 77 %, n = 34)`."""
    if share.n == 0:
        return NOTHING
    if share.value is None or share.low is None or share.high is None:
        return f"{share.hits} of {share.n} ({TOO_FEW})"
    return f"{_percent(share.value)} % ({_percent(share.low)} to {_percent(share.high)} %, n = {share.n})"


def worded_middle(found: Middle, shown: Callable[[float], str]) -> str:
    """`n = 3 (too few to say)`, or `2 h (1 h to 4 h, n = 12)`; `shown` words one value."""
    if found.n == 0:
        return NOTHING
    if found.value is None or found.low is None or found.high is None:
        return f"n = {found.n} ({TOO_FEW})"
    return f"{shown(found.value)} ({shown(found.low)} to {shown(found.high)}, n = {found.n})"


def _percent(share: float) -> str:
    return str(math.floor(100 * share + 0.5))  # as by hand: half a point counts up
