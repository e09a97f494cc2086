"""Which target of the outbox has something to look at after an event of the ledger."""

from factory.model.audit import Event
from factory.rules.mission import MISSION

OF_WRITING = ("outbox.", "port.", "page.")
"""How the events begin that are about writing to other systems, and no news of a run."""
_QUEUED = frozenset({"outbox.queue", "outbox.renew", "outbox.requeue"})


def concerned(event: Event) -> str:
    """Name of the target; empty = none. The mirror is told all news, because it works out itself what it lacks."""
    if event.action in _QUEUED:
        return str(event.detail.get("target", ""))
    return "" if event.action.startswith(OF_WRITING) else MISSION
