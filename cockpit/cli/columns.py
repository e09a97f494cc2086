"""Lists for people: columns as wide as what is in them, nothing cut."""

from collections.abc import Iterable, Mapping, Sequence

from factory.rules.visible import one_line


def pairs(named: Mapping[str, object]) -> str:
    """One `name  value` a line, aligned; nested names as `a.b`."""
    return columns(_flat(named))


def table(items: Iterable[Mapping[str, object]], names: Sequence[str], none: str) -> str:
    """One item a line with these of its keys, under their names; the sentence `none` when there is no item."""
    rows = [[_word(item.get(name, "")) for name in names] for item in items]
    return columns([[name.upper() for name in names], *rows]) if rows else none


def columns(rows: Iterable[Sequence[str]]) -> str:
    """Rows of cells as aligned text; the last cell of a row is as long as it is."""
    lines = [[one_line(cell) for cell in row] for row in rows]
    widths = [max((len(cell) for cell in column), default=0) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(map(str.ljust, line, [*widths[:-1], 0])).rstrip() for line in lines)


def _flat(named: Mapping[str, object], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for name, value in named.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{above}{name}.")
        else:
            found.append((f"{above}{name}", _word(value)))
    return found


def _word(value: object) -> str:
    if value is None or value == "":
        return "-"
    return " ".join(map(_word, value)) if isinstance(value, list | tuple) else str(value)
