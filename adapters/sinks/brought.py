"""A sink that an installed package brings. Whatever goes wrong in there is an outage of it, and of nobody else."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from adapters.entry_points import load
from factory.errors import Malformed, SourceError, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Receipt, nothing_known

T = TypeVar("T")
OUTCOMES = ("accepted", "delivered")


class BroughtSink:
    """`Target` around one of somebody else.

    Args:
        name: `sink:NAME`.
        made: Has `deliver(item, known)` and `confirm(item)` as `factory.ports.knowledge.Target`, and `close()`.
    """

    def __init__(self, name: str, made: Any) -> None:
        self.name = name
        self._made = made

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        """As it says. Raises `Unreachable` also for a defect of it: the item waits until it is mended."""
        receipt = self._asked(lambda: self._made.deliver(item, known))
        if not (isinstance(receipt, tuple) and len(receipt) in (2, 3) and receipt[0] in OUTCOMES):
            raise Unreachable(f"{self.name} answered {receipt!r}; it must answer ('delivered', REFERENCE).", "")
        return receipt

    def confirm(self, item: OutboxItem) -> bool:
        """As it says. Raises as `deliver` does."""
        return bool(self._asked(lambda: self._made.confirm(item)))

    def close(self) -> None:
        """Close it, if it can be."""
        close = getattr(self._made, "close", None)
        if callable(close):
            self._asked(close)

    def _asked(self, ask: Callable[[], T]) -> T:
        try:
            return ask()
        except SourceError:
            raise
        except Exception as error:  # somebody else's code
            raise Unreachable(
                f"{self.name} has a defect: {type(error).__name__}: {error}.", "Mend the package that brings it."
            ) from error


def open_brought(name: str, adapter: str, options: Mapping[str, str], secret: Callable[[], str]) -> BroughtSink:
    """Make the sink that a package brings under the name `adapter`.

    Args:
        secret: Reads the secret anew; it is for the adapter alone.

    Raises:
        Missing: nobody brings it. Malformed: it cannot be made.
    """
    make = load("sink", adapter)
    try:
        return BroughtSink(name, make(name, dict(options), secret))
    except SourceError:
        raise
    except Exception as error:  # somebody else's code
        raise Malformed(
            f"{name} cannot be made by the adapter {adapter!r}: {type(error).__name__}: {error}.",
            f"Correct its options in [sinks.{name.removeprefix('sink:')}], or mend the package.",
        ) from error
