"""How a run reads in a Mission Control: the words of its states, and the texts of its tasks and comments.

The server's own jobs act on `inbox`, `assigned`, `review`, and on `in_progress` that nobody touched for ten minutes.
What waits is therefore `backlog`, `awaiting_owner` or `quality_review`; `in_progress` has to be kept alive.
"""

from collections.abc import Mapping

from factory.model.evidence import Evidence
from factory.model.gate import Approval, Gate
from factory.model.run import Run
from factory.model.step import Attempt, Step
from factory.model.thread import Message
from factory.model.view import RunView
from factory.rules.moves import awaits_request

KEPT_ALIVE = "in_progress"
"""The one status that has to change at least every five minutes."""
PRIORITY = {"H": "high", "M": "medium", "L": "low"}
GATES = ("qa", "cost_review", "write")
"""Gates at which a person decides."""
_GOAL = {
    "draft": "backlog", "ready": "backlog", "running": "in_progress", "blocked": "awaiting_owner",
    "paused": "awaiting_owner", "awaiting_qa": "awaiting_owner", "closing": "awaiting_owner", "done": "done",
    "cancelled": "failed", "failed": "failed",
}  # fmt: skip
_STEP = {
    "pending": "backlog", "ready": "backlog", "retry_wait": "backlog", "running": "in_progress",
    "awaiting_verdict": "in_progress", "changes_requested": "in_progress", "stalled": "awaiting_owner",
    "blocked": "awaiting_owner", "passed": "done", "split": "done", "skipped": "failed", "cancelled": "failed",
}  # fmt: skip
_OUTCOME = {"done": "success", "failed": "failed", "cancelled": "abandoned", "skipped": "abandoned"}
_RUN = {
    "created": "pending", "leased": "pending", "running": "running", "succeeded": "completed", "timed_out": "timeout",
    "cancelled": "cancelled",
}  # fmt: skip


def goal_status(view: RunView) -> str:
    """Status of the goal's task; one that works but waits for a person's answer waits."""
    status = _GOAL[view.run.state]
    return "awaiting_owner" if status == KEPT_ALIVE and questions(view) else status


def step_status(step: Step, run: Run) -> str:
    """Status of a step's task; nothing is in progress while its run is not running."""
    status = _STEP[step.state]
    return "backlog" if status == KEPT_ALIVE and run.state != "running" else status


def needs_person(step: Step) -> bool:
    """Whether an operator has to do something about it."""
    return _STEP[step.state] == "awaiting_owner"


def outcome(state: str) -> str:
    """What became of a run or step; empty while it goes on."""
    return _OUTCOME.get(state, "")


def attempt_status(attempt: Attempt) -> str:
    """Status of an attempt's run."""
    return _RUN.get(attempt.state, "failed")


def goal_text(run: Run) -> str:
    """Description of the goal's task: what is wanted, and what will show it."""
    criteria = [f"- {each.id}: {each.text}{'' if each.required else ' (optional)'}" for each in run.criteria]
    return "\n".join([run.goal, "", "Accepted when:", *criteria] if criteria else [run.goal])


def questions(view: RunView) -> list[str]:
    """What a running goal waits for that only a person can give."""
    asks = [f"Its agent asks to: {ask.title[:200]}" for ask in view.permissions if ask.state == "open"]
    return [*asks, "Its artefacts are ready for the verifier."] if awaits_request(view) else asks


def why_it_waits(view: RunView) -> str:
    """The open blockers and questions of a run, one a line; empty when nothing is in its way."""
    blockers = [blocker.message for blocker in view.open_blockers if blocker.severity == "block"]
    return "\n".join([*blockers, *questions(view)])


def gate_text(view: RunView, gate: Gate) -> str:
    """Description of a gate's task."""
    asked = {
        "qa": "Please decide on the evidence package.",
        "cost_review": "Please decide on the cost.",
        "write": "Please decide whether the result may be written into the repository.",
    }[gate.kind]
    package = next((each for each in view.packages if each.digest and each.digest == gate.package_digest), None)
    score = [f"Score: {package.score}"] if package else []
    digest = [f"Digest: {gate.package_digest}"] if gate.package_digest else []
    how = f"Decide in the cockpit: cockpit review {view.run.id}"
    return "\n".join([view.run.goal, "", asked, *digest, *score, "", how, "A decision made here is a proposal there."])


def decision_text(approval: Approval) -> str:
    """Notes of a verdict, which say who really decided."""
    done = "Approved" if approval.decision == "approve" else "Rejected"
    package = f", package {approval.package_digest}" if approval.package_digest else ""
    reason = f": {approval.reason}" if approval.reason else ""
    return f"{done} in the cockpit by {approval.actor}{package}{reason}"


def message_text(message: Message) -> str:
    """A comment for a message of the thread."""
    return f"{message.sender} → {message.recipient} ({message.kind})\n\n{message.body}"


def check_step(item: Evidence) -> Mapping[str, object]:
    """A command that was run, as a step of a run."""
    command = item.command
    argv = command.argv if command else ()
    return {
        "id": item.id,
        "type": "tool_call",
        "tool_name": argv[0] if argv else item.kind,
        "input_preview": " ".join(argv)[:500],
        "output_preview": (item.title or item.outcome or item.path)[:500],
        "success": item.outcome != "failed" and item.outcome != "broken",
        "started_at": command.started_at if command else item.captured_at,
        **({"ended_at": command.ended_at} if command else {}),
    }
