"""How one configured value is read, from TOML or from an environment variable; each reader says what is wrong with it.

Every reader takes what was written and gives the value, or raises `ValueError` with the end of a sentence about it.
"""

import math
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from factory.errors import SourceError
from factory.model.definition import AT_DISPATCH
from factory.rules.money import FREE_THREAD_CAP, parse_usd

Reader = Callable[[object], Any]


NONE: Mapping[str, Any] = {}
"""No names of the operator's own; nobody writes into it. A proxy could not be copied into the orders of an agent."""
_A_YEAR_S = 366 * 24 * 3600
_LONGEST_ADDRESS = 2000


def line(value: object) -> str:
    """One line of text."""
    if not isinstance(value, str):
        raise ValueError("must be text in quotes")
    if "\0" in value or "\n" in value:
        raise ValueError("holds a NUL or a line break")
    return value.strip()


def short_line(most: int) -> Reader:
    """A reader of one line of at most so many characters, as JavaScript counts them."""

    def read(value: object) -> str:
        text = line(value)
        if (length := len(text.encode("utf-16-le", "surrogatepass")) // 2) > most:
            raise ValueError(f"has {length} characters, and {most} is the most that the server takes")
        return text

    return read


def path(value: object) -> str:
    """A path, as written."""
    text = line(value)
    if not text:
        raise ValueError("must be a path")
    return text


def command_line(value: object) -> str:
    """A command line that can be split into words."""
    text = line(value)
    try:
        shlex.split(text)
    except ValueError as error:
        raise ValueError(f"cannot be split into words ({str(error).lower().rstrip('.')})") from error
    return text


def choice(*words: str) -> Reader:
    """A reader of one of these words."""

    def read(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return read


def auto_switch(value: object) -> str:
    """`yes`, `no` or `auto`; true and false will do."""
    words = {True: "yes", False: "no", "true": "yes", "false": "no", "yes": "yes", "no": "no", "auto": "auto"}
    if not isinstance(value, bool | str) or value not in words:
        raise ValueError("must be true, false or auto")
    return words[value]


def lines(each: Reader) -> Reader:
    """A reader of a list; an environment variable separates with commas."""

    def read(value: object) -> tuple[Any, ...]:
        parts = [part for part in value.split(",") if part.strip()] if isinstance(value, str) else value
        if not isinstance(parts, list):
            raise ValueError('must be a list, such as ["A", "B"]')
        return tuple(each(part) for part in parts)

    return read


def secret_place(value: object) -> str:
    """Where a secret is kept; the secret itself does not belong into the file."""
    text = line(value)
    if text and not re.fullmatch(r"(env:[A-Za-z_][A-Za-z0-9_]*|file:.+|keyring:[^/]+/.+)", text):
        raise ValueError(
            "must say where the secret is kept, not what it is: env:NAME, file:PATH or keyring:SERVICE/NAME"
        )
    return text


def web_address(value: object) -> str:
    """The base address of a server, without a slash at its end; empty = none."""
    text = line(value).rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be an address such as http://127.0.0.1:3000")
    if parts.username or parts.password:
        raise ValueError("holds credentials; name the place of the secret instead")
    if text and not (_is_port(parts) and _is_host(parts.hostname or "") and len(text) <= _LONGEST_ADDRESS):
        raise ValueError("is no address that can be looked up; write it as http://wiki.example.com:3000")
    return text


def _is_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def _is_host(name: str) -> bool:
    """Whether a name server, or the network, can be asked for it; names of other letters are written `xn--…`."""
    if re.fullmatch(r"[0-9.]+|.*:.*", name):
        from ipaddress import ip_address  # for the few that are configured by number

        try:
            return bool(ip_address(name))
        except ValueError:
            return False
    return re.fullmatch(r"[A-Za-z0-9_-]{1,63}(\.[A-Za-z0-9_-]{1,63})*\.?", name) is not None


def environment_name(value: object) -> str:
    """The name of an environment variable."""
    text = line(value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        raise ValueError(f"must hold names of environment variables, and {text!r} is none")
    return text


def seconds(value: object) -> float:
    """A time in seconds, above 0."""
    number = _number(value)
    if not 0 < number <= _A_YEAR_S:
        raise ValueError("must be a number of seconds above 0")
    return number


def count(value: object) -> int:
    """A whole number from 1 to 64."""
    number = _number(value)
    if number != int(number) or not 1 <= number <= 64:
        raise ValueError("must be a whole number from 1 to 64")
    return int(number)


def whole(value: object) -> int:
    """A whole number from 0 to a million."""
    number = _number(value)
    if number != int(number) or not 0 <= number <= 1_000_000:
        raise ValueError("must be a whole number from 0 to 1,000,000")
    return int(number)


def switch(value: object) -> bool:
    """true or false."""
    words = {True: True, False: False, "true": True, "false": False, "yes": True, "no": False}
    if not isinstance(value, bool | str) or value not in words:
        raise ValueError("must be true or false")
    return words[value]


def text_table(value: object) -> dict[str, str]:
    """Names with a text each."""
    if not isinstance(value, dict):
        raise ValueError('must be a table, such as { base_url = "http://127.0.0.1:8080" }')
    return {line(name): line(text) for name, text in value.items()}


def price_table(value: object) -> dict[str, tuple[int, int, int, int]]:
    """Models with four prices each, in US dollars for a million tokens; as micro-USD."""
    shape = 'must name four prices for each model: { "model" = [input, output, cache_read, cache_write] }'
    if not isinstance(value, dict):
        raise ValueError(shape)
    found = {}
    for model, prices in value.items():
        if not isinstance(prices, list) or len(prices) != 4:
            raise ValueError(shape)
        one, two, three, four = (round(_number(price) * 1_000_000) for price in prices)
        if min(one, two, three, four) < 0:
            raise ValueError("holds a negative price")
        found[model] = (one, two, three, four)
    return found


def budget(value: object) -> int:
    """US dollars as micro-USD."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("must be an amount in US dollars, such as 5.00")
    try:
        return parse_usd(str(value))
    except SourceError as error:
        raise ValueError(f"is no amount that can be a cap: {error.message.rstrip('.')}") from error


def thread_cap(value: object) -> int:
    """US dollars as micro-USD, at most what needs no cost review."""
    micros = budget(value)
    if micros > FREE_THREAD_CAP:
        raise ValueError("is above $1.00, which only an approved cost review may allow")
    return micros


def verify_trigger(value: object) -> str:
    """When a verifier is asked."""
    if value == "dispatch":
        raise ValueError(AT_DISPATCH)
    return str(choice("request", "automatic")(value))


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a number")
    try:
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise ValueError("must be a number") from error
    if not math.isfinite(number):
        raise ValueError("must be a finite number")
    return number
