"""Counts what Claude Code uses: call by call from its partial messages, set right by each of its results.

Its traps: the usage in an `assistant` message has the output of the call's first moment (1); a result's own `usage`
misses calls; its `total_cost_usd` counts earlier processes in. `model_usage_since_last_result` is right.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from adapters.agents.dialects.lenient import number, table, whole, words
from factory.model.agent_event import Calling, Usage
from factory.model.step import Tokens

CHARS_A_TOKEN = 4
"""A guess, for the output of a call that is still under way."""
TELL_EVERY = 100
"""Tokens of output from one word about a growing answer to the next."""


@dataclass
class _Call:
    """A model call that is under way."""

    model: str
    known: Tokens
    chars: int = 0
    told: int = 0

    @property
    def tokens(self) -> Tokens:
        """Its input, and its output as far as it came."""
        return _largest(self.known, Tokens(output=self.chars // CHARS_A_TOKEN))


class ClaudeMeter:
    """The counts of one process. A lane is the main thread (empty) or a subagent: each makes one call at a time."""

    def __init__(self) -> None:
        self._settled = Tokens()
        self._told: dict[str, Tokens] = {}
        self._open: dict[str, _Call] = {}
        self._ids: dict[str, str] = {}
        self._main, self._context = "", 0
        self.micros: int | None = None
        """The agent's own figure, in micro-USD; None while it named none."""

    @property
    def tokens(self) -> Tokens:
        """Everything so far, with the calls that are under way or were broken off."""
        return _sum(self._settled, *self._told.values(), *(call.tokens for call in self._open.values()))

    def begun(self, lane: str, message: Mapping[str, Any]) -> Iterator[Calling]:
        """A call began (`message_start`)."""
        call = _Call(words(message.get("model")), _used(message.get("usage")))
        self._ids[lane], self._open[lane] = words(message.get("id")), call
        yield Calling(call.tokens, call.model)

    def grew(self, lane: str, chars: int) -> Iterator[Calling]:
        """More of its answer came."""
        if (call := self._open.get(lane)) is None:
            return
        call.chars += chars
        if call.chars >= (call.told + TELL_EVERY) * CHARS_A_TOKEN:
            call.told = call.chars // CHARS_A_TOKEN
            yield Calling(call.tokens, call.model)

    def done(self, lane: str, usage: Any) -> Iterator[Usage]:
        """A call is over (`message_delta`): its exact usage."""
        if call := self._open.pop(lane, None):
            yield self._tell(lane, call.model, _largest(call.known, _used(usage)))

    def saw(self, lane: str, message: Mapping[str, Any]) -> Iterator[Usage]:
        """A message of a call that was not streamed: its input is known, its output only with the next result."""
        name = words(message.get("id"))
        if name and name != self._ids.get(lane) and message.get("model") != "<synthetic>":
            self._ids[lane] = name
            used = _used(message.get("usage"))
            yield self._tell(
                lane, words(message.get("model")), Tokens(used.input, 0, used.cache_read, used.cache_write)
            )

    def settle(self, claims: Any) -> Iterator[Usage]:
        """A result came: what its figures (`model_usage_since_last_result`) add to what was told.

        What was seen to stream is never taken back: an agent may leave a call out that was broken off.
        """
        figures = []
        for model in sorted(set(self._told) | {call.model for call in self._open.values()} | set(table(claims))):
            claim = table(table(claims).get(model))
            told = self._told.get(model, Tokens())
            known = _sum(told, *(call.tokens for call in self._open.values() if call.model == model))
            more = _minus(_largest(known, _claimed(claim)), told)
            cost = _micros(claim)
            figures += [] if cost is None else [cost]
            self._told[model] = _sum(told, more)
            if more != Tokens() or cost is not None:
                is_main = model == self._main
                size = whole(claim.get("contextWindow")) if is_main else 0
                yield Usage(more, model, cost, self._context if is_main else 0, size, is_sum=True)
        if isinstance(claims, Mapping) and (figures or not claims):
            self.micros = (self.micros or 0) + sum(figures)
        self._settled, self._told, self._open = _sum(self._settled, *self._told.values()), {}, {}

    def _tell(self, lane: str, model: str, tokens: Tokens) -> Usage:
        self._told[model] = _sum(self._told.get(model, Tokens()), tokens)
        context = 0
        if not lane:
            context = tokens.input + tokens.output + tokens.cache_read + tokens.cache_write
            self._main, self._context = model, context
        return Usage(tokens, model, context_used=context)


def _used(value: Any) -> Tokens:
    usage = table(value)
    return Tokens(
        input=whole(usage.get("input_tokens")),
        output=whole(usage.get("output_tokens")),
        cache_read=whole(usage.get("cache_read_input_tokens")),
        cache_write=whole(usage.get("cache_creation_input_tokens")),
    )


def _claimed(claim: Mapping[str, Any]) -> Tokens:
    return Tokens(
        input=whole(claim.get("inputTokens")),
        output=whole(claim.get("outputTokens")),
        cache_read=whole(claim.get("cacheReadInputTokens")),
        cache_write=whole(claim.get("cacheCreationInputTokens")),
    )


def _micros(claim: Mapping[str, Any]) -> int | None:
    """Its figure; for a model that it has no price for it makes one up (`costBasis: unknown`), and that is none."""
    if "costUSD" not in claim or claim.get("costBasis") == "unknown":
        return None
    return max(0, round(number(claim["costUSD"]) * 1_000_000))


def _sum(*all_of_them: Tokens) -> Tokens:
    return Tokens(
        sum(one.input for one in all_of_them),
        sum(one.output for one in all_of_them),
        sum(one.cache_read for one in all_of_them),
        sum(one.cache_write for one in all_of_them),
    )


def _largest(one: Tokens, other: Tokens) -> Tokens:
    """The larger count of each sort."""
    return Tokens(
        max(one.input, other.input),
        max(one.output, other.output),
        max(one.cache_read, other.cache_read),
        max(one.cache_write, other.cache_write),
    )


def _minus(one: Tokens, other: Tokens) -> Tokens:
    return Tokens(
        one.input - other.input,
        one.output - other.output,
        one.cache_read - other.cache_read,
        one.cache_write - other.cache_write,
    )
