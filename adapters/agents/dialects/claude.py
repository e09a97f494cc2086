"""Claude Code, spoken to in `stream-json`, both ways."""

import json

from adapters.agents.dialects.claude_conversation import ClaudeConversation
from adapters.agents.dialects.claude_events import EDITORS
from adapters.agents.dialects.dialect import Abilities, Job, Start

MAX_RETRIES = "2"
"""Its own ten take minutes, also where the key is wrong."""
BYPASS = "bypassPermissions"
WELCOMED = {".claude/.claude.json": json.dumps({"hasCompletedOnboarding": True})}
"""In a fresh home: else its own screen, when a person takes over, begins with a tour that asks for a log-in."""


class ClaudeDialect:
    """`claude -p --output-format stream-json --input-format stream-json`."""

    name = "claude"
    can = Abilities(
        asks=True,
        resumes=True,
        reports_usd=True,
        live_usage=True,
        caps_usd=True,
        caps_turns=True,
        verdict_schema=True,
        instructs=True,
        interrupts=True,
    )

    def start(self, job: Job) -> Start:
        """Nothing of the operator's own settings, hooks or servers gets in; the prompt comes by standard input."""
        argv = (
            *(job.program, "-p", "--output-format", "stream-json", "--verbose", "--include-partial-messages"),
            *("--input-format", "stream-json", "--setting-sources", "", "--strict-mcp-config"),
            *(("--resume", job.resume) if job.resume else ("--session-id", job.session)),
            *(("--model", job.model) if job.model else ()),
            *_limits(job),
            *_permissions(job),
            *(("--json-schema", json.dumps(job.schema)) if job.schema is not None else ()),
        )
        return Start(argv, _environment(job), {} if job.resume else WELCOMED, talks=True)

    def conversation(self, job: Job) -> ClaudeConversation:
        """A new one."""
        return ClaudeConversation(job)

    def take_over(self, job: Job) -> Start:
        """`claude --resume ID`; whoever sits there is asked for permission, and has no budget but their own."""
        argv = (
            *(job.program, "--resume", job.resume, "--setting-sources", "", "--strict-mcp-config"),
            *(("--model", job.model) if job.model else ()),
        )
        return Start(argv, _environment(job))


def _limits(job: Job) -> tuple[str, ...]:
    """Its own caps. Each is looked at after a model call: a backstop behind our meter."""
    dollars = f"{job.left_micros // 1_000_000}.{job.left_micros % 1_000_000:06d}"
    return (
        *(("--max-budget-usd", dollars) if job.left_micros > 0 else ()),
        *(("--max-turns", str(job.max_turns)) if job.max_turns > 0 else ()),
    )


def _mode(job: Job) -> str:
    """A coder edits its worktree unasked and asks for the rest; a verifier is asked about everything."""
    return "manual" if job.access == "read" else job.options.get("permission_mode", "acceptEdits")


def _permissions(job: Job) -> tuple[str, ...]:
    """Who is not asked is refused: without a host it denies whatever would have to be asked for."""
    denied = (*job.deny_tools, *(EDITORS if job.access == "read" else ()))
    return (
        *("--permission-mode", _mode(job)),
        *(("--permission-prompt-tool", "stdio") if job.asks else ()),
        *(("--allowedTools", *job.allow_tools) if job.allow_tools else ()),
        *(("--disallowedTools", *denied) if denied else ()),
    )


def _environment(job: Job) -> dict[str, str]:
    base_url = job.options.get("base_url", "")
    return {
        "CLAUDE_CONFIG_DIR": str(job.home / ".claude"),
        "CLAUDE_CODE_MAX_RETRIES": MAX_RETRIES,
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        "DISABLE_AUTOUPDATER": "1",
        **({"ANTHROPIC_BASE_URL": base_url} if base_url else {}),
        # As root it refuses to bypass permissions without this; nothing else needs the claim.
        **({"IS_SANDBOX": "1"} if _mode(job) == BYPASS else {}),
    }
