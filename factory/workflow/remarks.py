"""What people say in mission control about a goal or a step, as notes in the thread of its run.

Such a note is for the operator. No agent is told it: what an agent should read, the operator instructs.
"""

import re
from collections.abc import Iterable
from functools import partial

from factory.model.identity import stable_id
from factory.model.mission import MissionComment
from factory.model.thread import Message, Thread
from factory.ports.ledger import Ledger, Transaction
from factory.workflow.flow import WORKER

REF = "mission:comment:"
LONGEST = 16_384
"""Characters of a comment that are kept."""
_NOT_PEOPLE = frozenset({"", "scheduler", "system"})
_MARK = re.compile(r"\n\n\[(msg_\w+)\]$")


class Remarks:
    """For one thread of the worker. Every method raises what the ledger raises."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def take(self, run: str, comments: Iterable[MissionComment]) -> None:
        """Note the comments that are not in the run's thread yet; our own messages are."""
        known = {message.external_ref for message in self._ledger.find(Message, run=run)}
        for comment in comments:
            if ref_of(comment) not in known and comment.author not in _NOT_PEOPLE and not self._is_ours(comment):
                self._ledger.write(WORKER, partial(_note, run=run, comment=comment))

    def _is_ours(self, comment: MissionComment) -> bool:
        found = _MARK.search(comment.text)
        return found is not None and bool(self._ledger.find(Message, id=found[1]))


def ref_of(comment: MissionComment) -> str:
    """External reference of the note."""
    return f"{REF}{comment.id}"


def _note(tx: Transaction, run: str, comment: MissionComment) -> None:
    threads = tx.find(Thread, run=run)
    if not threads or tx.find(Message, run=run, external_ref=ref_of(comment)):
        return
    thread = threads[-1]
    note = Message(
        id=stable_id("msg", run, ref_of(comment)),
        namespace=thread.namespace,
        run=run,
        thread=thread.id,
        seq=len(tx.find(Message, thread=thread.id)) + 1,
        sender=f"mission:{comment.author}",
        recipient="operator",
        kind="note",
        body=f"{comment.author} in Mission Control: {comment.text[:LONGEST]}",
        external_ref=ref_of(comment),
    )
    tx.put(note, "message.note")
