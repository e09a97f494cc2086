"""What an agent asks for, as lines: who asks, how risky it is, what it cost so far, and all that the tool is given."""

import json
from collections.abc import Iterator

from factory.model.permission import Permission
from factory.model.view import RunView
from widgets.amounts import cap, money, time_of_day
from widgets.asked import asked_so_far
from widgets.lines import Line, Tone, shorten, wrap
from widgets.names import agent_name
from widgets.plain import visible
from widgets.viewers.diff_rows import diff_rows, stat_words
from widgets.viewers.proposed import proposed_files

MOST = 200_000
"""Characters of an input that are drawn; what is beyond them is counted, and said to be unseen."""
_PIECE = 2_000
"""A longer line is wrapped in pieces."""
_TIERS: dict[str, Tone] = {"low": "good", "medium": "warn", "high": "bad"}
_VERBS = {"read": "READ A FILE", "edit": "CHANGE A FILE", "run": "RUN A COMMAND", "other": "USE A TOOL"}


def head_lines(view: RunView, asked: Permission, width: int) -> tuple[Line, ...]:
    """What it wants and how risky that is; who asks; what it cost; what else was asked in this run."""
    attempt = next((one for one in view.attempts if one.id == asked.attempt), None)
    who = f"{attempt.role} {agent_name(attempt.agent)}" if attempt else "an agent that is not listed any more"
    company = f", {visible(attempt.company, 30)}" if attempt and attempt.company else ""
    basis = attempt.gauge.basis if attempt and attempt.gauge else "reported"
    return (
        (("risk ", "dim"), (asked.tier.upper(), _TIERS[asked.tier]), ("   it wants to ", "dim"),
         (_VERBS[asked.kind], "strong")),
        (("asks ", "dim"), (shorten(who + company, max(10, width - 20)), ""),
         (f"   at {time_of_day(asked.created_at)}", "dim")),
        (("cost ", "dim"), (money(asked.spent_micros, basis), ""), (" of this attempt when it asked   run ", "dim"),
         (_of_run(view), "")),
        (("requests of this run ", "dim"), (asked_so_far(view), "")),
    )  # fmt: skip


def body_lines(asked: Permission, width: int) -> tuple[Line, ...]:
    """The whole title, the agent's reason, what an edit changes, and the whole input as JSON; nothing hidden."""
    lines: list[Line] = []
    for title, text in (("Wants", asked.title), ("Says why", asked.reason)):
        lines.extend(_part(title, text, width))
    if files := proposed_files(asked):
        lines.extend(((), (("Changes", "strong"), (f"  {stat_words(files)}", "dim"))))
        lines.extend(diff_rows(files, {}, width).rows)
    lines.extend(_part("Input", _as_json(asked.input), width))
    return tuple(lines[1:])


def answered_words(asked: Permission) -> str:
    """What became of a request that nobody can answer here any more."""
    if asked.state == "void":
        why = visible(asked.words, 80) or "its agent ended"
        return f"Nobody waits for this answer any more: {why}. esc leaves."
    did = "allowed" if asked.state == "allowed" else "refused"
    return f"{visible(asked.by, 60)} {did} this at {time_of_day(asked.answered_at)}. esc leaves."


def _of_run(view: RunView) -> str:
    unpriced = any(one.basis == "unpriced" for one in view.costs)
    spent = money(sum(one.micros for one in view.costs), "unpriced" if unpriced else "reported")
    budget = view.budget("run")
    return f"{spent} settled of {cap(budget.limit_micros)}" if budget else f"{spent} settled"


def _as_json(text: str) -> str:
    """The input with a line for each value; as it is where it is no JSON."""
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def _part(title: str, text: str, width: int) -> Iterator[Line]:
    if text.strip():
        yield from ((), ((title, "strong"),))
        yield from _whole(text, width - 2)


def _whole(text: str, width: int) -> Iterator[Line]:
    for line in text[:MOST].split("\n"):
        for piece in _pieces(line):
            yield from ((("  ", ""), (part, "")) for part in wrap(visible(piece, 10 * _PIECE), width, 10 * _PIECE))
    if len(text) > MOST:
        yield ((f"  … {len(text) - MOST:,} more characters that are not shown here", "bad"),)


def _pieces(line: str) -> Iterator[str]:
    """The line in pieces that are cut between words where there are any; wrapping a megabyte at once takes minutes."""
    start = 0
    while start == 0 or start < len(line):
        end = start + _PIECE
        end = end if end >= len(line) else (line.rfind(" ", start, end) + 1 or end)
        yield line[start:end]
        start = end
