"""Which goals fit what the operator typed."""

from factory.model.view import RunRow


def matching(rows: tuple[RunRow, ...], words: str) -> tuple[RunRow, ...]:
    """The goals that hold every word, in their order; all of them when there is no word."""
    wanted = words.casefold().split()
    if not wanted:
        return rows
    return tuple(row for row in rows if all(word in _text(row) for word in wanted))


def _text(row: RunRow) -> str:
    return f"{row.goal} {row.id} {row.state} {row.step_kind} {row.domain}".casefold()
