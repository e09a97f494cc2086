"""The verify step: the verifier in its own clean checkout, then the factory's own proof, then the verdict."""

from dataclasses import replace
from pathlib import Path

from factory.errors import Missing, SourceError
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from factory.ports.agents import AgentResult
from factory.ports.bundle import Ports
from factory.ports.engine import Durable, Json
from factory.ports.ledger import Transaction
from factory.rules.going_on import after_end, first_of
from factory.rules.moves import Move, delivered_attempt
from factory.rules.result import work_name
from factory.workflow.attempts import attempt_id, end, ending_of, lease, not_started, start, task_of
from factory.workflow.blocking import hold_up, pause_for_money
from factory.workflow.capturing import capture_file, put_evidence
from factory.workflow.flow import WORKER, Flow, move
from factory.workflow.judging import judge_round
from factory.workflow.offload import offload
from factory.workflow.progress import begin_step, set_back, set_running
from factory.workflow.prompting import verifier_prompt
from factory.workflow.results import from_json, to_json
from factory.workflow.sources import worktree_name
from factory.workflow.watching import Watch

GOING_ON = ("set_back", "again", "pause")
"""What follows an attempt that is no round: the step starts again, sooner or later."""

MOST_NAMED = 5
"""Of the files that a verifier changed."""


async def verify(flow: Flow, chosen: Move) -> None:
    """Lease an attempt where a verifier is needed, then verify as a child on the limited queue."""
    needed = await flow.step(f"verify:{chosen.step}:{chosen.n}:begin", _begin, chosen.step)
    if needed:
        await flow.step(f"lease:{chosen.step}:{chosen.n}", lease, chosen.step, chosen.n, "verifier")
    argument = {"run": flow.run, "step": chosen.step, "n": chosen.n, "verifier": needed}
    await flow.durable.child("verify", f"{flow.run}:{chosen.step}:{chosen.n}", argument)


def _begin(flow: Flow, key: str, step: str) -> bool:
    run = flow.ports.ledger.get(Run, flow.run)
    if not run.verifier_required:
        flow.write(key, lambda tx: begin_step(tx, tx.get(Step, step), WORKER))
    return run.verifier_required


async def verify_child(durable: Durable, ports: Ports, argument: Json) -> Json:
    """Run one round to its verdict and record it."""
    flow = Flow(durable, ports, argument["run"])
    step, n = argument["step"], argument["n"]
    try:
        said, refused = None, ""
        if argument["verifier"]:
            found = await flow.step(f"agent:{step}:{n}", run_verifier, step, n)
            if not await flow.step(f"settle:{step}:{n}", _settle, step, n, found):
                return argument
            said, refused = found["verdict"], found.get("refused", "")
        await judge_round(flow, step, n, said, refused)
    except SourceError as error:
        await flow.step(f"hold:{step}:{n}", hold_up, Move("verify", step, n), error)
    return argument


async def run_verifier(flow: Flow, key: str, step: str, n: int) -> Json:
    """Start the verifier on the coder's commit, or find the one that a killed worker left, and wait for its end."""
    view = await offload(flow.view)
    attempt = await offload(flow.ports.ledger.get, Attempt, attempt_id(flow, step, n))
    subject = delivered_attempt(view)
    if unwanted := not_started(view.run, attempt):
        return to_json(unwanted)
    if subject is None:
        return to_json(AgentResult(None, "cancelled", cost_micros=0))
    repo = Path(view.run.repo)
    place = worktree_name(view.run, work_name(first_of(attempt, view.attempts), "verify"))
    checkout = await offload(flow.ports.workspace.checkout, repo, subject.commit, place)
    diff = await offload(flow.ports.workspace.diff, repo, view.run.base_commit, subject.commit)
    is_driven = flow.ports.agents.is_driven(attempt.agent)
    prompt = await offload(verifier_prompt, flow.ports, view, attempt, subject.commit, diff.files)
    task = task_of(view, attempt, prompt, checkout, subject.commit, is_driven)
    if is_driven and not attempt.started_at:
        await offload(flow.ports.workspace.seal, checkout)
    await offload(start, flow, f"{key}:start", attempt.id, task)
    await offload(flow.write, f"{key}:deliver", lambda tx: _delivered(tx, flow.run))
    result = await flow.ports.agents.run(task, Watch(flow, attempt, view.run.definition.clocks))
    refused = await offload(_refused, flow, checkout) if is_driven else ""
    return to_json(replace(result, refused=refused))


def _refused(flow: Flow, checkout: Path) -> str:
    """Why the verdict of whoever read this checkout counts for nothing: it is not the coder's work any more."""
    try:
        touched = flow.ports.workspace.touched(checkout)
    except Missing:
        return "The verifier's verdict is refused: it removed its checkout, which it may only read."
    if not touched:
        return ""
    more = f" and {len(touched) - MOST_NAMED} more" if len(touched) > MOST_NAMED else ""
    named = ", ".join(touched[:MOST_NAMED]) + more
    return f"The verifier's verdict is refused: it changed its checkout, which it may only read: {named}."


def _delivered(tx: Transaction, run: str) -> None:
    thread = tx.find(Thread, run=run)[-1]
    if thread.state == "requested":
        move(tx, thread, "deliver")


def _settle(flow: Flow, key: str, step_id: str, n: int, found: Json) -> bool:
    """Record the end of the verifier and its cost. False when it was interrupted or came too late: no round then."""
    result = from_json(found)
    attempt = flow.ports.ledger.get(Attempt, attempt_id(flow, step_id, n))
    ending = ending_of(result)
    if (
        result.end_reason == "exit" and not result.outcome
    ):  # a verifier's exit code says nothing; only its verdict file counts
        ending = ending_of(AgentResult(0, "exit"))
    name = work_name(attempt, "verify")
    about = {"step": step_id, "attempt": attempt.id, "actor": attempt.agent, "role": "verifier"}
    log = capture_file(flow, "log", f"{name}.log", result.log, **about) if result.log else None

    def work(tx: Transaction) -> None:
        ended = end(tx, flow, tx.get(Attempt, attempt.id), result, ending)
        put_evidence(tx, [log] if log else [])
        step = tx.get(Step, step_id)
        if ended.late or is_over(step):
            return
        follows = after_end(ended, tx.find(Attempt, step=step_id), flow.ports.clock.now())
        if follows.what in GOING_ON:
            set_back(tx, step, ending.reason, follows.at)
        else:
            set_running(tx, step)
        if follows.what == "pause":
            pause_for_money(flow, tx, key, ended)

    flow.write(key, work)
    settled = flow.ports.ledger.get(Attempt, attempt.id)
    earlier = flow.ports.ledger.find(Attempt, step=step_id)
    return not settled.late and after_end(settled, earlier, flow.ports.clock.now()).what not in GOING_ON
