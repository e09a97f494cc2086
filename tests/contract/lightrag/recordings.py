"""Answers of a real LightRAG 1.5.7, as they were recorded."""

import json
from pathlib import Path
from typing import Any

import httpx

FOLDER = Path(__file__).parents[3] / "fixtures" / "lightrag"
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.json")))


def recording(name: str) -> dict[str, Any]:
    """One request and its answer."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return read


def answering(name: str) -> httpx.MockTransport:
    """A server that always gives this answer."""
    response = recording(name)["response"]

    def answer(request: httpx.Request) -> httpx.Response:
        if response is None:
            raise httpx.ConnectError("Connection refused", request=request)
        return httpx.Response(response["status"], headers=response["headers"], json=response["json"])

    return httpx.MockTransport(answer)
