"""What comes of `start`: the run, who works on it, and where each of its seven outputs is."""

from dataclasses import dataclass
from pathlib import Path

from factory.model.trial import LABEL as TRIAL
from factory.model.view import RunView
from factory.operations.results import Started
from factory.rules.money import usd
from factory.rules.outputs import FOLDER, outputs
from factory.rules.visible import one_line

LABEL = 11


@dataclass(frozen=True)
class Output:
    """One of the seven outputs. Field names are JSON keys."""

    name: str
    path: str
    """Absolute; a page is there as soon as the worker has written it."""


def outputs_of(view: RunView, evidence: Path, knowledge: Path) -> tuple[Output, ...]:
    """The seven outputs by path.

    Args:
        evidence: The run's evidence folder.
        knowledge: The folder of the knowledge pages.
    """
    return tuple(
        Output(name, str(evidence / place if place.startswith(f"{FOLDER}/") else knowledge / f"{place}.md"))
        for name, place in outputs(view)
    )


def launch_text(started: Started, view: RunView, made: tuple[Output, ...]) -> str:
    """The run in a few lines, and its outputs."""
    run, route = view.run, view.run.route
    done = "started" if started.created else "was started before"
    why = f" ({', '.join(route.matched)})" if route.matched else ""
    need = "verifier required" if run.verifier_required else "no verifier required"
    need = "how it is checked is withheld (trial)" if TRIAL in run.labels else need
    budget = view.budget("run")
    rows = [
        ("goal", one_line(run.goal)),
        ("route", f"{route.domain}: {route.builder} builds, {route.verifier} verifies{why}"),
        *(("notice", one_line(route.notice)) for _ in filter(None, [route.notice])),
        *(("replaces", f"the result of {run.supersedes}") for _ in filter(None, [run.supersedes])),
        ("agents", f"{one_line(run.coder.name)}; {one_line(run.verifier.name)}"),
        ("risk", f"{run.risk.level}, priority {run.priority}, {need}"),
        ("workflow", one_line(run.definition.name)),
        ("cap", usd(budget.limit_micros) if budget else "none"),
        *((criterion.id, one_line(criterion.text)) for criterion in run.criteria),
        *(("left out", one_line(name)) for name in run.left_out),
    ]
    lines = [f"{name:<{LABEL}}{text}" for name, text in rows]
    files = [f"  {one.name:<36}{one.path}" for one in made]
    return "\n".join(
        [f"{run.id}  {started.state}  ({done})", *lines, "outputs", *files, f"next       cockpit wait {run.id}"]
    )
