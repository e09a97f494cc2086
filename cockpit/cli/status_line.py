"""`status --line`: one short line for the status bar of a terminal multiplexer, in the time that such a bar has."""

import sys

from adapters.ledger.glance import Glance, glance
from cockpit.cli.call import Call
from factory.errors import Unreachable
from factory.rules.money import DOLLAR, usd

LEDGER = "ledger.db"
UNKNOWN = "cockpit ?"


def print_line(call: Call) -> int:
    """Print the line; an empty or missing home is no error. Makes no home and asks no worker.

    Raises:
        Unreachable: the ledger cannot be read; the line says `?` first.
    """
    try:
        found = glance(call.home / LEDGER)
    except Unreachable:
        call.out.show({}, UNKNOWN)
        raise
    call.out.show({}, line_text(found, ascii_only=not (sys.stdout.encoding or "").lower().startswith("utf")))
    return 0


def line_text(found: Glance, *, ascii_only: bool) -> str:
    """`cockpit ◆2 ▶1 $0.31 +$0.05 /$20`: who needs me, what runs, money spent, in flight and allowed."""
    if not found.open_goals:
        return "cockpit idle"
    waits, runs = ("*", ">") if ascii_only else ("◆", "▶")
    others = found.open_goals - found.need_me - found.running
    parts = [
        "cockpit",
        f"{waits}{found.need_me}" if found.need_me else "",
        f"{runs}{found.running}" if found.running else "",
        f"{others} more" if others > 0 else "",
        usd(found.spent) + ("+?" if found.unpriced else ""),
        f"+{usd(found.in_flight)}" if found.in_flight else "",
        f"/{_cap(found.limit)}" if found.limit else "",
    ]
    return " ".join(part for part in parts if part)


def _cap(micros: int) -> str:
    return f"${micros // DOLLAR:,}" if micros % DOLLAR == 0 else usd(micros)
