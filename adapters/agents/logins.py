"""Whether somebody has logged in to an agent: by what it is passed, else by files, which are never opened."""

import os
from collections.abc import Mapping
from pathlib import Path

from adapters.agents.programs import Known
from adapters.agents.settings import AgentSettings

UNKNOWN = "unknown"


def login(known: Known | None, settings: AgentSettings, home: Path, source: Mapping[str, str] | None = None) -> str:
    """`key`, `account`, `none`, or `unknown`. A key counts only when `env` passes it on: agents see nothing else.

    Args:
        home: The operator's.
        source: Our environment, unless given.
    """
    if known is None:
        return UNKNOWN
    source = os.environ if source is None else source
    given = {name for name in settings.env if source.get(name)}
    own = settings.options.get("env_key", "")
    if given & {*known.keys, *([own] if own else [])}:
        return "key"
    if given & set(known.tokens) or any((home / name).exists() for name in known.accounts):
        return "account"
    if settings.options.get("base_url") or settings.is_free:
        return UNKNOWN  # an endpoint of the operator's own may want none
    return "none"


def is_seen(known: Known, settings: AgentSettings, source: Mapping[str, str] | None = None) -> bool:
    """Whether an account is one that a run sees: its home is its own, so files of the operator's are not there."""
    source = os.environ if source is None else source
    return any(source.get(name) for name in settings.env if name in known.tokens)
