"""How OpenCode is set up for one run: its configuration, and what it may do unasked."""

import json
from typing import Any

from adapters.agents.dialects.dialect import Job

ENVIRONMENT = {"OPENCODE_DISABLE_AUTOUPDATE": "1", "OPENCODE_DISABLE_MODELS_FETCH": "1"}
_FILE = ".config/opencode/opencode.json"
_XDG = {"XDG_CONFIG_HOME": ".config", "XDG_DATA_HOME": ".local/share", "XDG_STATE_HOME": ".local/state"}


def environment(job: Job) -> dict[str, str]:
    """Its own folders for settings and sessions; what the repository would set is not read."""
    own = {name: str(job.home / folder) for name, folder in _XDG.items()}
    return {
        **ENVIRONMENT,
        **own,
        "XDG_CACHE_HOME": str(job.home / ".cache"),
        "OPENCODE_CONFIG": str(job.home / _FILE),
        "OPENCODE_DISABLE_PROJECT_CONFIG": "1",
    }


def files(job: Job) -> dict[str, str]:
    """`opencode.json`."""
    found: dict[str, Any] = {"$schema": "https://opencode.ai/config.json", "permission": permission(job)}
    if job.model:
        found["model"] = model(job)
    if url := job.options.get("base_url", ""):
        found["provider"] = {_provider(job): _endpoint(job, url)}
    return {_FILE: json.dumps(found, indent=1)}


def model(job: Job) -> str:
    """`provider/model`, as OpenCode wants it."""
    provider = job.options.get("provider", "")
    return f"{provider}/{job.model.removeprefix(f'{provider}/')}" if provider and job.model else job.model


def own_screen(job: Job) -> tuple[str, ...]:
    """What makes it go on with a session on its own screen."""
    return (*(("--model", model(job)) if job.model else ()), "--session", job.resume)


def permission(job: Job) -> dict[str, str]:
    """A tool that is denied is not even offered to the model. The default of OpenCode is to allow, so all is named."""
    if job.access == "read":
        found = {"edit": "deny", "bash": "deny", "webfetch": "deny", "task": "deny"}
    else:
        usual = "ask" if job.asks else "deny"
        found = {"edit": "ask" if job.asks else "allow", "bash": usual, "webfetch": usual}
    found |= {"external_directory": "deny" if job.access == "read" or not job.asks else "ask", "doom_loop": "deny"}
    return found | dict.fromkeys(job.allow_tools, "allow") | dict.fromkeys(job.deny_tools, "deny")


def _provider(job: Job) -> str:
    return job.options.get("provider") or "local"


def _endpoint(job: Job, url: str) -> dict[str, Any]:
    """The key is named, never written."""
    options = {"baseURL": url}
    if key := job.options.get("env_key", ""):
        options["apiKey"] = f"{{env:{key}}}"
    name = job.model.removeprefix(f"{_provider(job)}/")
    return {"npm": "@ai-sdk/openai-compatible", "options": options, "models": {name: {}} if name else {}}
