"""What we say to Claude Code, message by message."""

from typing import Any

from adapters.agents.dialects.dialect import Say

HOLD = "before-next-call"
"""Name of our hook: it is called after each use of a tool, and the agent waits for what it says."""


def hello() -> Say:
    """The first word."""
    hooks = {event: [{"matcher": None, "hookCallbackIds": [HOLD]}] for event in ("PostToolUse", "PostToolUseFailure")}
    return Say(
        {"type": "control_request", "request_id": "init-1", "request": {"subtype": "initialize", "hooks": hooks}}
    )


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


def goes_on(request: str) -> Say:
    """Make the next model call."""
    return _response(request, {"continue": True})


def holds(request: str, words: str) -> Say:
    """Make no further one: end the turn, with what was done."""
    return _response(request, {"continue": False, "stopReason": words})


def not_supported(request: str) -> Say:
    """We cannot do what it asks of its host; without an answer it would wait."""
    inner = {"subtype": "error", "request_id": request, "error": "not supported"}
    return Say({"type": "control_response", "response": inner})


def _response(request: str, response: dict[str, Any]) -> Say:
    inner = {"subtype": "success", "request_id": request, "response": response}
    return Say({"type": "control_response", "response": inner})
