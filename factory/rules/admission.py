"""Which items may count as evidence at all (domain §6). Guidance from memory and an agent's own word never do."""

from pathlib import PurePosixPath

from factory.model.evidence import EVIDENCE_KINDS, Evidence
from factory.rules.pytest_call import is_pytest

_MEMORY = ("memory:", "memory//", "rag:", "lightrag:", "recall:")
_REPORTED = (0, 1)
"""Exit codes of pytest with which its report says what the tests showed: all passed, some failed."""


def admissible(item: Evidence) -> str:
    """Why an item may not count, as a sentence; empty when it may.

    Whether its file is there and unchanged is the store's business: see `digest_failures` of `scoring.assess`.
    """
    return _as_file(item) or inadmissible_source(item.source) or _as_statement(item) or _as_command(item)


def inadmissible_source(source: str) -> str:
    """Why nothing from this source can be evidence, as a sentence; empty when it can."""
    if source.strip().casefold().startswith(_MEMORY):
        return f"{source} comes from memory: guidance, never evidence."
    return ""


def _as_file(item: Evidence) -> str:
    if not item.path or not item.sha256:
        return "Nothing was stored for it."
    if item.size <= 0:
        return "It is empty."
    path = PurePosixPath(item.path)
    if path.is_absolute() or ".." in path.parts or "\0" in item.path:
        return f"Its path {item.path} leads out of the evidence store."
    if item.kind not in EVIDENCE_KINDS:
        return f"{item.kind!r} is no kind of evidence."
    return ""


def _as_statement(item: Evidence) -> str:
    """What an agent says about its own work is a claim (I15): it needs a command or a report that the factory has."""
    if item.role not in ("coder", "verifier") or item.polarity == "neutral":
        return ""
    if item.command is None and item.tests is None and item.kind in ("file", "log", "command", "test"):
        return f"It is the bare word of the {item.role}: a claim, not evidence."
    return ""


def _as_command(item: Evidence) -> str:
    command = item.command
    if item.kind == "command" and command is None:
        return "It names no command that was run."
    if command is not None and command.exit_code is None:
        return "Its command has no exit code."
    if item.kind == "test" and (item.tests is None or item.tests.collected <= 0):
        return "Its test report has nothing collected."
    if command is not None and is_pytest(command.argv) and command.exit_code not in _REPORTED:
        return f"pytest ended with {command.exit_code}: its tests did not really run."
    return ""
