"""What stands in the prompts of agents, as plain facts; the templates put it into words.

Only what an agent may know is here. No command of the acceptance is, nor, when its files are kept from the coder, what
is in them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from factory.model.run import Criterion
from factory.model.view import RunView
from factory.ports.agents import Answers
from factory.rules.findings import finding_line
from factory.rules.guidance import description
from factory.rules.money import usd
from factory.rules.requests import Asked

Facts = Mapping[str, Any]
NEWEST_NOTES = 5
"""Of the operator, for an agent that has read the earlier ones."""


def coder_facts(
    view: RunView, attempt: int, guidance: str, left_micros: int, answers: Answers, asked: Asked | None = None
) -> Facts:
    """What a coder reads before attempt `attempt`.

    Args:
        guidance: What memory offers, ready to be fenced; empty = nothing.
        left_micros: What it may still spend.
        answers: How it gives its result back.
        asked: What the request says that the run came from.
    """
    return {
        **_task(view, left_micros, answers),
        "company": view.run.coder.company,
        "attempt": attempt,
        "max_rounds": view.run.definition.max_rounds,
        "last": _last_round(view),
        "rejections": [one.reason for one in view.approvals if one.decision == "reject"],
        "notes": _notes(view),
        "guidance": guidance,
        "asked": _fit(asked),
    }


def verifier_facts(view: RunView, subject: str, files: Sequence[str], left_micros: int, answers: Answers) -> Facts:
    """What a verifier reads about the commit `subject`; `files` were changed in it since the base."""
    return {
        **_task(view, left_micros, answers),
        "company": view.run.verifier.company,
        "round": view.thread.round,
        "subject": subject,
        "base": view.run.base_commit,
        "files": list(files),
        "last": _last_round(view),
    }


def planner_facts(
    view: RunView, guidance: str, left_micros: int, answers: Answers, asked: Asked | None = None
) -> Facts:
    """What a planner reads; see `coder_facts`."""
    return {**_task(view, left_micros, answers), "guidance": guidance, "asked": _fit(asked)}


def go_on_facts(view: RunView, left_micros: int) -> Facts:
    """What an agent reads that goes on with a session which was cut off, or stopped at its cap."""
    return {"notes": _notes(view)[-NEWEST_NOTES:], "left": usd(left_micros)}


def plan_text(view: RunView, from_planner: str = "") -> str:
    """The plan as it stands on the spec page: from the template, and what a planner wrote (a claim)."""
    steps = ["Run the acceptance commands on the base, so that a change can be seen."]
    steps += [f"Make {criterion.id} hold: {criterion.text}" for criterion in view.run.criteria]
    steps += ["Verify with commands that the factory runs itself.", "Ask the operator to approve the frozen evidence."]
    text = "\n".join(f"{number}. {line}" for number, line in enumerate(steps, 1))
    said = "\n".join(f"> {line}" for line in from_planner.splitlines())
    return f"{text}\n\nThe planner says (a claim):\n{said}" if from_planner.strip() else text


def _fit(asked: Asked | None) -> Asked | None:
    """As it may stand in a prompt."""
    return Asked(asked.by, description(asked.text)) if asked else None


def _task(view: RunView, left_micros: int, answers: Answers) -> dict[str, Any]:
    return {
        "goal": view.run.goal,
        "criteria": [{"id": one.id, "text": one.text} for one in view.run.criteria],
        "left": usd(left_micros),
        "answers": answers,
    }


def _notes(view: RunView) -> list[str]:
    """What the operator wrote, oldest first."""
    notes = [message for message in view.messages if message.kind == "note" and not message.external_ref]
    return [f"{message.sender}: {message.body}" for message in notes]


def _last_round(view: RunView) -> dict[str, Any] | None:
    """What came of the last round; None before the first."""
    if not view.thread.verdicts:
        return None
    last = view.thread.verdicts[-1]
    reasons = [_unseen(reason, view.run.criteria) for reason in last.reasons] if view.run.accept_dir else last.reasons
    return {"word": last.word, "lines": [*reasons, *map(finding_line, last.findings)]}


def _unseen(reason: str, criteria: Sequence[Criterion]) -> str:
    """Why a criterion does not hold, without the names of tests that the coder must not see."""
    if not reason.startswith(tuple(f"{one.id} " for one in criteria)):
        return reason
    return ": ".join(reason.split(": ", 2)[:2]).rstrip(".") + "."
