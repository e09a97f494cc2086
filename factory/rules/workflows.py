"""A workflow of the operator's own, read from the mapping that a TOML file gives (docs/adr/0022)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from factory.model.definition import AT_DISPATCH, Clocks, Definition, StepKind
from factory.rules.scoring import ENOUGH
from factory.rules.written import Written

WHY: Mapping[StepKind, str] = {
    "plan": "it runs the acceptance on the base, and without that nothing can be proven",
    "build": "it makes the change",
    "verify": "it is where somebody else than the coder looks; whether a run needs an agent for that, its risk decides",
    "qa": "it is where a person decides, and nothing is done without that",
    "docs": "it writes the closing package and the pages",
    "writeback": "it queues what other systems have to know",
}
"""Every step of the factory in its order, and why no workflow leaves it out."""
MOST_ROUNDS = 64
A_DAY_S = 24 * 3600.0
_CLOCKS = ("connect_s", "first_output_s", "idle_s", "wall_s")
_SHORTEST_S = 0.1


def workflow_from(source: str, name: str, table: Mapping[str, Any], base: Definition) -> Definition:
    """The workflow that a table says.

    Args:
        source: The file, as sentences name it.
        base: What is taken where the table says nothing.

    Raises:
        Malformed: a key is unknown, or a value cannot be; the sentence names it.
    """
    said = Written(source, table)
    said.only("version", "steps", "max_rounds", "threshold", "trigger", "estimate_usd", "clocks")
    _check_steps(said)
    clocks = said.part("clocks")
    clocks.only(*_CLOCKS, "check_s")
    return replace(
        base,
        name=name,
        version=said.text("version", base.version),
        max_rounds=said.whole("max_rounds", base.max_rounds, 1, MOST_ROUNDS),
        threshold=said.whole("threshold", base.threshold, ENOUGH, 100),
        auto_verify=_is_automatic(said, base),
        agent_estimate_micros=said.usd("estimate_usd", base.agent_estimate_micros),
        clocks=Clocks(**{key: _seconds(clocks, key, getattr(base.clocks, key)) for key in _CLOCKS}),
        check_timeout_s=_seconds(clocks, "check_s", base.check_timeout_s),
    )


def _check_steps(said: Written) -> None:
    """The steps are the factory's own; a file may name them, for whoever reads it."""
    steps = said.texts("steps") if "steps" in said.table else get_args(StepKind)
    for step, why in WHY.items():
        if step not in steps:
            said.refuse("steps", f"leaves out {step!r}, and {why}")
    for name in steps:
        if name not in WHY:
            said.refuse("steps", f"names {name!r}, which the factory cannot do; its steps are {', '.join(WHY)}")
    if list(steps) != list(WHY):
        said.refuse("steps", f"must be in this order, each once: {', '.join(WHY)}")


def _is_automatic(said: Written, base: Definition) -> bool:
    trigger = said.text("trigger", "automatic" if base.auto_verify else "request")
    if trigger == "dispatch":
        said.refuse("trigger", AT_DISPATCH)
    if trigger not in ("request", "automatic"):
        said.refuse("trigger", "must be one of request, automatic")
    return trigger == "automatic"


def _seconds(clocks: Written, key: str, otherwise: float) -> float:
    return float(clocks.number(key, otherwise, _SHORTEST_S, max(otherwise, A_DAY_S)))
