"""What the last word of Claude Code means. Neither its exit code nor the word `success` decides anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from adapters.agents.dialects.crash import crash
from adapters.agents.dialects.failures import failure, resets_at
from adapters.agents.dialects.lenient import table, whole, words
from factory.model.agent_event import Outcome

_BY_REASON: Mapping[str, Outcome] = {
    "budget_exhausted": "budget",
    "max_turns": "turns",
    "aborted_tools": "interrupted",
    "aborted_streaming": "interrupted",
    "hook_stopped": "interrupted",
}
_BY_SUBTYPE: Mapping[str, Outcome] = {"error_max_budget_usd": "budget", "error_max_turns": "turns"}


@dataclass
class Ending:
    """What is known of the end, while it comes."""

    result: Mapping[str, Any] | None = None
    """The last `result`; None = none came."""
    error: str = ""
    """The agent's word for the last failed model call, such as `rate_limit`; empty once a call went well."""
    said_at: str = ""
    resets_at: str = ""
    """From a `rate_limit_event`."""
    asked_to_stop: bool = False
    """We interrupted it."""
    refused_and_stopped: bool = False
    """We refused a tool call and ended the turn with that."""

    def outcome(self) -> Outcome:
        """Why it stopped."""
        is_auth = bool(self.error) and failure(self.error) == "auth"
        if self.result is None:
            return "auth" if is_auth else "interrupted" if self.asked_to_stop else "crashed"
        found = self._of_result(self.result)
        if found == "interrupted":
            return "auth" if is_auth else "denied" if self.refused_and_stopped and not self.asked_to_stop else found
        return found

    def _of_result(self, result: Mapping[str, Any]) -> Outcome:
        reason, subtype = words(result.get("terminal_reason")), words(result.get("subtype"))
        if known := _BY_REASON.get(reason) or _BY_SUBTYPE.get(subtype):
            return known
        if result.get("is_error") is False and not subtype.startswith("error"):
            return "stopped"
        status = whole(result.get("api_error_status"))
        if reason == "api_error" or status or self.error:
            return failure(f"{self.error} {words(result.get('result'))}", status)
        return "model_error" if reason else "crashed"

    def reason(self, exit_code: int | None, stderr: str) -> str:
        """A sentence, or the agent's own word."""
        if self.result is None:
            return crash(exit_code, stderr)
        errors = self.result.get("errors")
        told = [words(error) for error in errors] if isinstance(errors, list) else []
        told = [error for error in told if error and not error.startswith("[ede_diagnostic]")]
        if self.result.get("is_error") is not False and (text := words(self.result.get("result"))):
            told.append(text)
        return "; ".join(told) or words(self.result.get("terminal_reason")) or words(self.result.get("subtype"))

    def reset(self) -> str:
        """When it may go on after a rate limit (UTC); empty when it did not say."""
        text = words(table(self.result).get("result"))
        return self.resets_at or resets_at(text, self.said_at)
