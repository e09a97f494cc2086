"""`result.json` of an agent that was driven: what it said at its end, and what the driver counted."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from factory.model.agent_event import Finished
from factory.model.step import Tokens
from factory.rules.meter import Meter

LONGEST_TEXT = 20_000
_FENCED = re.compile(r"```(?:json)?\s*\n(\{.*?\})\s*\n```", re.S)
_VERDICTS = {"pass", "changes_requested", "inconclusive"}


def result_object(finished: Finished, meter: Meter) -> dict[str, Any]:
    """The object in the file, with the keys of every agent's result and one more, `end`."""
    said = finished.result or last_object(finished.text) or {}
    inner = said.get("verdict")
    verdict: Mapping[str, Any] = inner if isinstance(inner, Mapping) else said
    return {
        "summary": str(said.get("summary") or finished.text)[:LONGEST_TEXT],
        "tokens": asdict(meter.tokens),
        "model": meter.model,
        "session": finished.session,
        "request_review": said.get("request_review") is True,
        **({"verdict": dict(verdict)} if str(verdict.get("verdict")) in _VERDICTS else {}),
        "end": {
            "gauge": asdict(meter.gauge()),
            "outcome": finished.outcome,
            "reason": finished.reason[:LONGEST_TEXT],
            "resets_at": finished.resets_at,
            "basis": meter.basis,
            "reported_micros": meter.reported,
            "priced_micros": None if meter.unpriced != Tokens() else meter.priced,
            "spent_micros": meter.spent,
        },
    }


def last_object(text: str) -> dict[str, Any] | None:
    """The last JSON object in a text: in a fence, or all of the text; None when there is none."""
    for candidate in (*reversed(_FENCED.findall(text)), text.strip(), text[text.find("{") : text.rfind("}") + 1]):
        try:
            found = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict):
            return found
    return None
