"""What an operator can do to a run on its way: cancel, pause, resume, skip, instruct."""

from collections.abc import Callable

from factory.errors import Missing, Refused, Usage
from factory.model.blocker import Blocker
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import NEVER_SKIPPED, Attempt, Step
from factory.model.thread import Message, Thread
from factory.operations.handing import ensure_worker, stop_agents, wake
from factory.operations.results import Done, Instructed
from factory.ports.bundle import Ports
from factory.ports.ledger import Transaction
from factory.workflow.blocking import resolve_blockers
from factory.workflow.cost_reviews import withdraw_reviews
from factory.workflow.flow import move

LONGEST_INSTRUCTION = 16_384


def act(ports: Ports, run: str, event: str, work: Callable[[Transaction, Run], None]) -> Done:
    """Carry out a verb in one transaction, wake the run, see that a worker is there.

    Raises:
        Refused: `terminal_state`, the run is over.
    """
    run_id = ports.ledger.resolve(run)

    def transaction(tx: Transaction) -> None:
        current = tx.get(Run, run_id)
        if is_over(current):
            raise Refused(f"The run is {current.state}, and that is final.", "Start a new one: n", "terminal_state")
        work(tx, current)
        wake(tx, ports, run_id)

    ports.ledger.write(ports.actor, transaction)
    ensure_worker(ports)
    return Done(run_id, ports.ledger.get(Run, run_id).state, event)


def cancel(ports: Ports, run: str) -> Done:
    """End a run for good: its agents with their whole process trees, its open steps. Evidence and work are kept."""

    def work(tx: Transaction, current: Run) -> None:
        for step in tx.find(Step, run=current.id):
            if not is_over(step):
                move(tx, step, "cancel", state_reason="cancelled")
        resolve_blockers(tx, current.id, ports.clock.now(), "the run was cancelled")
        withdraw_reviews(tx, current.id)
        move(tx, current, "cancel", state_reason=f"cancelled by {ports.actor}")
        stop_agents(tx, ports, current.id, "cancelled")

    return act(ports, run, "run.cancel", work)


def pause(ports: Ports, run: str) -> Done:
    """Interrupt a run: its agents are ended, what they did is kept, nothing is started until it is resumed."""

    def work(tx: Transaction, current: Run) -> None:
        move(tx, current, "pause", state_reason=f"paused by {ports.actor}")
        stop_agents(tx, ports, current.id, "paused")

    return act(ports, run, "run.pause", work)


def resume(ports: Ports, run: str) -> Done:
    """Let a paused run go on."""
    return act(ports, run, "run.resume", lambda tx, current: resume_run(ports, tx, current))


def resume_run(ports: Ports, tx: Transaction, current: Run) -> None:
    """Back to running, or to blocked while a blocking blocker is open. A cap that is still reached pauses it again."""
    resolve_blockers(tx, current.id, ports.clock.now(), f"resumed by {ports.actor}", frozenset({"cap_exceeded"}))
    stopping = any(found.is_open and found.severity == "block" for found in tx.find(Blocker, run=current.id))
    move(tx, current, "resume_blocked" if stopping else "resume", state_reason="")


def skip(ports: Ports, run: str, step: str) -> Done:
    """Leave a step out. Never verify or qa, and never what the rest stands on.

    Raises:
        Refused: `not_supported`.
    """

    def work(tx: Transaction, current: Run) -> None:
        chosen = find_step(tx, current.id, step)
        if chosen.kind in (*NEVER_SKIPPED, "plan", "build"):
            raise Refused(
                f"The {chosen.kind} step cannot be skipped: the gate rests on it.",
                "Only docs and writeback can.",
                "not_supported",
            )
        move(tx, chosen, "skip", state_reason=f"skipped by {ports.actor}")

    return act(ports, run, "step.skip", work)


def find_step(tx: Transaction, run_id: str, name: str) -> Step:
    """The step that the operator names by id or kind (the newest of that kind).

    Raises:
        Missing: there is none; the sentence lists the kinds.
    """
    steps = tx.find(Step, run=run_id)
    found = [step for step in steps if name in (step.id, step.kind)]
    if not found:
        kinds = ", ".join(dict.fromkeys(step.kind for step in steps))
        raise Missing(f"The run has no step {name!r}.", f"It has: {kinds}")
    return found[-1]


def instruct(ports: Ports, run: str, text: str) -> Instructed:
    """Leave a note for the coder: for the agent at work where that listens, else for the prompt of its next attempt.

    Raises:
        Usage: the text is empty or over 16 KiB.
    """
    if not text.strip() or len(text.encode("utf-8", "replace")) > LONGEST_INSTRUCTION or "\0" in text:
        raise Usage("An instruction is text of 1 byte to 16 KiB without NUL.", "cockpit instruct RUN TEXT")

    def work(tx: Transaction, current: Run) -> None:
        thread = tx.find(Thread, run=current.id)[-1]
        note = Message(
            id=ports.clock.new_id("msg"),
            run=current.id,
            thread=thread.id,
            seq=len(tx.find(Message, thread=thread.id)) + 1,
            sender=ports.actor,
            recipient=current.coder.name,
            kind="note",
            body=text,
        )
        tx.put(note, "message.note")

    done = act(ports, run, "message.note", work)
    return Instructed(done.run, done.state, done.event, _read_when(ports, done.run))


def _read_when(ports: Ports, run: str) -> str:
    """Only a receipt says that an agent has it; one that takes no words while it works never gives one."""
    attempts = ports.ledger.find(Attempt, run=run)
    agent = next((one.agent for one in attempts if one.role == "coder" and not is_over(one)), "")
    if not agent:
        return "read at the next attempt"
    if ports.agents.hears(agent):
        return "sent; the thread says when the agent has it"
    return f"queued; {agent} takes no words while it works and reads this at its next attempt"
