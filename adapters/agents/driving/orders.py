"""`job.json`: what the driver of an attempt is told. Written by the worker, read by the driver."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from adapters.agents.dialects.dialect import Job
from adapters.agents.small_files import write_private
from factory.rules.permissions import Policy

NAME = "job.json"


@dataclass(frozen=True)
class Orders:
    """Everything that the driver needs besides its environment."""

    dialect: str
    job: Job
    limit_micros: int = 0
    """What the agent may spend before it is stopped and asked about; 0 = no limit."""
    next_call_micros: int = 0
    """What its first model call will hardly be cheaper than, because it goes on with a session; 0 = not known."""
    connect_s: float = 60.0
    """From its start to its first word."""
    wall_s: float = 900.0
    """Working time; waiting for the operator does not count."""
    grace_s: float = 5.0
    """What it gets to end after a polite word, and again after each signal."""
    ask_deadline_s: float = 3600.0
    """After so long without an answer a permission request is refused."""
    policy: Policy = Policy()
    declared_free: bool = False
    """A local model: its calls cost nothing, and that is known, not guessed."""
    prices: Mapping[str, tuple[int, int, int, int]] = field(default_factory=dict)
    """Prices of the configuration, before the list's: model -> micro-USD for a million tokens of input, output,
    cache reads and cache writes."""
    secret_names: tuple[str, ...] = ()


def write_orders(folder: Path, orders: Orders) -> None:
    """Leave the orders in the folder of an attempt. Raises `OSError`."""
    write_private(folder / NAME, json.dumps(asdict(orders), default=str).encode("utf-8", "replace"))


def read_orders(folder: Path) -> Orders:
    """The orders of an attempt.

    Raises:
        OSError, ValueError, TypeError, KeyError: there are none, or they are not ours.
    """
    found: dict[str, Any] = json.loads((folder / NAME).read_bytes())
    job = found["job"]
    job |= {"worktree": Path(job["worktree"]), "home": Path(job["home"])}
    for name in ("allow_tools", "deny_tools"):
        job[name] = tuple(job[name])
    found["job"] = Job(**job)
    found["policy"] = Policy(**{name: tuple(rules) for name, rules in found["policy"].items()})
    found["prices"] = {model: tuple(price) for model, price in found["prices"].items()}
    found["secret_names"] = tuple(found["secret_names"])
    return Orders(**found)
