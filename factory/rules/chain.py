"""Whether the chain of events is whole."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from factory.model.audit import ChainHead, Event, event_hash


@dataclass(frozen=True)
class ChainProblem:
    """The first place where the chain is not what it was."""

    seq: int
    code: Literal["gap", "prev_mismatch", "hash_mismatch", "head_mismatch"]


def verify_chain(events: Iterable[Event], head: ChainHead | None = None) -> ChainProblem | None:
    """What is wrong with the whole chain, first event to last; None when nothing is. Holds one event at a time.

    Args:
        events: All of them, oldest first.
        head: An earlier or the present end: the chain must still pass through it. A cut tail shows only here.
    """
    head = head or ChainHead()
    last = ChainHead()
    passed = head == last
    for event in events:
        problem = _broken_link(event, last)
        if problem:
            return problem
        last = ChainHead(event.seq, event.hash)
        passed = passed or last == head
    return None if passed else ChainProblem(head.count, "head_mismatch")


def _broken_link(event: Event, last: ChainHead) -> ChainProblem | None:
    if event.seq != last.count + 1:
        return ChainProblem(last.count + 1, "gap")
    if event.prev_hash != last.hash:
        return ChainProblem(event.seq, "prev_mismatch")
    if event.hash != event_hash(event):
        return ChainProblem(event.seq, "hash_mismatch")
    return None
