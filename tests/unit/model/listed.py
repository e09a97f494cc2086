"""The state machines as the domain reference lists them (domain §3), written down a second time, as pairs of states.

`LISTED` is what the reference says in so many words. `IMPLIED` are the few changes that another of its sentences
needs, each with that sentence. Nothing else may happen.
"""

from collections.abc import Mapping

Pairs = frozenset[tuple[str, str]]


def pairs(text: str) -> Pairs:
    """Pairs of states from lines such as `a b > c d`: every left state to every right one."""
    found = set()
    for line in filter(str.strip, text.splitlines()):
        left, right = line.split(">")
        found |= {(start, end) for start in left.split() for end in right.split()}
    return frozenset(found)


_RUN_OPEN = "draft ready running blocked paused awaiting_qa closing"
_STEP_OPEN = "pending ready running awaiting_verdict changes_requested stalled retry_wait blocked"
_VERDICTS = "passed changes_requested inconclusive timed_out budget_exhausted refused"

LISTED: Mapping[str, Pairs] = {
    "run": pairs(
        f"""
        draft > ready
        ready > running
        running > blocked awaiting_qa
        blocked > running
        awaiting_qa > closing running
        closing > done
        running blocked > paused
        paused > running blocked
        {_RUN_OPEN} > cancelled failed
        """
    ),
    "step": pairs(
        f"""
        pending > ready
        ready > running
        running > passed awaiting_verdict stalled
        awaiting_verdict > passed changes_requested blocked
        changes_requested > ready blocked
        stalled > running retry_wait split blocked
        retry_wait > ready
        blocked > ready
        {_STEP_OPEN} > skipped cancelled
        """
    ),
    "attempt": pairs(
        """
        created > leased
        leased > running
        running > succeeded failed timed_out lost budget_stopped cancelled refused
        """
    ),
    "thread": pairs(
        f"""
        prewired > requested
        requested > awaiting
        awaiting > {_VERDICTS}
        {_VERDICTS} > closed
        changes_requested > requested
        prewired > not_required
        """
    ),
    "gate": pairs(
        """
        closed > open
        open > approved rejected expired superseded
        """
    ),
    "budget": pairs(
        """
        open > warned
        warned > exhausted
        exhausted > open
        """
    ),
    # Not in the reference: a request of an agent is answered once, or nobody waits for the answer any more.
    "permission": pairs("open > allowed denied void"),
    # Nor is a request that people put into mission control: it is taken by a run, or goes away and may come back.
    "request": pairs("open > taken gone\ngone > open"),
    "outbox item": pairs(
        """
        queued > in_flight
        in_flight > accepted queued dead
        accepted > delivered queued
        """
    ),
    "package": pairs(
        """
        building > frozen
        frozen > approved superseded
        """
    ),
    "page index": pairs(
        """
        unindexed > queued
        queued > indexed
        indexed > stale
        """
    ),
}

IMPLIED: Mapping[str, Pairs] = {
    # "blocked | cause resolved | ready": the same step waits for a verdict again, so its thread asks again.
    # "not terminal | cancel | cancelled": a run that ends takes its thread along, wherever that is.
    "thread": pairs(
        """
        inconclusive > requested
        prewired requested awaiting not_required > closed
        """
    ),
    # "code or evidence changed; package superseded": a gate that never opened is about that package too.
    "gate": pairs("closed > superseded"),
    # Next action: "dead outbox item: requeue".
    "outbox item": pairs("dead > queued"),
    # "A Notes block survives regeneration": a page is written, and indexed, more than once.
    "page index": pairs("stale > queued"),
}

TERMINAL: Mapping[str, frozenset[str]] = {
    "run": frozenset({"done", "cancelled", "failed"}),
    "step": frozenset({"passed", "split", "skipped", "cancelled"}),
    "attempt": frozenset({"succeeded", "failed", "timed_out", "lost", "budget_stopped", "cancelled", "refused"}),
    "thread": frozenset({"closed"}),
    "gate": frozenset({"approved", "rejected", "expired", "superseded"}),
    "budget": frozenset(),
    "permission": frozenset({"allowed", "denied", "void"}),
    "request": frozenset({"taken"}),
    "outbox item": frozenset({"delivered"}),
    "package": frozenset({"approved", "superseded"}),
    "page index": frozenset(),
}

FIRST: Mapping[str, str] = {
    "run": "draft",
    "step": "pending",
    "attempt": "created",
    "permission": "open",
    "request": "open",
    "thread": "prewired",
    "gate": "closed",
    "budget": "open",
    "outbox item": "queued",
    "package": "building",
    "page index": "unindexed",
}
