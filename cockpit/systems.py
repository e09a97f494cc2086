"""The systems around the factory, as configured: which get copies of what it writes.

A client needs no more than their names; the worker opens them in `system_targets`.
"""

from adapters.environment import secret_values
from cockpit.settings import Settings
from factory.rules.mission import MISSION

PAGE, REMEMBER, GOAL = "page", "remember", "goal"


def copies(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Operation -> names of the systems that get a copy of such a write."""
    pages = ["bookstack"] if settings.knowledge.url else []
    notes = ["lightrag"] if settings.memory.url else []
    for name, sink in settings.sinks.items():
        pages += [sink_name(name)] if PAGE in sink.ops else []
        notes += [sink_name(name)] if REMEMBER in sink.ops else []
    mirror = (MISSION,) if settings.mission.url else ()
    return {PAGE: tuple(pages), REMEMBER: tuple(notes), GOAL: mirror}


def launches_by_itself(settings: Settings) -> bool:
    """Whether tasks of a mission control start runs: then somebody has to listen, also when nothing is open here."""
    return bool(settings.mission.url) and settings.mission.launch == "auto"


def sink_name(name: str) -> str:
    """A sink as the outbox calls it, so that none hides one of our targets."""
    return f"sink:{name}"


def configured_in(name: str, settings: Settings) -> str:
    """Where the setting stands that makes a system be there: `config.toml`, or an environment variable."""
    if sink := name.removeprefix("sink:").removesuffix(name):
        keys = [f"sinks.{sink}.{key}" for key in ("url", "command", "adapter")]
    else:
        keys = [{"bookstack": "knowledge.url", "lightrag": "memory.url"}.get(name, f"{name}.url")]
    return next((settings.origins[key] for key in keys if key in settings.origins), "")


def agent_secrets(settings: Settings) -> tuple[bytes, ...]:
    """What agents get of our environment and no evidence may hold."""
    return secret_values(name for agent in settings.agents.values() for name in agent.env)
