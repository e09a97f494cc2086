"""The prompts that agents get. What memory offers is marked as guidance; what others wrote is quoted as data."""

from collections.abc import Sequence

from factory.model.run import Criterion
from factory.model.view import RunView

_PROTOCOL = """\
## How to ask for the verifier
A verifier of another company is wired to this step and has been sent nothing. Nothing is sent before you deliver.
- Work only in this folder. Change or commit files; exit with code 0 when you are ready. No change counts as a failure.
- To ask for a verification at once, write JSON to the file named by COCKPIT_RESULT_FILE with "request_review": true.
  Without it the operator decides when to send.
- You may add "summary", "cost_usd", "tokens", "model" and "session" there. All of it is a claim: the factory runs the
  acceptance commands itself, in a fresh checkout that you do not see.
- At most {rounds} rounds. Changing tests is seen, and the tests of the base version are run as well.
"""

_VERDICT = """\
## How to answer
Write JSON to the file named by COCKPIT_RESULT_FILE:
{{"verdict": {{"verdict": "pass" | "changes_requested" | "inconclusive", "subject": "{subject}",
  "criteria": [{{"id": "A1", "status": "supported" | "refuted" | "unknown"}}],
  "findings": [{{"severity": "block" | "warn" | "note", "text": "...", "command": "a command that fails here"}}],
  "commands": ["a command that shows it"]}}}}
Prose is not a verdict. The factory runs the acceptance commands and every command that you name, itself, after you end.
A pass without a command that ran on this commit, or for another commit, counts as inconclusive.
"""


def coder_prompt(view: RunView, guidance: str, attempt: int) -> str:
    """What a coder reads before attempt `attempt`."""
    parts = [
        _head(view, f"You are the coder ({view.run.coder.company}), attempt {attempt}."),
        _criteria(view.run.criteria),
        _earlier(view),
        _PROTOCOL.format(rounds=view.run.definition.max_rounds),
        guidance,
    ]
    return "\n".join(part for part in parts if part)


def verifier_prompt(view: RunView, subject: str, files: Sequence[str]) -> str:
    """What a verifier reads about the commit `subject`."""
    changed = "## Files changed since the base\n" + _bullets(files or ["none"])
    parts = [
        _head(
            view,
            f"You are the verifier ({view.run.verifier.company}), round {view.thread.round}. You did not write this.",
        ),
        f"The commit to check is {subject}, based on {view.run.base_commit}. This folder is a clean checkout of it.\n",
        _criteria(view.run.criteria),
        changed,
        _findings(view),
        _VERDICT.format(subject=subject),
    ]
    return "\n".join(part for part in parts if part)


def planner_prompt(view: RunView, guidance: str) -> str:
    """What a planner reads."""
    ask = 'Write a short plan for the coder as "summary" into the JSON file named by COCKPIT_RESULT_FILE.\n'
    return "\n".join([_head(view, "You are the planner."), _criteria(view.run.criteria), ask, guidance])


def go_on_prompt(view: RunView) -> str:
    """What an agent reads that goes on with a session which was cut off, or stopped at its cap."""
    notes = [f"{message.sender}: {message.body}" for message in view.messages if message.kind == "note"]
    said = "Notes from the operator:\n" + _quoted("\n".join(notes[-5:])) + "\n" if notes else ""
    return f"You were interrupted from outside. Go on with your task where you stopped.\n{said}"


def plan_text(view: RunView, from_planner: str = "") -> str:
    """The plan as it stands on the spec page: from the template, and what a planner wrote (a claim)."""
    steps = ["Run the acceptance commands on the base, so that a change can be seen."]
    steps += [f"Make {criterion.id} hold: {criterion.text}" for criterion in view.run.criteria]
    steps += ["Verify with commands that the factory runs itself.", "Ask the operator to approve the frozen evidence."]
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(steps, 1))
    said = f"\n\nThe planner says (a claim):\n{_quoted(from_planner)}" if from_planner.strip() else ""
    return f"{text}{said}"


def _head(view: RunView, who: str) -> str:
    return f"# {who}\n\n## Goal (verbatim)\n{_quoted(view.run.goal)}\n"


def _criteria(criteria: Sequence[Criterion]) -> str:
    return "## What must hold\n" + _bullets([f"{criterion.id}: {criterion.text}" for criterion in criteria])


def _earlier(view: RunView) -> str:
    """What the verifier found in earlier rounds, why QA rejected, and what the operator wrote since."""
    notes = [f"{message.sender}: {message.body}" for message in view.messages if message.kind == "note"]
    rejections = [f"QA rejected: {approval.reason}" for approval in view.approvals if approval.decision == "reject"]
    lines = rejections + notes
    return _findings(view) + ("## Notes from the operator\n" + _quoted("\n".join(lines)) + "\n" if lines else "")


def _findings(view: RunView) -> str:
    if not view.thread.verdicts:
        return ""
    last = view.thread.verdicts[-1]
    lines = [*last.reasons]
    lines += [f"{finding.severity}: {finding.text}" + _shown_by(finding.command) for finding in last.findings]
    return f"## Result of the last round: {last.word}\n{_quoted(chr(10).join(lines))}\n"


def _shown_by(command: Sequence[str]) -> str:
    return f" (shown by: {' '.join(command)})" if command else ""


def _bullets(lines: Sequence[str]) -> str:
    return "".join(f"- {line}\n" for line in lines)


def _quoted(text: str) -> str:
    """A quotation: no line of it can pass for ours."""
    return "\n".join(f"> {line}" for line in text.splitlines())
