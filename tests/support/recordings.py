"""Recorded answers of other systems, from `fixtures/`."""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import httpx

FIXTURES = Path(__file__).parents[2] / "fixtures"


@dataclass(frozen=True)
class Recording:
    """One call and its answer."""

    name: str
    request: dict[str, Any]
    response: dict[str, Any] | None
    """None when nothing answered."""

    def answer(self) -> httpx.Response:
        """The answer as it came. Raises `httpx.ConnectError` when there was none."""
        if self.response is None:
            raise httpx.ConnectError("Connection refused")
        sent = self.response
        headers = {name: value for name, value in sent["headers"].items() if name != "content-length"}
        if sent.get("json") is not None:
            return httpx.Response(sent["status"], headers=headers, content=json.dumps(sent["json"]))
        return httpx.Response(sent["status"], headers=headers, text=sent.get("text", ""))


def recordings(system: str) -> list[Recording]:
    """Every recording of a system, by name."""
    return [recording(system, path.stem) for path in sorted((FIXTURES / system).glob("*.json"))]


@lru_cache(maxsize=256)
def recording(system: str, name: str) -> Recording:
    """One of them."""
    found = json.loads((FIXTURES / system / f"{name}.json").read_text())
    return Recording(name, found["request"], found["response"])
