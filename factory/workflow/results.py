"""Agent results as JSON, because what a step returns is kept by the engine."""

from dataclasses import asdict
from pathlib import Path

from factory.model.step import Gauge, Tokens
from factory.ports.agents import AgentResult
from factory.ports.engine import Json


def to_json(result: AgentResult) -> Json:
    """The result as plain JSON values."""
    return {**asdict(result), "log": str(result.log) if result.log else None}


def from_json(value: Json) -> AgentResult:
    """The result that `to_json` wrote."""
    log = Path(value["log"]) if value["log"] else None
    gauge = value.get("gauge")
    known = Gauge(**{**gauge, "tokens": Tokens(**gauge["tokens"])}) if gauge else None
    return AgentResult(**{**value, "log": log, "tokens": Tokens(**value["tokens"]), "gauge": known})
