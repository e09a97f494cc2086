"""Money, ages and times of day in the few cells that a screen has for them."""

import re
from datetime import datetime, time, timedelta

from factory.rules.money import DOLLAR, usd

NOTHING = "–"
BASES = {"reported": "measured", "computed": "measured", "estimated": "≈ estimated", "declared": "≈ declared",
         "unpriced": "? unpriced"}  # fmt: skip
"""How well an amount is known, in words."""
_UTC_TIME = re.compile(r"\b(\d\d:\d\d:\d\d) UTC")


def money(micros: int, basis: str = "reported") -> str:
    """An amount of micro-USD: `$0.31`, `≈$0.20` when estimated; `?` or `$0.20+?` when part of it has no known price."""
    if basis == "unpriced":
        return f"{usd(micros)}+?" if micros else "?"
    return f"≈{usd(micros)}" if basis in {"estimated", "declared"} else usd(micros)


def cap(micros: int) -> str:
    """A limit, without cents where there are none: `$5`, `$0.25`."""
    return f"${micros // DOLLAR:,}" if micros % DOLLAR == 0 else usd(micros)


def amount(size: int) -> str:
    """Bytes for people: `12 B`, `2.8 kB`, `1.0 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.1f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def age(seconds: float) -> str:
    """How long ago, in one unit: `0.4s` (below ten seconds of a source), `12s`, `6m`, `2h`, `3d`."""
    whole = max(0, int(seconds))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "m")):
        if whole >= size:
            return f"{whole // size}{unit}"
    return f"{whole}s"


def coarse_age(seconds: float) -> str:
    """How long ago at least, growing in steps below a minute: what is not looked at costs no picture each second."""
    whole = int(seconds)
    if whole < 5:
        return "<5s"
    return age(whole if whole >= 60 else whole - whole % (5 if whole < 10 else 10))


def fine_age(seconds: float) -> str:
    """How long ago, with tenths below ten seconds: the age of a source."""
    return f"{max(0.0, seconds):.1f}s" if seconds < 9.95 else age(seconds)


def source_age(state: str, seconds: float) -> str:
    """How long ago a source answered: in steps while all is well, to the second while it is in trouble."""
    return coarse_age(seconds) if state == "live" else fine_age(seconds)


def seconds_between(earlier: str, later: str) -> float | None:
    """Seconds from one UTC time to another; None when either is empty or no time."""
    try:
        return (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds()
    except (ValueError, TypeError):
        return None


def age_at(moment: str, now: str) -> str:
    """How long `moment` is ago at `now`; `–` when there is no such moment."""
    seconds = seconds_between(moment, now)
    return NOTHING if seconds is None else age(seconds)


def time_of_day(moment: str, seconds: bool = True) -> str:
    """A UTC time as the operator's clock on the wall shows it."""
    try:
        local = datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return NOTHING
    return local.strftime("%H:%M:%S" if seconds else "%H:%M")


def local_day(moment: str) -> str:
    """The day of a UTC time where the operator is: `2026-03-02`."""
    try:
        return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d")
    except ValueError:
        return NOTHING


def local_times(sentence: str, now: str) -> str:
    """The sentence with every `14:02:11 UTC` as the operator's clock on the wall shows it, `now` being its moment."""
    try:
        near = datetime.fromisoformat(now)
    except ValueError:
        return sentence
    return _UTC_TIME.sub(lambda found: _on_the_wall(found[1], near) or found[0], sentence)


def _on_the_wall(clock: str, near: datetime) -> str:
    """The moment with this UTC time of day that is nearest to `near`, as local time; empty when there is none."""
    try:
        same_day = datetime.combine(near.date(), time.fromisoformat(clock), near.tzinfo)
    except ValueError:
        return ""
    days = round((near - same_day) / timedelta(days=1))
    return (same_day + timedelta(days=days)).astimezone().strftime("%H:%M:%S")
