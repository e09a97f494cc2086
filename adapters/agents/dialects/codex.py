"""Codex by `codex exec --json`: one way, in a sandbox, never asking."""

import json

from adapters.agents.dialects import prompt_file
from adapters.agents.dialects.codex_conversation import CodexConversation
from adapters.agents.dialects.dialect import Abilities, Job, Start

HOME = ".codex"
ROLLOUTS = f"{HOME}/sessions/**/rollout-*.jsonl"
PROMPT_FILE = f"{HOME}/prompt.md"
SCHEMA_FILE = f"{HOME}/schema.json"


class CodexDialect:
    """`codex exec`, with its settings in a `config.toml` of its own."""

    name = "codex"
    can = Abilities(resumes=True, live_usage=True, verdict_schema=True)

    def start(self, job: Job) -> Start:
        """The prompt is an argument, after `--`: it may begin with a dash, or be the name of a subcommand."""
        schema = job.home / SCHEMA_FILE
        argv = (
            *(job.program, "exec", "--skip-git-repo-check", "--cd", str(job.worktree), "--sandbox", _sandbox(job)),
            *(("--model", job.model) if job.model else ()),
            *(("--output-schema", str(schema)) if job.schema is not None else ()),
            *(("resume", "--json", "--", job.resume) if job.resume else ("--json", "--")),
            prompt_file.argument(job, PROMPT_FILE),
        )
        return Start(argv, {"CODEX_HOME": str(job.home / HOME)}, _files(job), rollout=ROLLOUTS)

    def conversation(self, job: Job) -> CodexConversation:
        """A new one."""
        return CodexConversation(job)

    def take_over(self, job: Job) -> Start:
        """`codex resume ID`, in the same sandbox. Its daemon would outlive it."""
        argv = (
            *(job.program, "resume", "--no-daemon", "--cd", str(job.worktree), "--sandbox", _sandbox(job)),
            *(("--model", job.model) if job.model else ()),
            job.resume,
        )
        return Start(argv, {"CODEX_HOME": str(job.home / HOME)})


def _sandbox(job: Job) -> str:
    return "read-only" if job.access == "read" else job.options.get("sandbox", "workspace-write")


def _files(job: Job) -> dict[str, str]:
    return {
        f"{HOME}/config.toml": config(job),
        **({SCHEMA_FILE: json.dumps(job.schema)} if job.schema is not None else {}),
        **prompt_file.files(job, PROMPT_FILE),
    }


def config(job: Job, approval: str = "never", model: str = "") -> str:
    """Its settings. Its tries multiply (requests times streams): few of each. Keys of ours reach no command of it."""
    provider, base_url = job.options.get("provider", ""), job.options.get("base_url", "")
    lines = [f"approval_policy = {_quoted(approval)}", *([f"model = {_quoted(model)}"] if model else [])]
    if base_url:
        provider = provider or "factory"
    if provider:
        lines.append(f"model_provider = {_quoted(provider)}")
    lines += ["", "[shell_environment_policy]", "ignore_default_excludes = false"]
    if base_url:
        lines += ["", f"[model_providers.{_quoted(provider)}]", f"name = {_quoted(provider)}"]
        lines += [f"base_url = {_quoted(base_url)}", 'wire_api = "responses"']
        lines += [f"env_key = {_quoted(env_key)}"] if (env_key := job.options.get("env_key", "")) else []
        lines += ["request_max_retries = 1", "stream_max_retries = 2"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A TOML string: as in JSON, but for the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
