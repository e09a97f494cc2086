"""docs/keys.md, written from the key table: `python -m tests.keys_page`."""

from collections.abc import Iterator
from pathlib import Path

from cockpit.keymap import KEYS, Key, shown

PAGE = Path(__file__).parents[1] / "docs" / "keys.md"
PLACES = {
    "anywhere": "Everywhere",
    "goals": "With a goal selected",
    "replay": "In a replay (`cockpit replay`)",
    "page": "On a page",
    "launch": "In the launch form",
    "card": "On the review card",
    "permission": "On the card of an agent's request",
    "ask": "In a question with lines to fill",
    "confirm": "In a yes-or-no question",
    "help": "In the help",
}
"""What each place of the table is called; a place that is not named here goes by its own name."""

_TOP = """\
# Keys

Written from the key table by `make keys`; do not edit. In the cockpit `?` shows the same table, searchable, and Enter
runs the chosen key. Every id can be given other keys in `config.toml`, and a running cockpit takes the change:

```toml
[keys]
"run.review" = "A"
```

Keys marked ‼ spend, stop or decide: they ask first, and the default is no.
"""


def keys_page(keys: tuple[Key, ...] = KEYS) -> str:
    """The page: one table for each place, in the order of the key table."""
    return "\n".join((_TOP, *_tables(keys)))


def _tables(keys: tuple[Key, ...]) -> Iterator[str]:
    for place in dict.fromkeys(key.where for key in keys):
        yield f"## {PLACES.get(place, place.capitalize())}\n\n| key | | id |\n|---|---|---|"
        yield "".join(_row(key) for key in keys if key.where == place)


def _row(key: Key) -> str:
    pressed = " ".join(f"`{shown(each)}`".replace("|", "\\|") for each in key.keys.split(","))
    return f"| {pressed} | {key.says}{' ‼' if key.asks_first else ''} | `{key.id}` |\n"


if __name__ == "__main__":
    PAGE.write_text(keys_page(), encoding="utf-8")
