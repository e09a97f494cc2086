"""The meter of one agent, and the limit that it may not pass."""

from factory.model.agent_event import Calling, Finished, Usage
from factory.rules.meter import Meter, PriceOf, SizeOf, level


class Fuse:
    """Counts, and says when to stop.

    Args:
        limit: Micro-USD; 0 = none.
        next_call: What the first call will hardly be cheaper than; 0 = not known.
        price: What tokens cost.
        size: How large the context of a model is.
    """

    def __init__(self, limit: int, next_call: int, price: PriceOf, size: SizeOf = lambda _: 0) -> None:
        self.limit = limit
        self.meter = Meter(last_call=next_call)
        self._price, self._size = price, size
        self._is_warned = False

    def count(self, event: Usage | Calling | Finished) -> None:
        """Add what was told."""
        match event:
            case Usage():
                self.meter = self.meter.after(event, self._price, self._size)
            case Calling():
                self.meter = self.meter.during(event, self._price)
            case Finished():
                self.meter = self.meter.at_end(event, self._price)

    def is_blown(self, is_before_a_call: bool = False) -> bool:
        """Whether the limit is reached, or would be passed by the call that is under way, or that follows."""
        return level(self.meter, self.limit, is_before_a_call) == "stop"

    def warns(self, is_before_a_call: bool = False) -> bool:
        """Whether it is time to say that little is left; true once until there is more again."""
        is_low = level(self.meter, self.limit, is_before_a_call) != "go"
        is_new, self._is_warned = is_low and not self._is_warned, is_low
        return is_new

    def __str__(self) -> str:
        return f"${self.meter.spent / 1e6:.4f} spent of ${self.limit / 1e6:.4f}"
