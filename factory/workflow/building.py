"""The build step: one attempt of the coder in its own worktree."""

from pathlib import Path

from factory.errors import SourceError
from factory.model.step import Attempt
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json
from factory.rules.going_on import first_of
from factory.rules.moves import Move
from factory.rules.result import work_name
from factory.workflow.attempts import attempt_id, lease, not_started, start, task_of
from factory.workflow.blocking import hold_up
from factory.workflow.by_hand import keep_by_hand
from factory.workflow.delivering import deliver
from factory.workflow.flow import Flow
from factory.workflow.offload import offload
from factory.workflow.prompting import coder_prompt
from factory.workflow.results import to_json
from factory.workflow.sources import start_commit, worktree_name
from factory.workflow.watching import Watch


async def build(flow: Flow, chosen: Move) -> None:
    """Lease an attempt, then run it as a child on the limited queue."""
    await flow.step(f"lease:{chosen.step}:{chosen.n}", lease, chosen.step, chosen.n, "coder")
    argument = {"run": flow.run, "step": chosen.step, "n": chosen.n}
    await flow.durable.child("build", f"{flow.run}:{chosen.step}:{chosen.n}", argument)


async def build_child(durable: Durable, ports: Ports, argument: Json) -> Json:
    """Run attempt `n` of a build step to its end and record what came of it."""
    flow = Flow(durable, ports, argument["run"])
    step, n = argument["step"], argument["n"]
    try:
        found = await flow.step(f"agent:{step}:{n}", run_coder, step, n)
        await flow.step(f"deliver:{step}:{n}", deliver, step, n, found)
    except SourceError as error:
        await flow.step(f"hold:{step}:{n}", hold_up, Move("build", step, n), error)
    return argument


async def run_coder(flow: Flow, key: str, step: str, n: int) -> Json:
    """Start the coder, or find the one that a killed worker left behind, and wait for its end."""
    view = await offload(flow.view)
    attempt = await offload(flow.ports.ledger.get, Attempt, attempt_id(flow, step, n))
    if unwanted := not_started(view.run, attempt):
        return {"result": to_json(unwanted), "worktree": ""}
    place = worktree_name(view.run, work_name(first_of(attempt, view.attempts), "build"))
    worktree = await offload(flow.ports.workspace.checkout, Path(view.run.repo), start_commit(view, attempt), place)
    is_driven = flow.ports.agents.is_driven(attempt.agent)
    if attempt.resumes and not attempt.started_at:
        await offload(keep_by_hand, flow, key, view, attempt, worktree)
    prompt = await offload(coder_prompt, flow.ports, view, attempt)
    task = task_of(view, attempt, prompt, worktree, is_driven=is_driven)
    await offload(start, flow, key, attempt.id, task)
    result = await flow.ports.agents.run(task, Watch(flow, attempt, view.run.definition.clocks))
    return {"result": to_json(result), "worktree": str(worktree)}
