"""Money and tokens over the Agent Client Protocol: a running total of the session becomes what each turn cost."""

from collections.abc import Iterator

from adapters.agents.dialects.dialect import Message
from adapters.agents.dialects.fields import count, each, micros, text
from adapters.agents.dialects.sums import CHARS_A_TOKEN, Sums
from factory.model.agent_event import Calling, Note, Usage
from factory.model.step import Tokens

TELL_EVERY = 400
"""Characters of an answer after which what it costs so far is told again."""


class SessionMeter:
    """Tokens come with the end of a turn; before, only the size of the context tells that something is spent.

    Args:
        is_resumed: The total may hold what earlier processes cost. Unless it is told before our first prompt, what the
            first turn cost cannot be known from it.
        tells_last_step: The tokens of a turn are told for its last model call only.
    """

    def __init__(self, sums: Sums, is_resumed: bool, tells_last_step: bool = False) -> None:
        self._sums, self._tells_last_step = sums, tells_last_step
        self._before: int | None = None if is_resumed else 0
        self._total: int | None = None
        self._size = self._asked = 0
        self._used = self._earlier = self._chars = self._told_chars = 0
        self._calls = 1
        self._is_prompted = self._is_new_call = self._tells_steps = False

    def prompted(self, words: str) -> None:
        """A turn begins."""
        if not self._is_prompted and self._total is not None:
            self._before = self._total
        self._is_prompted, self._is_new_call, self._calls = True, False, 1
        self._asked = len(words) // CHARS_A_TOKEN
        self._used = self._earlier = self._chars = self._told_chars = 0

    def tool_ended(self) -> None:
        """The next model call has the result of a tool in its context: it is another call."""
        self._is_new_call = True

    def goes_on(self) -> None:
        """The agent says or does something: that came of the next call, if a tool had ended."""
        if self._is_new_call:
            self._is_new_call = False
            self._calls += 1
            self._earlier += 0 if self._tells_steps else self._used

    def step_told(self, usage: Usage, goes_on: bool) -> Iterator[Usage]:
        """One call of the turn, in full: where these come, the end of the turn tells nothing new.

        Args:
            goes_on: Another call follows, whose context is hardly smaller.
        """
        self._tells_steps = True
        self._asked = self._earlier = self._chars = self._told_chars = 0
        self._used = usage.context_used if goes_on else 0
        yield from self._sums.add(usage)

    def hear(self, update: Message) -> Iterator[Calling]:
        """A `usage_update`: the context of the call that is under way, its answer so far included."""
        self._size = count(update, "size") or self._size
        if text(update, "cost", "currency") in ("", "USD") and (told := micros(update, "cost", "amount")) is not None:
            self._total = told
        used = count(update, "used")
        if not (self._is_prompted and used) or used == self._used:
            return
        self.goes_on()
        self._used, self._chars, self._told_chars = used, 0, 0
        yield Calling(self.guess(), self._sums.model)

    def said(self, chars: int) -> Iterator[Calling]:
        """The answer grows, and no update has counted that yet."""
        self._chars += chars
        if self._chars - self._told_chars >= TELL_EVERY:
            self._told_chars = self._chars
            yield Calling(self.guess(), self._sums.model)

    def guess(self) -> Tokens:
        """What the turn used so far, as far as it shows. How it is split is not told, so a context counts as input."""
        return Tokens(self._earlier + (self._used or self._asked), self._chars // CHARS_A_TOKEN)

    def turn_ended(self, result: Message, has_worked: bool) -> Iterator[Usage | Note]:
        """What the turn used, by its answer and by the total so far; guessed where it worked and does not tell."""
        models = sorted(
            each(result, "_meta", "quota", "model_usage"), key=lambda one: -count(one, "token_count", "totalTokens")
        )
        self._sums.model = next((text(one, "model") for one in models), "") or self._sums.model
        tokens, cost = _tokens(result), self._since_before()
        if self._tells_steps:
            return
        if has_worked and (tokens == Tokens() or (self._tells_last_step and cost is None and self._calls > 1)):
            yield Note("It does not tell all that this turn used: the tokens are a guess.")
            tokens = _times(self._calls, tokens) if tokens != Tokens() else self.guess()
        yield from self._sums.add(Usage(tokens, self._sums.model, cost, self._used, self._size))

    def _since_before(self) -> int | None:
        """A total of 0 is that of an agent that knows no price."""
        before, self._before = self._before, self._total if self._total is not None else self._before
        if self._total is None or before is None:
            return None
        # A total that fell was begun anew.
        return (self._total - before if self._total >= before else self._total) or None


def _tokens(result: Message) -> Tokens:
    """`usage` of the answer to a prompt; some agents count the reasoning beside the output, some in it."""
    usage = result.get("usage")
    given, taken = count(usage, "inputTokens"), count(usage, "outputTokens")
    cached, written = count(usage, "cachedReadTokens"), count(usage, "cachedWriteTokens")
    thought = count(usage, "thoughtTokens")
    is_beside = count(usage, "totalTokens") == given + taken + cached + written + thought
    return Tokens(given, taken + (thought if is_beside else 0), cached, written)


def _times(calls: int, tokens: Tokens) -> Tokens:
    """As much for each call as for the last, whose context was the largest."""
    return Tokens(calls * tokens.input, calls * tokens.output, calls * tokens.cache_read, calls * tokens.cache_write)
