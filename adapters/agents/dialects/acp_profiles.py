"""What differs between the programs that speak the Agent Client Protocol: how they are set up, and what they can do."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from adapters.agents.dialects import codex, opencode_home, opencode_steps, pi_home
from adapters.agents.dialects.dialect import Abilities, Job, Message
from factory.model.agent_event import Usage
from factory.model.step import Tokens

Strings = Mapping[str, str]


def _nothing(_: Job) -> dict[str, str]:
    return {}


@dataclass(frozen=True)
class Profile:
    """One program. Each part is made from the job."""

    name: str
    can: Abilities
    enter: Callable[[Job], tuple[str, ...]] = lambda _: ()
    """Arguments that make it speak the protocol; those of the configuration take their place."""
    args: Callable[[Job], tuple[str, ...]] = lambda _: ()
    environment: Callable[[Job], Strings] = _nothing
    files: Callable[[Job], Strings] = _nothing
    meta: Callable[[Job], Mapping[str, Any]] = _nothing
    """`_meta` of the session."""
    own_screen: Callable[[Job], tuple[str, ...]] | None = None
    """Arguments with which the same program goes on with a session on a screen of its own; None: it has none."""
    refusal_ends_turn: bool = False
    """After a refusal it waits for the next prompt, instead of going on."""
    hides_failures: bool = False
    """A failed model call ends the turn as if all were well, and without a word."""
    tells_last_step: bool = False
    """The tokens that it tells of a turn are those of the last model call."""
    rollout: tuple[str, str] = ("", "")
    """The database of its sessions and the query for what its steps used: `rollout` and `rollout_query` of `Start`."""
    step: Callable[[Message], Usage] = lambda _: Usage(Tokens())
    """What a row of that means."""


def _claude_environment(job: Job) -> dict[str, str]:
    found = {
        "CLAUDE_CONFIG_DIR": str(job.home / ".claude"),
        "CLAUDE_CODE_MAX_RETRIES": "2",
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
    }
    if job.model:
        found["ANTHROPIC_MODEL"] = job.model
    if url := job.options.get("base_url", ""):
        found["ANTHROPIC_BASE_URL"] = url
    return found


def _claude_meta(job: Job) -> dict[str, Any]:
    """Options of the agent behind the adapter. Settings of the repository, with their hooks, are not read."""
    editors = ("Edit", "MultiEdit", "NotebookEdit", "Write") if job.access == "read" else ()
    options: dict[str, Any] = {"settingSources": []}
    if job.left_micros > 0:
        options["maxBudgetUsd"] = job.left_micros / 1_000_000
    if job.max_turns > 0:
        options["maxTurns"] = job.max_turns
    if job.allow_tools:
        options["allowedTools"] = list(job.allow_tools)
    if denied := [*job.deny_tools, *editors]:
        options["disallowedTools"] = denied
    return {"claudeCode": {"options": options}}


def _codex_environment(job: Job) -> dict[str, str]:
    """Its modes decide who is asked: `agent`, the usual one, lets a model approve. A person shall."""
    found = {"CODEX_HOME": str(job.home / codex.HOME), "NO_BROWSER": "1"}
    found["INITIAL_AGENT_MODE"] = "read-only" if job.access == "read" else job.options.get("mode", "workspace-write")
    if not job.options.get("base_url"):
        found["DEFAULT_AUTH_REQUEST"] = json.dumps({"methodId": "api-key"})
    return found


def _codex_files(job: Job) -> dict[str, str]:
    return {f"{codex.HOME}/config.toml": codex.config(job, "on-request", job.model)}


def _gemini_args(job: Job) -> tuple[str, ...]:
    mode = "plan" if job.access == "read" else "default" if job.asks else "auto_edit"
    model = ("--model", job.model) if job.model else ()
    return ("--skip-trust", "--approval-mode", mode, *model)


def _gemini_files(_: Job) -> dict[str, str]:
    settings = {
        "general": {"enableAutoUpdate": False},
        "privacy": {"usageStatisticsEnabled": False},
        "security": {"auth": {"selectedType": "gemini-api-key"}},
    }
    return {".gemini/settings.json": json.dumps(settings, indent=1)}


def _gemini_environment(job: Job) -> dict[str, str]:
    url = job.options.get("base_url", "")
    return {"GOOGLE_GEMINI_BASE_URL": url} if url else {}


CLAUDE = Profile(
    "claude-agent-acp",
    Abilities(
        asks=True, resumes=True, reports_usd=True, caps_usd=True, caps_turns=True, instructs=True, interrupts=True
    ),
    environment=_claude_environment,
    meta=_claude_meta,
)
CODEX = Profile(
    "codex-acp",
    Abilities(asks=True, resumes=True, instructs=True, interrupts=True),
    environment=_codex_environment,
    files=_codex_files,
    refusal_ends_turn=True,
)
OPENCODE = Profile(
    "opencode",
    Abilities(asks=True, resumes=True, reports_usd=True, live_usage=True, interrupts=True),
    enter=lambda _: ("acp",),
    environment=opencode_home.environment,
    files=opencode_home.files,
    own_screen=opencode_home.own_screen,
    refusal_ends_turn=True,
    tells_last_step=True,
    rollout=(opencode_steps.BOOKS, opencode_steps.NEW_STEPS),
    step=opencode_steps.spent,
)
PI = Profile(
    "pi-acp",
    Abilities(resumes=True, interrupts=True),
    environment=pi_home.environment,
    files=pi_home.acp_files,
    hides_failures=True,
)
GEMINI = Profile(
    "gemini",
    Abilities(asks=True, resumes=True, interrupts=True),
    enter=lambda job: (job.options.get("acp_flag", "--acp"),),
    args=_gemini_args,
    environment=_gemini_environment,
    files=_gemini_files,
)
ANY = Profile("acp", Abilities(asks=True, resumes=True, interrupts=True))
"""A program that we know nothing of; what it cannot do shows when it is tried."""

PROFILES = {profile.name: profile for profile in (CLAUDE, CODEX, OPENCODE, PI, GEMINI, ANY)}


def profile_of(program: str) -> Profile:
    """The profile of a program by its name; one that nobody knows has none of its own."""
    return PROFILES.get(PurePath(program).name, ANY)
