"""Sending work to the verifier: never before there is an artefact, and only because somebody asked."""

from factory.errors import Refused
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message, Thread
from factory.ports.clock import Clock
from factory.ports.ledger import Transaction
from factory.rules.moves import Move
from factory.workflow.flow import Flow, move


async def ask(flow: Flow, chosen: Move) -> None:
    """Send the newest artefacts because of the coder's request, the configuration, or the next round."""
    await flow.step(f"ask:{chosen.step}:{chosen.n}", _ask, chosen.trigger)


def _ask(flow: Flow, key: str, trigger: str) -> None:
    flow.write(key, lambda tx: request(tx, flow.ports.clock, flow.run, trigger))


def request(tx: Transaction, clock: Clock, run_id: str, trigger: str) -> Thread:
    """Request a verification of the newest delivered attempt.

    Raises:
        Refused: `no_artifacts`, nothing was delivered yet; or the thread's state does not allow it.
    """
    run, thread = tx.get(Run, run_id), tx.find(Thread, run=run_id)[-1]
    attempt = _deliverable(tx, thread)
    if attempt is None:
        build = tx.get(Step, thread.step)
        raise Refused(
            f"There is nothing to verify now: the build is {build.state}, and nothing new was delivered.",
            "Wait for the build step: cockpit wait RUN",
            code="no_artifacts",
        )
    claims = "1 criterion" if len(run.criteria) == 1 else f"{len(run.criteria)} criteria"
    changes = {"round": thread.round + 1, "trigger": thread.trigger or trigger}
    thread = move(tx, thread, "request", **changes)
    message = Message(
        id=clock.new_id("msg"),
        run=run_id,
        thread=thread.id,
        seq=len(tx.find(Message, thread=thread.id)) + 1,
        sender=run.coder.name if trigger == "coder" else trigger,
        recipient=run.verifier.name,
        kind="request",
        body=f"Round {thread.round}: please check commit {attempt.commit} against {claims}.",
        artefacts=attempt.artefacts,
    )
    tx.put(message, "message.send", {"to": run.verifier.name, "artefacts": list(attempt.artefacts)})
    return thread


def _deliverable(tx: Transaction, thread: Thread) -> Attempt | None:
    """The attempt that a verifier would look at: the build awaits its verdict and there is a digest."""
    if tx.get(Step, thread.step).state != "awaiting_verdict":
        return None
    found = [attempt for attempt in tx.find(Attempt, step=thread.step, state="succeeded") if attempt.artefacts]
    return found[-1] if found else None
