"""A run that replaces the result of an earlier one: late rework of that one, which metrics count."""

from factory.errors import Refused
from factory.model.launch import Launch
from factory.model.run import Run
from factory.model.states import is_over
from factory.ports.bundle import Ports


def superseded(ports: Ports, launch: Launch) -> str:
    """Id of the run that a launch replaces: the named one, or the newest done one of its task; empty = none.

    Raises:
        Missing: there is no such run. Refused: `not_over`, it may still bring its result.
    """
    if not launch.supersedes:
        done = ports.ledger.find(Run, mc_ref=launch.from_mission, state="done") if launch.from_mission else ()
        return max(done, key=lambda run: (run.created_at, run.id)).id if done else ""
    run = ports.ledger.get(Run, ports.ledger.resolve(launch.supersedes))
    if not is_over(run):
        raise Refused(
            f"Run {run.id} is {run.state}, so it has no result that could be replaced.",
            f"Decide about it, or give it up: cockpit cancel {run.id}",
            code="not_over",
        )
    return run.id
