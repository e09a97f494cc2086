"""The plan step: the clone, the baseline of the acceptance commands, the plan itself."""

from pathlib import Path

from factory.errors import Refused
from factory.model.run import Run
from factory.model.step import Step
from factory.ports.engine import Json
from factory.ports.ledger import Transaction
from factory.rules.moves import Move
from factory.rules.prompts import plan_text
from factory.workflow.asked_for import asked_for
from factory.workflow.asking_planner import ask_planner
from factory.workflow.flow import WORKER, Flow, move
from factory.workflow.pages import due_page, put_pages
from factory.workflow.progress import begin_step
from factory.workflow.proving import Proof, prove
from factory.workflow.recalling import recall


async def plan(flow: Flow, chosen: Move) -> None:
    """Clone, run every acceptance command on the base, and let the build begin.

    Raises:
        Refused: `acceptance_broken`, a command cannot run at all; nothing was paid yet.
    """
    seen = await flow.step(f"plan:{chosen.step}:{chosen.n}:begin", _begin, chosen.step)
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
    said = await ask_planner(flow, chosen.step, chosen.n) if seen["planner"] else ""
    await flow.step(f"plan:{chosen.step}:{chosen.n}:pass", _pass, chosen.step, said)


def _begin(flow: Flow, key: str, step: str) -> Json:
    """The step runs, and the clone holds the base."""
    flow.write(key, lambda tx: begin_step(tx, tx.get(Step, step), WORKER))
    run = flow.ports.ledger.get(Run, flow.run)
    flow.ports.workspace.clone(Path(run.repo), run.base_commit)
    criteria = [{"id": item.id, "command": list(item.command)} for item in run.criteria]
    return {"base": run.base_commit, "criteria": criteria, "planner": bool(run.planner)}


def _pass(flow: Flow, key: str, step: str, said: str) -> None:
    """The plan goes onto the spec page, with what memory offers as guidance, and the step has passed."""
    view = flow.view()
    hints = recall(flow.ports, view.run.goal)
    page = due_page(
        flow.ports,
        view,
        "request",
        {"plan": plan_text(view, said), "hints": hints, "asked": asked_for(flow.ports, view.run)},
    )

    def work(tx: Transaction) -> None:
        current = tx.get(Step, step)
        if current.state == "running":
            put_pages(tx, flow.ports, [page])
            move(tx, current, "pass")

    flow.write(key, work)
