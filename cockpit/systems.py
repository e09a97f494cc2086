"""The systems around the factory, as configured: which get copies of what it writes, and the adapters of each.

Only the worker opens them; a client needs no more than their names.
"""

from dataclasses import replace
from functools import partial

from adapters.credentials import read_secret
from cockpit.settings import Settings
from factory.ports.bundle import Ports

PAGE, REMEMBER = "page", "remember"


def copies(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Operation -> names of the systems that get a copy of such a write."""
    pages = ["bookstack"] if settings.knowledge.url else []
    notes = ["lightrag"] if settings.memory.url else []
    for name, sink in settings.sinks.items():
        pages += [sink_name(name)] if PAGE in sink.ops else []
        notes += [sink_name(name)] if REMEMBER in sink.ops else []
    return {PAGE: tuple(pages), REMEMBER: tuple(notes)}


def sink_name(name: str) -> str:
    """A sink as the outbox calls it, so that none hides one of our targets."""
    return f"sink:{name}"


def setting_of(name: str) -> str:
    """The setting that makes a system be there; its origin says what is configured from where."""
    if sink := name.removeprefix("sink:").removesuffix(name):
        return f"sinks.{sink}.url"
    return {"bookstack": "knowledge.url", "lightrag": "memory.url"}.get(name, f"{name}.url")


def with_systems(ports: Ports, settings: Settings) -> Ports:
    """The ports with what only the worker opens: a target for each system, and what it can be asked."""
    return _with_lightrag(ports, settings) if settings.memory.url else ports


def _with_lightrag(ports: Ports, settings: Settings) -> Ports:
    from adapters.memory.lightrag import AT_ONCE, LightRagTarget
    from adapters.memory.lightrag_client import LightRagClient
    from adapters.memory.with_lightrag import MemoryWithLightRag

    section, key = settings.memory, partial(_secret, settings.memory.key, settings)
    target = LightRagTarget(LightRagClient(section.url, key), section.project)
    asked = LightRagClient(section.url, key, read_s=section.recall_s, whole_s=section.recall_s)
    return replace(
        ports,
        memory=MemoryWithLightRag(ports.memory, asked, section.recall_s),
        targets={**ports.targets, target.name: target},
        at_once={**ports.at_once, target.name: AT_ONCE},
    )


def _secret(place: str, settings: Settings) -> str:
    """What is kept at a place now; "" where none is named. Raises what `read_secret` raises."""
    return read_secret(place, settings.home) if place else ""
