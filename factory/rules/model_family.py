"""Which models are of one family: they share their blind spots, so their agreement proves less."""

import re

from factory.model.view import NO_MODELS

_FAMILY = re.compile(r"(?:[a-z]+\.)*([a-z]+)")


def family(model: str) -> str:
    """`claude` for `anthropic/claude-opus-4`, `gpt` for `gpt-5-codex`; empty for agents without a model."""
    if model in NO_MODELS:
        return ""
    found = _FAMILY.match(model.casefold().rpartition("/")[2])
    return found[1] if found else model.casefold()
