"""The first line: how many goals, who needs me, money, and whether this screen is live."""

from dataclasses import dataclass

from factory.model.status import Source
from widgets.amounts import age, cap, fine_age, money
from widgets.bar import Bar
from widgets.lines import Line, Tone, bar, joined, spread

_TONES: dict[str, Tone] = {"live": "good", "stale": "warn", "down": "bad"}


@dataclass(frozen=True)
class Heading:
    """What the header says. Money is micro-USD, summed over all goals that are listed."""

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
    ledger: Source = Source("unknown", 0.0)
    clock: str = ""


def header_line(heading: Heading, width: int) -> Line:
    """The header in `width` cells; money gives way first."""
    right = joined((live(heading.ledger), ((heading.clock, "dim"),)))
    left = joined(((("COCKPIT", "strong"),), _goals(heading), _need(heading), _money(heading, width)), ("   ", ""))
    return ((" ", ""), *spread(left, right, width - 2), (" ", ""))


def live(source: Source) -> Line:
    """`LIVE 0.4s`, or since when not."""
    tone = _TONES.get(source.state, "dim")
    if source.state == "unknown":
        return (("reading…", "dim"),)
    return ((f"{source.state.upper()} {fine_age(source.age_s)}", tone),)


def _goals(heading: Heading) -> Line:
    return ((f"{heading.goals:,} goal{'' if heading.goals == 1 else 's'}", ""),)


def _need(heading: Heading) -> Line:
    if not heading.need_me:
        return (("nothing needs you", "dim"),)
    oldest = f" {age(heading.oldest_wait_s)}" if heading.oldest_wait_s is not None else ""
    verb = "needs" if heading.need_me == 1 else "need"
    return ((f"◆ {heading.need_me} {verb} you{oldest}", "warn"),)


def _money(heading: Heading, width: int) -> Line:
    spent = money(heading.spent) + ("+?" if heading.unpriced else "")
    words = " in flight" if width >= 100 else ""
    line: Line = ((spent, ""), (f" +{money(heading.in_flight)}{words}" if heading.in_flight else "", "dim"))
    if width < 120 or not heading.limit:
        return line
    used = heading.open_spent + heading.in_flight
    share = f" {100 * used // heading.limit}% of {cap(heading.limit)} open"
    return (*line, ("   ", ""), *bar(used, heading.limit, 16), (share, "dim"))


class Header(Bar):
    """Draws a `Heading`."""

    DEFAULT_CSS = "Header { background: $panel; }"

    def show_heading(self, heading: Heading) -> None:
        """Draw another heading."""
        self.show(lambda width: (header_line(heading, width),))
