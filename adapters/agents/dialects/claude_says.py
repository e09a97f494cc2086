"""What we say to Claude Code, message by message."""

from typing import Any

from adapters.agents.dialects.dialect import Say


def hello() -> Say:
    """The first word."""
    return Say({"type": "control_request", "request_id": "init-1", "request": {"subtype": "initialize"}})


def user(text: str) -> Say:
    """The prompt, or a further message."""
    return Say({"type": "user", "message": {"role": "user", "content": text}})


def stop(number: int) -> Say:
    """End the turn: it answers with a result, and with what it cost."""
    return Say({"type": "control_request", "request_id": f"stop-{number}", "request": {"subtype": "interrupt"}})


def allowed(request: str, given: dict[str, Any]) -> Say:
    """Use the tool, with this input."""
    return _response(request, {"behavior": "allow", "updatedInput": given})


def refused(request: str, words: str, ends_turn: bool) -> Say:
    """Do not use it, and why."""
    message = words or "The operator refused this."
    return _response(request, {"behavior": "deny", "message": message, "interrupt": ends_turn})


def not_supported(request: str) -> Say:
    """We cannot do what it asks of its host; without an answer it would wait."""
    inner = {"subtype": "error", "request_id": request, "error": "not supported"}
    return Say({"type": "control_response", "response": inner})


def _response(request: str, response: dict[str, Any]) -> Say:
    inner = {"subtype": "success", "request_id": request, "response": response}
    return Say({"type": "control_response", "response": inner})
