"""The plan step: the clone, the baseline of the acceptance commands, the plan itself."""

from pathlib import Path

from factory.errors import Refused
from factory.model.run import Run
from factory.model.step import Step
from factory.ports.ledger import Transaction
from factory.rules.moves import Move
from factory.workflow.flow import WORKER, Flow, move
from factory.workflow.progress import begin_step
from factory.workflow.proving import Proof, prove


async def plan(flow: Flow, chosen: Move) -> None:
    """Clone, run every acceptance command on the base, and let the build begin.

    Raises:
        Refused: `acceptance_broken`, a command cannot run at all; nothing was paid yet.
    """
    await flow.step(f"plan:{chosen.step}:{chosen.n}:begin", _begin, chosen.step)
    seen = await flow.step(f"plan:{chosen.step}:{chosen.n}:clone", _clone)
    broken = []
    for criterion in seen["criteria"]:
        name = f"baseline-{chosen.n}-{criterion['id']}"
        argv = tuple(criterion["command"])
        ran = await prove(flow, Proof(name, argv, seen["base"], "baseline", chosen.step, criterion["id"]))
        if ran.outcome == "broken":
            broken.append(f"{ran.name}: {ran.why}")
    if broken:
        raise Refused(
            f"The acceptance cannot run on the base: {'; '.join(broken)}.",
            "Mend the command (or add --prepare), then retry.",
            code="acceptance_broken",
        )
    await flow.step(f"plan:{chosen.step}:{chosen.n}:pass", _pass, chosen.step)


def _begin(flow: Flow, key: str, step: str) -> None:
    flow.write(key, lambda tx: begin_step(tx, tx.get(Step, step), WORKER))


def _clone(flow: Flow, _key: str) -> dict[str, object]:
    run = flow.ports.ledger.get(Run, flow.run)
    flow.ports.workspace.clone(Path(run.repo), run.base_commit)
    criteria = [{"id": item.id, "command": list(item.command)} for item in run.criteria]
    return {"base": run.base_commit, "criteria": criteria}


def _pass(flow: Flow, key: str, step: str) -> None:
    def work(tx: Transaction) -> None:
        current = tx.get(Step, step)
        if current.state == "running":
            move(tx, current, "pass")

    flow.write(key, work)
