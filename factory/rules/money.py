"""Dollars as people write them, and as integer micro-USD."""

import re

from factory.errors import Usage

DOLLAR = 1_000_000
"""Micro-USD."""
HIGHEST_CAP = 10_000 * DOLLAR
FREE_THREAD_CAP = DOLLAR
"""Up to here an operator may raise the cap of a thread alone; above needs an approved cost review. Fixed."""
CANARY_MICROS = DOLLAR
"""For all verdicts of one canary, unless somebody says otherwise."""

CENT = DOLLAR // 100
_USD = re.compile(r"\$?(?=\.?[0-9])([0-9]{0,9})(?:\.([0-9]*))?")


def parse_usd(text: str) -> int:
    """The micro-USD of an amount such as `0.25` or `$2`, exactly.

    Raises:
        Usage: it is no amount, negative, over $10,000, or finer than a millionth of a dollar.
    """
    found = _USD.fullmatch(text.strip())
    if not found:
        raise Usage(f"{text!r} is not an amount in US dollars.", "Write it with a point, for example 2.50.")
    dollars, decimals = found[1] or "0", (found[2] or "").rstrip("0")
    if len(decimals) > 6:
        raise Usage(f"{text!r} is finer than a millionth of a dollar.", "Use at most six decimals.")
    return check_cap(int(dollars) * DOLLAR + int(decimals.ljust(6, "0")))


def check_cap(micros: int) -> int:
    """The same amount, when it can be a cap.

    Raises:
        Usage: it is negative or over $10,000.
    """
    if not 0 <= micros <= HIGHEST_CAP:
        raise Usage(f"A cap of {usd(micros)} is not possible.", "Choose one from $0 to $10,000.")
    return micros


def format_usd(micros: int, basis: str) -> str:
    """An amount with how well it is known: `$0.42`, estimated `≈$0.42`, unpriced `?`."""
    if basis == "unpriced":
        return "?"
    return f"≈{usd(micros)}" if basis == "estimated" else usd(micros)


def usd(micros: int) -> str:
    """An amount with two decimals, rounded half up; a part of a cent keeps the decimals that say it is not nothing."""
    sign, amount = "-" if micros < 0 else "", abs(micros)
    if 0 < amount < CENT:
        return f"{sign}${f'0.{amount:06d}'.rstrip('0')}"
    cents = (amount + CENT // 2) // CENT
    return f"{sign}${cents // 100:,}.{cents % 100:02d}"
