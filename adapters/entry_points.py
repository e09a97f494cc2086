"""Adapters that other packages bring: found by the entry points of group `cockpit.adapters`, loaded when asked for."""

from collections.abc import Callable
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from factory.errors import Malformed, Missing

GROUP = "cockpit.adapters"
Brought = Literal["agent", "sink"]
"""What can be brought; an entry point is named `agent.NAME` or `sink.NAME`."""


def names(kind: Brought) -> tuple[str, ...]:
    """What installed packages bring of a kind, by name, sorted."""
    return tuple(sorted({point.name.removeprefix(f"{kind}.") for point in _points(kind)}))


def load(kind: Brought, name: str) -> Callable[..., Any]:
    """What a package brings under this name.

    Raises:
        Missing: no installed package brings it. Malformed: it cannot be imported, or cannot be called.
    """
    found = [point for point in _points(kind) if point.name == f"{kind}.{name}"]
    if not found:
        known = ", ".join(names(kind)) or "none"
        raise Missing(
            f"No installed package brings the {kind} {name!r} (there: {known}).",
            f"Install it beside cockpit; its entry point is {kind}.{name} in the group {GROUP}.",
        )
    if len(found) > 1:
        packages = " and ".join(sorted({point.dist.name if point.dist else "?" for point in found}))
        raise Malformed(f"{packages} both bring the {kind} {name!r}.", "Uninstall one of them.")
    return _loaded(found[0])


def _points(kind: Brought) -> tuple[EntryPoint, ...]:
    return tuple(point for point in entry_points(group=GROUP) if point.name.startswith(f"{kind}."))


def _loaded(point: EntryPoint) -> Callable[..., Any]:
    try:
        found = point.load()
    except Exception as error:  # somebody else's module: whatever it raises is a sentence here
        raise Malformed(
            f"The adapter {point.name} ({point.value}) cannot be imported: {type(error).__name__}: {error}.",
            "Mend or uninstall the package that brings it.",
        ) from error
    if not callable(found):
        raise Malformed(f"The adapter {point.name} ({point.value}) is no function or class.", "Mend its entry point.")
    return found  # type: ignore[no-any-return]
