"""Mutants: small mistakes, each in one place, in code that can still be read."""

import ast
from difflib import SequenceMatcher

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.rules.mutants import functions, mutants

SPLIT = '''"""Splits an amount of money."""

LIMIT = 3


def split(total_cents, ways):
    """Split it, ça va."""
    if ways < 1 and not total_cents == 0:  # nobody < there
        raise ValueError("ways must be at least 1")
    share, rest = divmod(total_cents, ways)
    return [share + 1] * rest + [share] * (ways - rest)


class Cart:
    limit = 5

    def total(self, lines):
        found = 0
        for line in lines:
            found += line
        self.note(found)
        return found
'''
NAMES = st.sampled_from(["a", "b", "total"])
WORDS = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "<=", ">", ">=", "==", "!=", "in", "and", "or"])
SUMS = st.recursive(
    st.one_of(NAMES, st.integers(0, 99).map(str), st.sampled_from(["True", "False"])),
    lambda parts: st.one_of(
        st.tuples(parts, WORDS, parts).map(lambda three: f"({' '.join(three)})"),
        parts.map(lambda part: f"(not {part})"),
    ),
    max_leaves=8,
)


def changes(source: str, function: str = "") -> list[str]:
    return [mutant.change for mutant in mutants(source, function)]


def test_functions_are_named_as_they_are_asked_for() -> None:
    assert functions(SPLIT) == ("split", "Cart.total")
    assert functions("class A:\n    async def b(self):\n        def c(): pass\nx = 1\n") == ("A.b", "A.b.c")
    assert all(mutants(SPLIT, name) for name in functions(SPLIT))
    with pytest.raises(SyntaxError):
        functions("def (")


def test_the_classical_mistakes_are_made() -> None:
    found = changes(SPLIT, "split")
    for old, new in (
        ("<", "<="), ("<", ">"), ("and", "or"), ("==", "!="), ("+", "-"), ("*", "+"), ("-", "+"), ("1", "2"),
        ("1", "0"), ("0", "(-1)"), ("not", ""),
    ):  # fmt: skip
        assert f"{old!r} became {new!r}" in found
    assert any(change.startswith("'raise ValueError(") and change.endswith("became 'pass'") for change in found)
    assert any(change.endswith("became 'None'") for change in found)
    assert any("became 'not (ways < 1 and not" in change for change in found)


def test_only_the_function_that_is_named_is_touched() -> None:
    lines = {mutant.line for mutant in mutants(SPLIT, "split")}
    assert lines <= set(range(8, 12))
    assert {mutant.line for mutant in mutants(SPLIT, "Cart.total")} <= set(range(18, 24))
    assert mutants(SPLIT, "nobody") == ()
    outside = {3, 7, 15}
    assert not {mutant.line for mutant in mutants(SPLIT)} & outside


def test_a_comment_is_never_what_changes() -> None:
    assert all("# nobody < there" in mutant.text for mutant in mutants(SPLIT))


@pytest.mark.parametrize("source", ["def f(:", "\0", "", "x = 1 < 2\n"])
def test_what_cannot_be_mutated_has_no_mutants(source: str) -> None:
    assert mutants(source) == ()


@given(st.lists(SUMS, min_size=1, max_size=4), st.booleans())
def test_each_mutant_is_another_program_in_one_place(sums: list[str], is_short: bool) -> None:
    body = "\n".join(f"    x = {line}  # é" for line in sums)
    source = f"def f(a, b, total):\n{body}\n    return {sums[0]}\n"
    found = mutants(source)
    assert found == mutants(source)
    assert len({mutant.text for mutant in found}) == len(found)
    for mutant in found:
        assert ast.dump(ast.parse(mutant.text)) != ast.dump(ast.parse(source))
        blocks = SequenceMatcher(None, source.splitlines(), mutant.text.splitlines(), autojunk=False).get_opcodes()
        assert [block[0] for block in blocks if block[0] != "equal"] == ["replace"]
        assert mutant.text.splitlines()[mutant.line - 1] != source.splitlines()[mutant.line - 1]


def test_two_of_one_line_are_told_apart_by_their_column() -> None:
    found = [(one.line, one.column, one.change) for one in mutants(SPLIT, "split")]
    assert len(set(found)) == len(found)
    assert [one for one in found if one[2] == "'+' became '-'"] == [
        (11, 19, "'+' became '-'"),
        (11, 31, "'+' became '-'"),
    ]
    assert (
        next(one.column for one in mutants("def f(č, x):\n    'ž'; return 'ž' + x\n", "f") if "'+'" in one.change) == 21
    )
