"""Waiting for a run without asking the worker anything: the ledger says when there is something new."""

import time
from dataclasses import dataclass

from cockpit.cli.output import Output
from factory.errors import Refused
from factory.model.run import RUN, Run
from factory.operations import inspect
from factory.ports.bundle import Ports

POLL_S = 0.2


@dataclass(frozen=True)
class Reached:
    """Where a run stands now that the wait is over. Field names are JSON keys."""

    run: str
    state: str
    reached: str
    """What was waited for: the state, or why the run needs a person."""


def wait_for(ports: Ports, out: Output, run: str, wanted: str, timeout_s: float | None) -> Reached:
    """Wait until the run is in `wanted`, or, when that is empty, until it needs a person or is over.

    Raises:
        Refused: `timeout`, or `other_end`: the run is over in another state.
        Missing: no such run.
    """
    deadline = None if timeout_s is None else time.monotonic() + timeout_s
    run_id = ports.ledger.resolve(run)
    seen = None
    while True:
        head = ports.ledger.head()
        if head != seen:
            state = ports.ledger.get(Run, run_id).state  # before we look: it may come to its end in between
            if reached := inspect.reached(ports, run_id, wanted):
                return Reached(run_id, ports.ledger.get(Run, run_id).state, reached)
            _refuse_other_end(run_id, state, wanted)
            if seen is None and not ports.workers.state().running:
                out.say("No worker is running, so this run does not move. Start one: cockpit worker")
            seen = head
        left_s = POLL_S if deadline is None else deadline - time.monotonic()
        if left_s <= 0:
            raise _too_late(ports, run_id, wanted, timeout_s)
        time.sleep(min(POLL_S, left_s))


def reached_text(reached: Reached) -> str:
    """The run, its state, and what to look at next."""
    return f"{reached.run} is {reached.state} ({reached.reached}).\nLook at it: cockpit status {reached.run}"


def _refuse_other_end(run: str, state: str, wanted: str) -> None:
    if state in RUN.terminal:
        raise Refused(f"The run is {state} and will not be {wanted} any more.", f"cockpit status {run}", "other_end")


def _too_late(ports: Ports, run: str, wanted: str, timeout_s: float | None) -> Refused:
    state = ports.ledger.get(Run, run).state
    goal = f"was not {wanted}" if wanted else "did not need anybody"
    return Refused(f"The run {goal} within {timeout_s:g} s; it is {state}.", f"cockpit status {run}", "timeout")
