"""How a turn over the Agent Client Protocol ended. Its own words flatten that: `end_turn` also follows a failure."""

import re
from dataclasses import dataclass

from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.failures import failure
from adapters.agents.dialects.fields import text, value
from factory.model.agent_event import Outcome

AUTH_REQUIRED = -32000
_ERROR = re.compile(r"\s*(?:(?:API |model )?error\b\W{0,3}(?=[45]\d\d\b)|(?=[45]\d\d\s*[:{]))([45]\d\d)", re.IGNORECASE)
"""`API Error: 500 …`, `401: {…}`: what an adapter says for the agent when a model call failed."""
_BUDGET = re.compile(r"maximum budget", re.IGNORECASE)
_TURNS = re.compile(r"maximum number of turns", re.IGNORECASE)
_BY_STOP: dict[str, Outcome] = {"max_turn_requests": "turns", "refusal": "model_error"}


@dataclass
class Turn:
    """What was heard in a turn, as far as it tells how it ended."""

    said: str = ""
    """The last thing that the agent said."""
    error: str = ""
    """Its model failed; empty again once it works."""
    trouble: str = ""
    """The last words about a failed model call, which may be tried again."""
    is_idle: bool = True
    """It neither said nor did anything."""
    has_acted: bool = False
    """It used a tool, so at least one model call went well."""
    is_after_tool: bool = False
    """The last thing was a tool, so a model call followed and gave nothing."""
    hides_failures: bool = False
    """Of the program: see its profile."""
    is_refused: bool = False
    """We refused a tool call, and it went on with nothing since."""
    is_stopped: bool = False
    """We refused a tool call and ended the turn with that."""
    is_interrupted: bool = False

    def begin(self) -> None:
        """Another turn of the same process."""
        self.said, self.error, self.trouble = "", "", ""
        self.is_idle, self.has_acted, self.is_after_tool, self.is_refused = True, False, False, False

    def say(self, words: str) -> None:
        """The agent said something."""
        self.said, self.is_idle, self.is_after_tool, self.is_refused = words, False, False, False

    def act(self, is_new: bool) -> None:
        """The agent did something; news of a call that was begun before a refusal are no sign that it went on."""
        self.is_idle, self.has_acted, self.is_after_tool = False, True, True
        self.is_refused = self.is_refused and not is_new

    def has_worked(self, outcome: Outcome) -> bool:
        """Whether it used the model at all, if it ended so: a failed call costs nothing."""
        return self.has_acted or not (self.is_idle or outcome in ("auth", "rate_limit", "model_error"))

    def ended(self, stop_reason: str) -> tuple[Outcome, str]:
        """What the end of a turn means, and the words for it."""
        if stop_reason == "cancelled":
            return self._cancelled()
        if self.error:
            return failure(self.error), self.error
        if found := _ERROR.match(self.said):
            return failure(self.said, int(found[1])), self.said.strip()[:500]
        if self.is_refused:
            return "denied", "Its turn ended because a permission was refused."
        is_silent = self.is_idle or (self.hides_failures and self.is_after_tool)
        if is_silent and stop_reason == "end_turn":
            return "model_error", "It ended its turn without a word, as it does when its model call failed."
        if not stop_reason:
            return "crashed", "It ended its turn and did not say why."
        return _BY_STOP.get(stop_reason, "stopped"), stop_reason

    def failed(self, error: Message) -> tuple[Outcome, str]:
        """What an error in place of an answer means."""
        words = text(error, "message") or "It answered with an error."
        if value(error, "code") == AUTH_REQUIRED:
            return "auth", words
        if _BUDGET.search(words):
            return "budget", words
        if _TURNS.search(words):
            return "turns", words
        if self.is_interrupted:
            return "interrupted", words
        found = _ERROR.search(words)
        return failure(f"{words} {text(error, 'data', 'errorKind')}", int(found[1]) if found else 0), words

    def _cancelled(self) -> tuple[Outcome, str]:
        if self.is_stopped or (self.is_refused and not self.is_interrupted):
            return "denied", "Its turn ended because a permission was refused."
        if self.is_interrupted:
            return "interrupted", "cancelled"
        # What the adapter says when the agent behind it was killed.
        return "crashed", "It says that it was cancelled, and nobody asked for that."
