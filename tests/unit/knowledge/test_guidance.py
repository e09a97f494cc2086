"""Guidance from memory is marked, quoted and small; its template warns of it."""

from hypothesis import given
from hypothesis import strategies as st

from factory.ports.knowledge import Hint
from factory.rules.guidance import MAX_CHARS, MAX_HINT_CHARS, MAX_HINTS, guidance

hints = st.builds(Hint, ref=st.text(max_size=400), text=st.text(max_size=2 * MAX_HINT_CHARS))


def test_guidance_says_where_it_is_from() -> None:
    block = guidance([Hint("memory://lesson-1", "Check (10, 4).\nIt breaks the cents.")])
    assert block == "From memory://lesson-1:\n> Check (10, 4).\n> It breaks the cents."


def test_no_hints_give_no_block() -> None:
    assert guidance([]) == ""


@given(st.lists(hints, max_size=20))
def test_guidance_stays_small_whatever_memory_holds(found: list[Hint]) -> None:
    assert len(guidance(found)) <= MAX_CHARS + 200


@given(st.lists(hints, min_size=1, max_size=8))
def test_no_line_of_a_hint_can_pass_for_ours(found: list[Hint]) -> None:
    assert all(line.startswith((">", "From ", "(")) for line in guidance(found).splitlines())


def test_the_best_hints_stay_and_the_rest_is_counted() -> None:
    found = [Hint(f"memory://{number}", "x" * MAX_HINT_CHARS) for number in range(9)]
    block = guidance(found)
    shown = [number for number in range(9) if f"memory://{number}:" in block]
    assert shown == list(range(len(shown)))
    assert 0 < len(shown) <= MAX_HINTS
    assert f"({9 - len(shown)} more left out.)" in block
