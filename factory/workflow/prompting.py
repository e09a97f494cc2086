"""The prompt of an attempt: what its agent has to know, in the words of the templates."""

from collections.abc import Sequence

from factory.model.step import Attempt
from factory.model.view import RunView
from factory.ports.bundle import Ports
from factory.rules import prompts
from factory.rules.guidance import guidance
from factory.workflow.asked_for import asked_for
from factory.workflow.attempts import left_micros
from factory.workflow.recalling import recall


def coder_prompt(ports: Ports, view: RunView, attempt: Attempt) -> str:
    """What the coder reads; one that goes on with a session reads less."""
    left = _left(ports, view, attempt)
    if attempt.resumes:
        return ports.prompts.render("go_on", prompts.go_on_facts(view, left))
    hints, answers = guidance(recall(ports, view.run.goal)), ports.agents.answers(attempt.agent, "coder")
    facts = prompts.coder_facts(view, attempt.n, hints, left, answers, asked_for(ports, view.run))
    return ports.prompts.render("self_check" if attempt.is_self_check else "coder", facts)


def verifier_prompt(ports: Ports, view: RunView, attempt: Attempt, subject: str, files: Sequence[str]) -> str:
    """What the verifier reads about a commit; no guidance, which could talk it round."""
    left = _left(ports, view, attempt)
    if attempt.resumes:
        return ports.prompts.render("go_on", prompts.go_on_facts(view, left))
    answers = ports.agents.answers(attempt.agent, "verifier")
    return ports.prompts.render("verifier", prompts.verifier_facts(view, subject, files, left, answers))


def planner_prompt(ports: Ports, view: RunView, attempt: Attempt) -> str:
    """What the planner reads."""
    hints, answers = guidance(recall(ports, view.run.goal)), ports.agents.answers(attempt.agent, "planner")
    left = _left(ports, view, attempt)
    return ports.prompts.render(
        "planner", prompts.planner_facts(view, hints, left, answers, asked_for(ports, view.run))
    )


def _left(ports: Ports, view: RunView, attempt: Attempt) -> int:
    return left_micros(view, attempt, ports.agents.is_driven(attempt.agent))
