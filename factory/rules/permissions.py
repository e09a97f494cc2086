"""Who answers a permission request: rules first, then the operator. And how risky a tool call is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from factory.model.agent_event import ToolCall
    from factory.model.permission import Permission

Tier = Literal["low", "medium", "high"]
Ruling = Literal["allow", "ask", "deny"]

RISKY = (
    "rm *", "sudo *", "su *", "dd *", "mkfs*", "chmod *", "chown *", "curl *", "wget *", "ssh *", "scp *", "nc *",
    "git push*", "git remote*", "git config*", "docker *", "kill *", "pkill *", "npm publish*", "pip install*",
    "*/etc/*", "*~/*", "*.ssh*", "*.env*", "*secret*", "*token*", "*password*", "*|*sh", "*>*/dev/*", "eval *",
)  # fmt: skip
"""Shell commands and paths that are worth a second look, as patterns."""
_JOINTS = ("&&", "||", ";", "|", "\n", "$(", "`", ">", "<", "&")
"""What makes one command line more than one command: no pattern of the safe-list reaches over it."""
_BETWEEN = re.compile("|".join(re.escape(joint) for joint in _JOINTS))
_BEFORE = re.compile(r"^[\s({'\"!]*(?:\w+=\S*\s+)*(?:\S*/)?")


@dataclass(frozen=True)
class Policy:
    """`[permissions]`: patterns over `kind title`, such as `run python -m pytest*` or `edit src/*`."""

    allow: tuple[str, ...] = ("read *", "edit *")
    """Inside the worktree only; a verifier never edits, whatever stands here."""
    deny: tuple[str, ...] = ()


def ruling(call: ToolCall, policy: Policy, is_reader: bool = False) -> tuple[Ruling, str]:
    """What the rules say of a call, and which one said it.

    Args:
        is_reader: The agent is a verifier: it changes nothing, whatever the safe-list allows.
    """
    if is_reader and call.kind == "edit":
        return "deny", "a verifier changes no files"
    for rule in policy.deny:
        if _fits(call, rule):
            return "deny", rule
    for rule in policy.allow:
        if _fits(call, rule) and (rule == for_run(call) or not (_is_joined(call) or _leads_out(call))):
            return "allow", rule
    return "ask", ""


def tier(call: ToolCall) -> Tier:
    """How risky a call is: reading is low, changes and commands are medium, some of them high."""
    if call.kind == "read":
        return "high" if _leads_out(call) else "low"
    commands = (call.title, *_commands(call.title)) if call.kind == "run" else (call.title,)
    if any(fnmatchcase(command.lower(), pattern) for command in commands for pattern in RISKY):
        return "high"
    return "medium"


def for_run(call: ToolCall | Permission) -> str:
    """The rule that `allow for this run` adds: this very call, and no other."""
    return f"{call.kind} {_literal(call.title)}"


def _fits(call: ToolCall, rule: str) -> bool:
    return fnmatchcase(f"{call.kind} {call.title}", rule)


def _commands(title: str) -> tuple[str, ...]:
    """Each command of a command line as its program would be called without folder, variables and brackets."""
    found = (_BEFORE.sub("", part) for part in _BETWEEN.split(title))
    return tuple(part.strip() for part in found)


def _is_joined(call: ToolCall) -> bool:
    return call.kind == "run" and any(joint in call.title for joint in _JOINTS)


def _leads_out(call: ToolCall) -> bool:
    """Whether a file is outside the worktree: no pattern reaches there."""
    return call.kind in ("read", "edit") and call.title.startswith(("/", "~", "../"))


def _literal(text: str) -> str:
    """The text as a pattern that fits nothing else."""
    return "".join(f"[{char}]" if char in "*?[" else char for char in text)
