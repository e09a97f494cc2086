"""A verifier's verdict as it was written: read strictly, because all of it is a claim."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from factory.model.thread import Finding, VerdictWord

MOST_COMMANDS = 20
"""Findings, and commands, that one verdict may name: the factory runs them all."""

_WORDS = ("pass", "changes_requested", "inconclusive")
_STATUSES = ("supported", "refuted", "unknown")
_SEVERITIES = ("block", "warn", "note")


@dataclass(frozen=True)
class SaidVerdict:
    """What a verifier said, once it is known to be well formed."""

    word: VerdictWord
    subject: str
    """The commit that it says it looked at."""
    criteria: Mapping[str, str]
    """Criterion id -> `supported`, `refuted` or `unknown`."""
    findings: tuple[Finding, ...]
    commands: tuple[tuple[str, ...], ...]

    @property
    def all_commands(self) -> tuple[tuple[str, ...], ...]:
        """Every command that it names, once each: those of its findings first, then the others."""
        found = [finding.command for finding in self.findings if finding.command]
        return tuple(dict.fromkeys((*found, *self.commands)))


class _Fault(ValueError):
    """The verdict is not of the agreed form; the text says where."""


def parse_verdict(raw: Mapping[str, Any] | None) -> SaidVerdict | None:
    """The verdict, or None when there is none or anything in it is malformed (`verdict_fault` says what)."""
    try:
        return _read(raw)
    except _Fault:
        return None


def verdict_fault(raw: Mapping[str, Any] | None) -> str:
    """Why `parse_verdict` gives None, as the end of a sentence; empty when the verdict is well formed."""
    try:
        _read(raw)
    except _Fault as fault:
        return str(fault)
    return ""


def _read(raw: object) -> SaidVerdict:
    if not isinstance(raw, Mapping):
        raise _Fault("it left no verdict as JSON")
    subject = raw.get("subject")
    if not isinstance(subject, str) or not subject.strip():
        raise _Fault("'subject' must name the commit that it looked at")
    return SaidVerdict(
        word=cast(VerdictWord, _one_of(raw, "verdict", _WORDS)),
        subject=subject.strip(),
        criteria=dict(_criterion(item) for item in _list(raw, "criteria")),
        findings=tuple(_finding(item) for item in _few(raw, "findings")),
        commands=tuple(_argv(item, "commands") for item in _few(raw, "commands")),
    )


def _criterion(item: object) -> tuple[str, str]:
    if not isinstance(item, Mapping) or not isinstance(item.get("id"), str):
        raise _Fault("'criteria' must be a list of objects with 'id' and 'status'")
    return item["id"], _one_of(item, "status", _STATUSES)


def _finding(item: object) -> Finding:
    if not isinstance(item, Mapping) or not isinstance(item.get("text"), str):
        raise _Fault("'findings' must be a list of objects with 'severity' and 'text'")
    command = item.get("command")
    argv = () if command in (None, "") else _argv(command, "findings")
    severity = _one_of(item, "severity", _SEVERITIES)
    return Finding(severity, item["text"], argv)  # type: ignore[arg-type]  # one of the three, checked above


def _argv(command: object, where: str) -> tuple[str, ...]:
    if not isinstance(command, str) or "\0" in command:
        raise _Fault(f"a command in '{where}' must be a string")
    try:
        argv = tuple(shlex.split(command))
    except ValueError as error:
        raise _Fault(f"the command {command!r} in '{where}' cannot be split into words") from error
    if not argv or not argv[0]:
        raise _Fault(f"a command in '{where}' is empty")
    return argv


def _one_of(item: Mapping[str, Any], key: str, words: tuple[str, ...]) -> str:
    value = item.get(key)
    if value not in words:
        raise _Fault(f"'{key}' must be one of {', '.join(words)}")
    return str(value)


def _list(raw: Mapping[str, Any], key: str) -> list[Any]:
    value = raw.get(key, [])
    if not isinstance(value, list):
        raise _Fault(f"'{key}' must be a list")
    return value


def _few(raw: Mapping[str, Any], key: str) -> list[Any]:
    value = _list(raw, key)
    if len(value) > MOST_COMMANDS:
        raise _Fault(f"'{key}' names {len(value)}, at most {MOST_COMMANDS} are taken")
    return value
