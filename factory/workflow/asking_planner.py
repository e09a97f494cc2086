"""A planner agent, where the operator names one. What it writes is a claim on the spec page, never a decision."""

from pathlib import Path

from factory.errors import Refused
from factory.model.step import Attempt
from factory.ports.engine import Json
from factory.ports.ledger import Transaction
from factory.rules.result import work_name
from factory.workflow.attempts import attempt_id, end, ending_of, lease, not_started, start, task_of
from factory.workflow.capturing import capture_file, put_evidence
from factory.workflow.flow import Flow
from factory.workflow.offload import offload
from factory.workflow.prompting import planner_prompt
from factory.workflow.results import from_json, to_json
from factory.workflow.sources import worktree_name
from factory.workflow.watching import Watch

LONGEST_PLAN = 8_000
STOPPED = ("cancelled", "paused", "operator_retry")


async def ask_planner(flow: Flow, step: str, n: int) -> str:
    """What the planner wrote.

    Raises:
        Refused: it did not end well; the code is its end reason. `cap_exceeded`, there is no money for it.
    """
    await flow.step(f"lease:{step}:{n}", lease, step, n, "planner")
    found = await flow.step(f"agent:{step}:{n}", _run, step, n)
    reason = await flow.step(f"settle:{step}:{n}", _settle, step, n, found)
    if reason:
        code = "stopped" if reason in STOPPED else reason
        raise Refused(f"The planner ended with {reason}.", "See its log, then retry.", code)
    return str(found["summary"])[:LONGEST_PLAN]


async def _run(flow: Flow, key: str, step: str, n: int) -> Json:
    view = await offload(flow.view)
    attempt = await offload(flow.ports.ledger.get, Attempt, attempt_id(flow, step, n))
    if unwanted := not_started(view.run, attempt):
        return to_json(unwanted)
    place = worktree_name(view.run, work_name(attempt, "plan"))
    checkout = await offload(flow.ports.workspace.checkout, Path(view.run.repo), view.run.base_commit, place)
    task = task_of(view, attempt, await offload(planner_prompt, flow.ports, view, attempt), checkout)
    await offload(start, flow, key, attempt.id, task)
    return to_json(await flow.ports.agents.run(task, Watch(flow, attempt, view.run.definition.clocks)))


def _settle(flow: Flow, key: str, step: str, n: int, found: Json) -> str:
    """Record the end and the cost; returns why it did not end well, or nothing."""
    result = from_json(found)
    ending = ending_of(result)
    attempt = flow.ports.ledger.get(Attempt, attempt_id(flow, step, n))
    about = {"step": step, "attempt": attempt.id, "actor": attempt.agent}
    log = capture_file(flow, "log", f"{work_name(attempt, 'plan')}.log", result.log, **about) if result.log else None

    def work(tx: Transaction) -> None:
        end(tx, flow, tx.get(Attempt, attempt.id), result, ending)
        put_evidence(tx, [log] if log else [])

    flow.write(key, work)
    return "" if ending.event == "succeed" else ending.reason
