"""Mutants: copies of a Python file with one small, classical mistake in one function each.

Only what changes is rewritten: comments and layout stay, so that a mutant looks like something that a person wrote.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_COMPARED: Mapping[type[ast.cmpop], tuple[str, tuple[str, ...]]] = {
    ast.Lt: ("<", ("<=", ">")),
    ast.LtE: ("<=", ("<",)),
    ast.Gt: (">", (">=", "<")),
    ast.GtE: (">=", (">",)),
    ast.Eq: ("==", ("!=",)),
    ast.NotEq: ("!=", ("==",)),
    ast.In: ("in", ("not in",)),
}
_CALCULATED: Mapping[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "+"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
}
_JOINED: Mapping[type[ast.boolop], tuple[str, str]] = {ast.And: ("and", "or"), ast.Or: ("or", "and")}


@dataclass(frozen=True)
class Mutant:
    """One of them."""

    line: int
    """Where it differs; 1 is the first."""
    column: int
    """The same within the line, in characters: one line may hold `+` twice."""
    change: str
    """What was done: `'<' became '<='`."""
    text: str
    """The whole file."""


@dataclass(frozen=True, order=True)
class _Edit:
    """A piece of the file, in bytes, and what is put in its place."""

    start: int
    end: int
    new: str


def mutants(source: str, function: str = "") -> tuple[Mutant, ...]:
    """Every mutant of the functions of a file, or of those called `function` (`split`, `Cart.total`), top down.

    Each of them can be parsed and differs from the file in what it does to the syntax tree. Empty when the file
    cannot be parsed, or there is no such function.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    text = _Text(source)
    edits = {edit for node in _bodies(tree, function) for edit in _edits(node, text)}
    made = (_made(text, edit, ast.dump(tree)) for edit in sorted(edits))
    return tuple(mutant for mutant in made if mutant)


def functions(source: str) -> tuple[str, ...]:
    """The functions of a file by the names that `mutants` takes, top down: `split`, `Cart.total`.

    Raises:
        SyntaxError, ValueError: it cannot be parsed.
    """
    return tuple(_names(ast.parse(source)))


def _names(tree: ast.AST, above: str = "") -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}.{node.name}".lstrip(".")
            if not isinstance(node, ast.ClassDef):
                yield name
            yield from _names(node, name)


class _Text:
    """A file in bytes, which is how the syntax tree counts columns."""

    def __init__(self, source: str) -> None:
        self.content = source.encode()
        self._starts = [0]
        for line in self.content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def at(self, line: int, column: int) -> int:
        """The offset of a place."""
        return self._starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Where a node begins and ends."""
        return self.at(node.lineno, node.col_offset), self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def between(self, left: ast.expr, right: ast.expr, word: str) -> tuple[int, int] | None:
        """Where a word stands between two nodes."""
        start, end = self.span(left)[1], self.span(right)[0]
        found = self.content.find(word.encode(), start, end)
        return (found, found + len(word)) if found >= 0 else None


def _made(text: _Text, edit: _Edit, before: str) -> Mutant | None:
    old = text.content[edit.start : edit.end].decode(errors="replace")
    content = text.content[: edit.start] + edit.new.encode() + text.content[edit.end :]
    try:
        changed = content.decode()
        if ast.dump(ast.parse(changed)) == before:
            return None
    except (SyntaxError, ValueError):
        return None
    line = text.content.count(b"\n", 0, edit.start) + 1
    column = len(text.content[: edit.start].rpartition(b"\n")[2].decode(errors="replace")) + 1
    return Mutant(line, column, f"{_quoted(old)} became {_quoted(edit.new)}", changed)


def _quoted(text: str) -> str:
    words = " ".join(text.split())
    return repr(words if len(words) <= 40 else f"{words[:39]}…")


def _bodies(tree: ast.AST, wanted: str, above: str = "") -> Iterator[ast.stmt]:
    """The statements of the functions that are wanted; what is inside of them comes with them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = f"{above}.{node.name}".lstrip(".")
            if isinstance(node, ast.ClassDef) or (wanted and wanted not in (name, node.name)):
                yield from _bodies(node, wanted, name)
            else:
                yield from node.body


def _edits(statement: ast.stmt, text: _Text) -> Iterator[_Edit]:
    for node in ast.walk(statement):
        match node:
            case ast.Compare():
                yield from _compared(node, text)
            case ast.BinOp():
                yield from _replaced(text, node.left, node.right, _CALCULATED.get(type(node.op)))
            case ast.BoolOp():
                yield from _replaced(text, node.values[0], node.values[1], _JOINED.get(type(node.op)))
            case ast.Constant():
                yield from _other_value(node, text)
            case ast.UnaryOp(op=ast.Not()):
                yield _Edit(text.span(node)[0], text.span(node.operand)[0], "")
            case ast.If() | ast.While():
                yield _around(text, node.test, "not (", ")")
            case ast.Return(value=ast.expr() as value):
                yield _Edit(*text.span(value), "None")
            case ast.Raise() | ast.AugAssign() | ast.Expr(value=ast.Call()):
                yield _Edit(*text.span(node), "pass")


def _compared(node: ast.Compare, text: _Text) -> Iterator[_Edit]:
    for left, operator, right in zip([node.left, *node.comparators], node.ops, node.comparators, strict=False):
        old, others = _COMPARED.get(type(operator), ("", ()))
        for new in others:
            yield from _replaced(text, left, right, (old, new))


def _replaced(text: _Text, left: ast.expr, right: ast.expr, words: tuple[str, str] | None) -> Iterator[_Edit]:
    if words and (place := text.between(left, right, words[0])):
        yield _Edit(*place, words[1])


def _other_value(node: ast.Constant, text: _Text) -> Iterator[_Edit]:
    if isinstance(node.value, bool):
        yield _Edit(*text.span(node), str(not node.value))
    elif isinstance(node.value, int):
        for value in (node.value + 1, node.value - 1):
            yield _Edit(*text.span(node), str(value) if value >= 0 else f"({value})")


def _around(text: _Text, node: ast.expr, before: str, after: str) -> _Edit:
    start, end = text.span(node)
    return _Edit(start, end, f"{before}{text.content[start:end].decode()}{after}")
