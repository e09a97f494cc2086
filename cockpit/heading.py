"""What the header says of the goals: for the first picture and for every later one."""

from cockpit.sums import Totals
from factory.model.source import Source
from widgets.amounts import seconds_between, time_of_day
from widgets.heading import Heading, Known


def heading_of(goals: int, known: Known, totals: Totals, ledger: Source, now: str) -> Heading:
    """The header, without what only a screen knows.

    Args:
        goals: How many are known.
        totals: Their sums.
        now: UTC.
    """
    return Heading(
        goals=goals, known=known, need_me=totals.need_me, oldest_wait_s=seconds_between(totals.oldest_wait, now),
        spent=totals.spent, in_flight=totals.in_flight, limit=totals.limit, open_spent=totals.open_spent,
        unpriced=totals.unpriced, working=totals.working, queued=totals.queued,
        ledger=ledger, clock=time_of_day(now, seconds=False),
    )  # fmt: skip
