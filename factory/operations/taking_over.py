"""Letting a person go on where a coder stopped; the audit trail says who did, and when."""

from pathlib import Path

from factory.errors import Missing
from factory.ports.agents import WayIn
from factory.ports.bundle import Ports
from factory.rules.by_hand import TAKEN_OVER
from factory.rules.gate import let_through_a_person


def take_over(ports: Ports, run: str) -> WayIn:
    """The way into the session of the newest coder.

    Raises:
        Missing: no coder has begun. Refused: `not_ready`, the coder is at work, or somebody is in there already.
    """
    let_through_a_person(ports.inside_agent(), "take over from anybody")
    view = ports.ledger.view(ports.ledger.resolve(run))
    attempt = next((one for one in reversed(view.attempts) if one.role == "coder" and one.folder), None)
    if attempt is None:
        raise Missing("Nothing to take over: no coder has begun.", "Wait until one has, or open the repository.")
    session = attempt.session_ref
    way = ports.agents.way_in(attempt.agent, view.run.id, Path(attempt.folder), session, view.run.operator_path)
    detail = {"agent": attempt.agent, "n": attempt.n, "session": session if way.argv else ""}
    ports.ledger.write(ports.actor, lambda tx: tx.note(TAKEN_OVER, attempt.id, view.run.id, detail))
    return way
