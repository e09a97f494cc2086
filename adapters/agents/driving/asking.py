"""The permission requests of one agent: who answers which, and which ones wait for the operator."""

import time
from dataclasses import dataclass, replace

from adapters.agents.dialects.dialect import Decision
from factory.model.agent_event import Ask
from factory.rules.permissions import Policy, for_run, ruling

IN_TIME = Decision(False, "Nobody answered in time.")


@dataclass(frozen=True)
class Ruled:
    """What the rules say of a request."""

    decision: Decision
    rule: str


class Asking:
    """Requests that are open, oldest first.

    Args:
        is_reader: The agent is a verifier.
        deadline_s: After so long without an answer a request is refused.
    """

    def __init__(self, policy: Policy, is_reader: bool, deadline_s: float) -> None:
        self._policy, self._is_reader, self._deadline_s = policy, is_reader, deadline_s
        self._since: dict[str, float] = {}
        self.open: dict[str, Ask] = {}

    def ruled(self, ask: Ask) -> Ruled | None:
        """What the rules say of it; None: the operator decides, and it waits for that."""
        said, rule = ruling(ask.call, self._policy, self._is_reader)
        if said != "ask":
            return Ruled(Decision(said == "allow", "" if said == "allow" else f"Refused: {rule}."), rule)
        self.open[ask.id], self._since[ask.id] = ask, time.monotonic()
        return None

    def answered(self, ask: str) -> None:
        """It has its answer, or needs none any more."""
        self.open.pop(ask, None)
        self._since.pop(ask, None)

    def allow_for_run(self, ask: Ask) -> None:
        """The same call is allowed from now on."""
        self._policy = replace(self._policy, allow=(*self._policy.allow, for_run(ask.call)))

    def overdue(self) -> list[str]:
        """Requests that nobody answered in time."""
        now = time.monotonic()
        return [ask for ask, since in self._since.items() if now - since > self._deadline_s]
