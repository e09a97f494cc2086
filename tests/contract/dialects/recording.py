"""The recordings in `fixtures/agents`: what real agents said, one folder for each agent and version."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.agents.dialects.dialect import Message

FOLDER = Path(__file__).parents[3] / "fixtures" / "agents"


@dataclass(frozen=True)
class Line:
    """One line of a recording."""

    message: Message
    ours: bool = False
    """Our side said it. Only recordings of the Agent Client Protocol hold both sides."""


@dataclass(frozen=True)
class Recording:
    """One case of one agent, and how its process ended."""

    agent: str
    case: str
    lines: tuple[Line, ...]
    exit_code: int | None
    stderr: str
    index: Mapping[str, Any]
    """The case in `index.json`, whole: its command line, the requests that reached the model, …"""

    @property
    def heard(self) -> tuple[Message, ...]:
        """What the agent said, oldest first."""
        return tuple(line.message for line in self.lines if not line.ours)

    @property
    def said(self) -> tuple[Message, ...]:
        """What our side said, oldest first; empty where only the agent was recorded."""
        return tuple(line.message for line in self.lines if line.ours)


def cases(agent: str) -> list[str]:
    """The names of all recordings of one folder, such as `codex-0.169.0`."""
    return sorted(_index(agent))


def recorded(agent: str, case: str) -> Recording:
    """One recording."""
    about = _index(agent)[case]
    text = (FOLDER / agent / f"{case}.jsonl").read_text()
    # On line feeds alone: agents write U+2028 inside of strings, and `splitlines` would tear them.
    lines = tuple(_line(json.loads(line)) for line in text.split("\n") if line)
    return Recording(agent, case, lines, about["exit_code"], about.get("stderr", ""), about)


def _index(agent: str) -> dict[str, Any]:
    index: dict[str, Any] = json.loads((FOLDER / agent / "index.json").read_text())
    return index


def _line(message: dict[str, Any]) -> Line:
    if "dir" in message and "msg" in message:
        return Line(message["msg"], ours=message["dir"] == "out")
    return Line(message)
