"""The first line as data: how many goals, who needs me, money, and whether this screen is live. No Textual here."""

from typing import Literal, NamedTuple

from factory.model.source import Source
from widgets.amounts import cap, coarse_age, fine_age, money
from widgets.lines import Line, Span, Tone, bar, joined, spark, spread, width_of

Known = Literal["all", "some", "none"]
"""How much of the goals is known: all, the newest, or not even whether there are any."""
UNKNOWN = Source("unknown", 0.0)

_WIDE = 140
_TONES: dict[str, Tone] = {"live": "good", "stale": "warn", "down": "bad"}

RECORDED: Line = (("REC", "bad"),)
"""The mark of a screen that is recorded."""


class Heading(NamedTuple):
    """What the header says. Money is micro-USD, summed over all goals that are listed."""

    known: Known = "all"
    goals: int = 0
    need_me: int = 0
    oldest_wait_s: float | None = None
    spent: int = 0
    in_flight: int = 0
    limit: int = 0
    """Caps of the goals that are not over."""
    open_spent: int = 0
    """Spent by the goals that are not over: what counts against `limit`."""
    unpriced: bool = False
    working: int = 0
    """Goals that go on without a person."""
    queued: int = 0
    """Goals whose agent waits for a place."""
    burn: int | None = None
    """Micro-USD an hour; None when that cannot be said."""
    burned: tuple[int, ...] = ()
    """What was spent in equal parts of the last hour, oldest first."""
    ledger: Source = UNKNOWN
    clock: str = ""
    is_recorded: bool = False
    """Somebody records this screen."""


def header_line(heading: Heading, width: int) -> Line:
    """The header in `width` cells; money gives way first."""
    recorded: tuple[Line, ...] = (RECORDED,) if heading.is_recorded else ()
    right = joined((*recorded, live(heading.ledger), ((heading.clock, "dim"),)))
    between: Span = ("   " if width >= 100 else "  ", "")
    if heading.known == "none":
        unread: Line = (("COCKPIT", "strong"), between, ("the ledger has not been read yet", "warn"))
        return ((" ", ""), *spread(unread, right, width - 2), (" ", ""))
    rest = joined(((("COCKPIT", "strong"),), _goals(heading, width), _need(heading)), between)
    room = width - 2 - width_of(right) - 1 - width_of(rest) - width_of((between,))
    said = _money(heading, width)
    fitting = next((line for line in said if width_of(line) <= room), said[-1])
    return ((" ", ""), *spread((*rest, between, *fitting), right, width - 2), (" ", ""))


def live(source: Source) -> Line:
    """`LIVE 0.4s`, or since when not; `REPLAY` for what is long past."""
    if source.state == "past":
        return (("   REPLAY", "warn"),)  # as wide as the other: nothing beside it moves
    tone = _TONES.get(source.state, "dim")
    if source.state == "unknown":
        return (("reading…", "dim"),)
    return ((f"{source.state.upper()} {fine_age(source.age_s)}", tone),)


def _goals(heading: Heading, width: int) -> Line:
    more = "" if heading.known == "all" else "+"
    goals = f"{heading.goals:,}{more} goal{'' if heading.goals == 1 else 's'}"
    said = ((heading.working, "working"), (heading.queued, "queued"))
    counts = "".join(f"   {count:,}{more} {word}" for count, word in said if count) if width >= _WIDE else ""
    return ((goals, ""), (counts, "dim"))


def _need(heading: Heading) -> Line:
    is_all = heading.known == "all"
    if not heading.need_me:
        return (("nothing needs you" if is_all else "reading older ones…", "dim"),)
    oldest = f" {coarse_age(heading.oldest_wait_s)}" if heading.oldest_wait_s is not None else ""
    verb = "needs" if heading.need_me == 1 and is_all else "need"
    return ((f"◆ {heading.need_me}{'' if is_all else '+'} {verb} you{oldest}", "warn"),)


def _money(heading: Heading, width: int) -> tuple[Line, ...]:
    """Spent, in flight, and the share of the open caps; the longest way to say it first."""
    if heading.known != "all":
        return ((),)  # a part of a sum is no sum
    spent = money(heading.spent) + ("+?" if heading.unpriced else "")
    words = " in flight" if width >= 100 else ""
    short: Line = ((spent, ""), (f" +{money(heading.in_flight)}{words}" if heading.in_flight else "", "dim"))
    if not heading.limit:
        return (short,)
    used = heading.open_spent + heading.in_flight
    share = f"{100 * used // heading.limit}% of {cap(heading.limit)}"
    drawn = bar(used, heading.limit, 16)
    held = f" +{money(heading.in_flight)} in flight" if heading.in_flight else ""
    whole: Line = (
        (spent, ""), (" spent   ", "dim"), ("open ", "dim"), (money(heading.open_spent), ""),
        (f"{held} / {cap(heading.limit)} cap  ", "dim"), *drawn, (f" {100 * used // heading.limit}%", ""),
    )  # fmt: skip
    rate: Line = (("   burn ", "dim"), (f"{money(heading.burn)}/h", "")) if heading.burn is not None else ()
    shape: Line = ((f" {spark(heading.burned)}", "accent"),) if any(heading.burned) else ()
    return (
        *(((*whole, *rate, *shape), (*whole, *rate), whole) if width >= _WIDE else ()),
        *(((*short, ("   ", ""), *drawn, (f" {share} open", "dim")),) if width >= 120 else ()),
        (*short, (f"  {share} open", "dim")),
        (*short, (f" {share}", "dim")),
        short,
    )
