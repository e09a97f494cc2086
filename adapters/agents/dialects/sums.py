"""Adds up what one process of an agent used."""

from collections.abc import Iterator
from dataclasses import replace

from adapters.agents.dialects.failures import resets_at
from factory.model.agent_event import Finished, Outcome, Usage
from factory.model.step import Tokens
from factory.rules.meter import added

CHARS_A_TOKEN = 4
"""Roughly; for what is not told in tokens."""


class Sums:
    """Tokens and money of one process, call by call."""

    def __init__(self, model: str = "") -> None:
        self.model = model
        """The model that was heard of last."""
        self._tokens = Tokens()
        self._micros: int | None = None

    def add(self, usage: Usage) -> Iterator[Usage]:
        """Count it, and pass it on; a call that used nothing is none."""
        self.model = usage.model or self.model
        if usage.tokens == Tokens() and not usage.micros:
            return
        self._tokens = added(self._tokens, usage.tokens)
        if usage.micros is not None:
            self._micros = (self._micros or 0) + usage.micros
        yield usage if usage.model == self.model else replace(usage, model=self.model)

    def lose(self, tokens: Tokens) -> None:
        """Count what was used and never told, as far as it can be guessed: its process was cut off."""
        self._tokens = added(self._tokens, tokens)

    def finished(self, outcome: Outcome, reason: str, session: str, exit_code: int | None, said: str) -> Finished:
        """The end, with the sums."""
        return Finished(
            outcome,
            reason,
            session,
            self._tokens,
            self._micros,
            self.model,
            exit_code,
            resets_at(reason) if outcome == "rate_limit" else "",
            text=said,
        )
