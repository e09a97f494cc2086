"""The systems around the factory, as configured: which get copies of what it writes, and the adapters of each.

Only the worker opens them; a client needs no more than their names.
"""

from cockpit.settings import Settings

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
