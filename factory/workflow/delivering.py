"""What a coder's attempt delivered: a commit and its patch, or the reason why there is none."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from factory.errors import Missing, SourceError
from factory.model.evidence import Evidence
from factory.model.run import Run
from factory.model.states import is_over
from factory.model.step import Attempt, Step
from factory.model.thread import Thread
from factory.model.trial import SELF_CHECK
from factory.model.view import RunView
from factory.ports.agents import AgentResult
from factory.ports.engine import Json
from factory.ports.ledger import Transaction
from factory.ports.workspace import Diff
from factory.rules.going_on import OVER, after_end
from factory.rules.moves import newest_delivery
from factory.rules.result import work_name
from factory.rules.risk import raised, verifier_needed
from factory.rules.visible import one_line
from factory.workflow.attempts import Ending, attempt_id, end, ending_of
from factory.workflow.blocking import block_run, open_blocker, pause_for_money
from factory.workflow.capturing import capture_file, put_evidence
from factory.workflow.flow import WORKER, Flow, move
from factory.workflow.progress import begin_step, block_step, set_back, set_running
from factory.workflow.results import from_json
from factory.workflow.self_checking import self_check_is_due
from factory.workflow.sources import start_commit

SENTENCES = {
    "no_change": "The coder ended without changing anything; instruct it, then retry.",
    "worktree_gone": "The coder's worktree is gone, so there is nothing to verify; retry starts a new one.",
    "wall_clock": "The coder was ended by the wall clock; retry, or raise [clocks] wall_s.",
    "lost": "The coder's process was lost; retry.",
    "lost_worker": "The coder was ended because no worker was there for longer than its lease; retry.",
    "not_started": "The coder could not be started; see its log, then retry.",
    "auth": "The coder is not logged in, or its key is refused; see cockpit agents, then retry.",
    "rate_limit": "The coder ran into its rate limit again and again; retry later.",
    "model_error": "The coder's model failed; see its log, then retry.",
    "turns": "The coder used up its turns; raise max_turns, or retry.",
    "crashed": "The coder's program ended without a last word, again and again; see its log, then retry.",
    "unconnected": "The coder's program never said a word within [clocks] connect_s; see its log, then retry.",
    "timeout": "The coder worked for longer than [clocks] wall_s allows; retry, or raise it.",
    "denied": "The coder stopped after a refusal; instruct it, then retry.",
}


@dataclass(frozen=True)
class Delivery:
    """What an attempt left behind."""

    ending: Ending
    diff: Diff | None = None
    """From the base to what it leaves; for a check of itself that left nothing, to what it looked at."""
    evidence: tuple[Evidence, ...] = ()
    problem: str = ""
    """Why its work could not be committed, as a sentence."""


def deliver(flow: Flow, key: str, step_id: str, n: int, found: Json) -> None:
    """Commit, capture and record what attempt `n` made."""
    result, worktree = from_json(found["result"]), found["worktree"]
    view = flow.view()
    attempt = flow.ports.ledger.get(Attempt, attempt_id(flow, step_id, n))
    delivery = _gather(flow, view, attempt, result, worktree)
    flow.write(key, lambda tx: _record(flow, tx, key, attempt.id, result, delivery))


def _gather(flow: Flow, view: RunView, attempt: Attempt, result: AgentResult, worktree: str) -> Delivery:
    """Everything outside the ledger: the commit, the patch, the log. Work is kept however the attempt ended."""
    about: dict[str, Any] = {"step": attempt.step, "attempt": attempt.id, "actor": attempt.agent, "role": "coder"}
    name = work_name(attempt, "build")
    log = capture_file(flow, "log", f"{name}.log", result.log, **about) if result.log else None
    evidence = (log,) if log else ()
    ending = ending_of(result)
    succeeded = ending.event == "succeed"
    looked_at = _looked_at(flow, view, attempt)
    try:
        commit = _commit(flow, view, attempt, worktree) if worktree else ""
    except SourceError as error:
        reason = "worktree_gone" if isinstance(error, Missing) else error.code
        return Delivery(Ending("fail", reason) if succeeded else ending, looked_at, evidence, error.message)
    unchanged = Ending("succeed" if attempt.is_self_check else "fail", "no_change") if succeeded else ending
    if not commit:
        return Delivery(unchanged, looked_at, evidence)
    repo, base = Path(view.run.repo), view.run.base_commit
    target = flow.ports.scratch / flow.run / f"{name}.patch"
    flow.ports.workspace.patch(repo, base, commit, target)
    patch = capture_file(flow, "file", f"{name}.patch", target, subject=commit, capture="harness", **about)
    if patch is None:  # all of it was taken back
        return Delivery(unchanged, looked_at, evidence)
    ended = replace(ending, commit=commit, artefacts=(patch.sha256,))
    return Delivery(ended, flow.ports.workspace.diff(repo, base, commit), (*evidence, patch))


def _looked_at(flow: Flow, view: RunView, attempt: Attempt) -> Diff | None:
    """What a check of itself began with: with nothing better, that goes on."""
    before = newest_delivery(view.attempts, attempt.step) if attempt.is_self_check else None
    return flow.ports.workspace.diff(Path(view.run.repo), view.run.base_commit, before.commit) if before else None


def _commit(flow: Flow, view: RunView, attempt: Attempt, worktree: str) -> str:
    """The commit of its work. A session that went on may have done all of it before: then that is what it delivers."""
    subject = one_line(view.run.goal)[:60]
    message = f"{subject}\n\nAttempt {attempt.n} by {attempt.company}"
    key = f"{flow.run}:{attempt.step}:{attempt.n}"
    start = start_commit(view, attempt)
    kept = start if attempt.resumes and start != view.run.base_commit else ""
    return flow.ports.workspace.commit_all(Path(worktree), key, message, start) or kept


def _record(flow: Flow, tx: Transaction, key: str, attempt_id: str, result: AgentResult, delivery: Delivery) -> None:
    attempt = end(tx, flow, tx.get(Attempt, attempt_id), result, delivery.ending)
    put_evidence(tx, delivery.evidence)
    run, step = tx.get(Run, flow.run), tx.get(Step, attempt.step)
    if is_over(run) or is_over(step) or attempt.late:
        return
    now, attempts = flow.ports.clock.now(), tx.find(Attempt, step=step.id)
    follows = after_end(attempt, attempts, now)
    is_ready = follows.what in OVER if attempt.is_self_check else attempt.state == "succeeded"
    if is_ready and delivery.diff is not None and (work := newest_delivery(attempts, step.id)):
        step = set_running(tx, step)
        if self_check_is_due(tx, run.id, step.id, now):
            set_back(tx, step, SELF_CHECK)
        else:
            _hand_over(tx, run, step, work, delivery.diff)
        return
    if follows.what in ("set_back", "again", "pause"):
        set_back(tx, step, attempt.end_reason, follows.at)
    if follows.what == "pause":
        pause_for_money(flow, tx, key, attempt)
    if follows.what in OVER:
        _block(flow, tx, key, step, attempt, f"{delivery.problem} {result.problem}".strip())


def _hand_over(tx: Transaction, run: Run, step: Step, attempt: Attempt, diff: Diff) -> None:
    """The build awaits its verdict and the verify step is the one that counts. The diff can only raise the risk."""
    risk = raised(run.risk, diff)
    needed, reasons = verifier_needed(run.priority, run.domain, risk)
    run = replace(
        run,
        result_commit=attempt.commit,
        risk=risk,
        verifier_required=run.verifier_required or needed,
        verifier_reasons=tuple(dict.fromkeys((*run.verifier_reasons, *reasons))),
    )
    tx.put(run, "run.result", {"commit": attempt.commit, "files": len(diff.files)})
    move(tx, step, "deliver")
    begin_step(tx, tx.find(Step, run=run.id, kind="verify")[-1], run.verifier.name if run.verifier_required else WORKER)
    thread = tx.find(Thread, run=run.id)[-1]
    if thread.state == "prewired" and not run.verifier_required:
        move(tx, thread, "waive", end_state="not_required")


def _block(flow: Flow, tx: Transaction, key: str, step: Step, attempt: Attempt, problem: str) -> None:
    reason = attempt.end_reason
    sentence = SENTENCES.get(reason, f"The coder ended with {reason}; its work is kept and not verified. See its log.")
    open_blocker(tx, flow, key, reason, "block", f"{sentence} {problem}".strip(), step.id)
    block_step(tx, step, reason)
    block_run(tx, flow.run, reason)
