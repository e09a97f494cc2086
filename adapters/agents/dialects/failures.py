"""Why a model call failed, in our words; from a status, an agent's own word, or the text of an error."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from factory.model.agent_event import Outcome

AUTHENTICATION_FAILED = "authentication_failed"
"""Cause of a retry that cannot help: the key will not get better."""

_STATUS = re.compile(r"\b(?:status|error|rejected)\b\W{0,12}(?:code\W{1,3})?([45]\d\d)\b", re.IGNORECASE)
_AUTH = re.compile(
    r"authentication_|authentication required|unauthorized|(?:invalid|no) (?:x-)?api[- ]key|not logged in|"
    r"please run /login|missing environment variable",
    re.IGNORECASE,
)
_LIMIT = re.compile(r"rate[_ -]?limit|too many requests|(?:usage|session|weekly|hit your) limit", re.IGNORECASE)

_EPOCH = re.compile(r"\|(\d{10})\b")
_INSTANT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
_HOUR = re.compile(r"resets?(?: at)? (\d{1,2})(?::(\d\d))? ?([ap]m) \(([A-Za-z_]+(?:/[A-Za-z_/]+)?)\)", re.IGNORECASE)


def failure(text: str, status: int = 0) -> Outcome:
    """What a failed model call means for the attempt.

    Args:
        text: The agent's words for it.
        status: Of the HTTP answer; 0 = look for one in the text.
    """
    if not status and (found := _STATUS.search(text)):
        status = int(found[1])
    if status in (401, 403) or (not status and _AUTH.search(text)):
        return "auth"
    if status == 429 or (not status and _LIMIT.search(text)):
        return "rate_limit"
    return "model_error"


def instant(seconds: float) -> str:
    """Seconds since 1970 as a UTC time, such as `2026-11-26T15:00:00Z`; empty for a time that cannot be."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if seconds > 0 else ""
    except (ValueError, OverflowError, OSError):
        return ""


def resets_at(text: str, said_at: str = "") -> str:
    """When a limit ends, by the words of an error (UTC); empty when they do not say, or say it without a date.

    Args:
        text: Such as `limit reached|1795707600`, `… until 2026-11-26T15:00:00Z`, `resets 3pm (Europe/Prague)`.
        said_at: When it was said, ISO 8601; without it an hour of the day means nothing.
    """
    if epoch := _EPOCH.search(text):
        return instant(float(epoch[1]))
    if found := _INSTANT.search(text):
        return _utc(found[0])
    hour = _HOUR.search(text)
    return _next_hour(hour, said_at) if hour else ""


def _utc(text: str) -> str:
    try:
        return instant(datetime.fromisoformat(text).timestamp())
    except (ValueError, OverflowError):
        return ""


def _next_hour(found: re.Match[str], said_at: str) -> str:
    """The next time that the clock shows it there."""
    hour = int(found[1]) % 12 + (12 if found[3].lower() == "pm" else 0)
    try:
        said = datetime.fromisoformat(said_at).astimezone(ZoneInfo(found[4]))
        then = said.replace(hour=hour, minute=int(found[2] or 0), second=0, microsecond=0)
        return instant((then if then > said else then + timedelta(days=1)).timestamp())
    except (ValueError, OverflowError, OSError, LookupError):  # no such zone, no such time
        return ""
