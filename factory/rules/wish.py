"""What a goal wants of a person, as far as its line in the list tells: the words of `next_action`, which reads all.

Apart from it, and without imports, because the first picture draws it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factory.model.view import RunRow


class Wish(NamedTuple):
    """The code and the key of a `NextAction`."""

    code: str
    key: str


def wish(row: RunRow) -> Wish:
    """What `next_action` says of a goal that needs a person, but for what only its whole view tells.

    That is evidence to look at first, a cost review, and a cap of all runs that is used up.
    """
    if row.state == "awaiting_qa":
        return Wish("review", "a")
    if row.asks:
        return Wish("fix", "P")
    if row.state == "paused":
        # What blocks a paused goal is the cap that its agent was stopped at, before the sum reached it.
        is_capped = row.blockers or 0 < row.cap_micros <= row.spent_micros + row.in_flight_micros
        return Wish("fix", "+" if is_capped else "p")
    if row.state == "blocked" or row.step_state in {"stalled", "blocked"}:
        return Wish("retry", "r")
    return Wish("verify", "v")
