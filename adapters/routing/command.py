"""Routing by a program of the operator's choice: the goal as its last argument, a route in JSON on its output."""

import json
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from adapters.asked_program import AskedProgram
from factory.errors import Refused
from factory.model.run import Route
from factory.rules.companies import COMPANIES
from factory.rules.visible import one_line

TIMEOUT_S = 5.0
_HINT = "Correct [routing] command in config.toml, or remove it to use the table alone."


class WireRoute(BaseModel):
    """A route as the program prints it. An empty domain means that nothing fits. Unknown keys are its business."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)

    domain: str
    builder: str = ""
    verifier: str = ""
    rule: str = ""
    matched: list[str] = Field(default_factory=list)
    score: int = 0
    runner_up: str = ""
    margin: int = 0
    table: str = ""

    def to_domain(self, override: str) -> Route:
        """Return the route in the factory's own words."""
        return Route(
            domain=self.domain,
            builder=self.builder,
            verifier=self.verifier,
            rule=self.rule or "the routing command chose it",
            matched=tuple(self.matched),
            score=self.score,
            runner_up=self.runner_up,
            margin=self.margin,
            table_sha256=self.table,
            override=override,
        )


class CommandRouter:
    """`Router` that asks a program: the goal is its last argument, the JSON of `cockpit route` its answer.

    On its input it finds `{"goal","domain","paths"}`.

    Args:
        argv: The program and its first arguments, run without a shell and with the cockpit's own environment.
    """

    def __init__(self, argv: Sequence[str], timeout_s: float = TIMEOUT_S) -> None:
        self._program = AskedProgram(argv, "routing command", _HINT, timeout_s)

    def companies(self) -> tuple[str, ...]:
        """The known companies; a program names its own only with a route."""
        return COMPANIES

    def route(self, goal: str, domain: str = "", paths: Sequence[str] = ()) -> Route:
        """The route of a goal; `domain` overrides, and the program is told.

        Raises:
            Unreachable: the program is not there, or did not end in time.
            Refused: `unrouted`, it answered with an empty domain.
            Malformed: it failed, or did not print a route.
        """
        question = json.dumps({"goal": goal, "domain": domain, "paths": list(paths)})
        wire = self._parse(self._program.ask(goal, question.encode()))
        if not wire.domain:
            raise Refused(
                f"The routing command found no domain for this goal{f': {one_line(wire.rule)}' if wire.rule else ''}.",
                "Choose one with --domain backend|frontend|product|infra.",
                code="unrouted",
            )
        if not wire.builder or not wire.verifier:
            raise self._program.malformed("named no builder or no verifier")
        return wire.to_domain(override=domain)

    def _parse(self, answer: bytes) -> WireRoute:
        try:
            return WireRoute.model_validate_json(answer)
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            key = ".".join(map(str, first["loc"])) or "its output"
            raise self._program.malformed(f"did not print a route in JSON ({key}: {first['msg']})") from error
