"""A target whose secret may not be there yet: it is an outage until it is, and a new one is picked up by itself."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from factory.errors import SourceError, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Known, Probed, Receipt, Target, nothing_known

T = TypeVar("T")


class Opened(Target, Protocol):
    """A target that holds something open."""

    def close(self) -> None:
        """Give it back."""
        ...


class LateTarget:
    """`Target` that opens the real one with its first item, and again after it was not let in.

    Args:
        open: Reads the secrets and makes the real one; may raise a `SourceError`.
    """

    def __init__(self, name: str, open: Callable[[], Opened]) -> None:
        self.name = name
        self._open = open
        self._opened: Opened | None = None

    def deliver(self, item: OutboxItem, known: Known = nothing_known) -> Receipt:
        """As the real one. Raises `Unreachable` too when a secret is not there."""
        return self._speak(lambda target: target.deliver(item, known))

    def confirm(self, item: OutboxItem) -> bool:
        """As the real one. Raises `Unreachable` too when a secret is not there."""
        return self._speak(lambda target: target.confirm(item))

    def close(self) -> None:
        """Close the real one; the next item opens it again."""
        if self._opened is not None:
            self._opened.close()
        self._opened = None

    def _speak(self, ask: Callable[[Opened], T]) -> T:
        try:
            return ask(self._ready())
        except Unreachable as error:
            if error.code == "unauthorised":
                self.close()  # the next try reads the secret again
            raise

    def _ready(self) -> Opened:
        if self._opened is None:
            try:
                self._opened = self._open()
            except SourceError as error:
                raise Unreachable(f"{error.message} {error.hint}".strip(), code=error.code) from error
        return self._opened


class LateProbed(LateTarget):
    """One that can be asked whether it works.

    Args:
        asks: As the real one has it, which need not be open to say so.
    """

    def __init__(self, name: str, open: Callable[[], Opened], asks: str) -> None:
        super().__init__(name, open)
        self.asks = asks

    def probe(self) -> str:
        """As the real one, which has to be `Probed`. Raises `Unreachable` too when a secret is not there."""

        def ask(target: Opened) -> str:
            assert isinstance(target, Probed)
            return target.probe()

        return self._speak(ask)
