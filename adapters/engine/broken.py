"""Finds runs that are open in the ledger and that nobody works on any more, so that none hangs in silence."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from adapters.engine.commands import Engine
from adapters.engine.open_runs import is_open
from adapters.engine.runs import Workflow
from factory.ports.ledger import Ledger


@dataclass(frozen=True)
class Broken:
    """A run that will not go on by itself."""

    run: str
    workflow: str
    """Its newest one; empty when the engine knows none. After a retry it is another one."""
    why: str
    """A sentence for the operator."""


def broken_runs(runs: Iterable[str], ledger: Ledger, engine: Engine, version: str) -> Iterator[Broken]:
    """Each run of `runs` that will not go on by itself.

    Args:
        runs: Those that were open a moment ago.
        ledger: Asked again, as a run may have ended since, or its command may wait.
        engine: Knows the workflows.
        version: Our workflow version.

    Raises:
        Unreachable: the ledger or the engine.
    """
    for run in runs:
        workflow = engine.newest(run)
        trouble = trouble_of(workflow, version)
        if trouble and is_open(ledger, run) and not any(command.run == run for command in ledger.pending()):
            yield Broken(run, workflow.id if workflow else "", trouble)


def trouble_of(workflow: Workflow | None, version: str) -> str:
    """Why a workflow does not go on, although its run is open; empty when it does."""
    if workflow is None:
        return "The engine does not know this run; retry hands it over again, and it goes on from the ledger."
    if workflow.has_failed:
        why = workflow.error or workflow.state
        return f"The workflow ended in a defect ({why}); log/worker.log has it all. Retry goes on from the ledger."
    if workflow.is_over:
        return "The workflow ended before the run did; retry goes on from the ledger."
    if workflow.version != version:
        return (
            f"The run belongs to workflow version {workflow.version} and this worker has {version}; "
            "finish it with the program that started it."
        )
    return ""
