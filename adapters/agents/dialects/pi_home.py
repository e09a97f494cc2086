"""How Pi is set up for one run: its folder, and an endpoint of one's own."""

import json
from typing import Any

from adapters.agents.dialects.dialect import Job

FOLDER = ".pi/agent"
LOOKS = ("read", "grep", "find", "ls")
CHANGES = ("edit", "write")
RUNS = ("bash",)


def environment(job: Job) -> dict[str, str]:
    """No network but the model's, and a folder of its own."""
    return {"PI_OFFLINE": "1", "PI_TELEMETRY": "0", "PI_CODING_AGENT_DIR": str(job.home / FOLDER)}


def tools(job: Job) -> tuple[str, ...]:
    """A verifier looks. Who cannot ask gets no shell, unless the configuration names it."""
    if job.access == "read":
        offered: tuple[str, ...] = LOOKS
    elif job.asks:
        offered = LOOKS + CHANGES + RUNS
    else:
        offered = job.allow_tools or LOOKS + CHANGES
    return tuple(tool for tool in offered if tool not in job.deny_tools)


def model(job: Job) -> str:
    """`provider/model`, where the provider is configured."""
    provider = job.options.get("provider", "")
    return f"{provider}/{_bare_model(job)}" if provider and job.model else job.model


def files(job: Job) -> dict[str, str]:
    """`models.json` for an endpoint that Pi does not know; the key stays in the environment."""
    url, provider = job.options.get("base_url", ""), job.options.get("provider", "")
    if not (url and provider):
        return {}
    key = job.options.get("env_key", "")
    endpoint = {
        "baseUrl": url,
        "api": job.options.get("api", "openai-completions"),
        "apiKey": f"${key}" if key else "none",
        "models": [{"id": _bare_model(job)}] if job.model else [],
    }
    return {f"{FOLDER}/models.json": json.dumps({"providers": {provider: endpoint}}, indent=1)}


def acp_files(job: Job) -> dict[str, str]:
    """`pi-acp` starts Pi itself, so what are arguments elsewhere are settings here. It never asks: no shell for it."""
    offered = [tool for tool in tools(job) if tool not in RUNS or tool in job.allow_tools]
    settings: dict[str, Any] = {"quietStartup": True, "defaultTools": offered}
    if job.model:
        provider, _, name = model(job).rpartition("/")
        settings |= {"defaultModel": name} | ({"defaultProvider": provider} if provider else {})
    return {f"{FOLDER}/settings.json": json.dumps(settings, indent=1), **files(job)}


def _bare_model(job: Job) -> str:
    return job.model.removeprefix(f"{job.options.get('provider', '')}/")
