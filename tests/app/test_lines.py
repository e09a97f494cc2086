"""Lines of the screen: exact widths, and nothing in external text that a terminal obeys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from factory.model.view import RunRow
from tests.app import sample
from widgets.amounts import age, cap, coarse_age, fine_age, money
from widgets.footer import Hint, footer_line
from widgets.goal_line import goal_line
from widgets.lines import bar, clip, fit, fit_path, fit_right, shorten, spread, text_of, width_of, wrap
from widgets.marks import ASCII
from widgets.plain import visible, visible_lines
from widgets.summary import summary_lines

words = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "So")), max_size=60)
widths = st.integers(1, 80)


@given(words, widths)
def test_fitted_text_fills_exactly_its_cells(text: str, width: int) -> None:
    assert cell_len(fit(text, width)) == width
    assert cell_len(fit_right(text, width)) == width


@given(words, widths)
def test_shortened_text_and_paths_never_fill_more(text: str, width: int) -> None:
    assert cell_len(shorten(text, width)) <= width
    assert cell_len(fit_path(text, width)) <= width


@given(words, words, widths)
def test_a_line_of_two_ends_fills_its_width_when_the_right_end_fits(left: str, right: str, width: int) -> None:
    line = spread(((left, ""),), ((right, ""),), width)
    assert width_of(line) == max(width, cell_len(right))


@given(words, st.integers(4, 40))
def test_wrapping_loses_no_word_and_no_line_is_too_wide(text: str, width: int) -> None:
    lines = wrap(text, width, limit=1000)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cell_len(line) <= width for line in lines)


@given(st.lists(st.tuples(words, st.just("")), max_size=5), widths)
def test_a_clipped_line_is_never_wider(parts: list[tuple[str, str]], width: int) -> None:
    assert width_of(clip(tuple(parts), width)) <= width  # type: ignore[arg-type]


@given(st.text(), st.integers(1, 300))
def test_visible_text_holds_nothing_that_a_terminal_obeys(text: str, limit: int) -> None:
    shown = visible(text, limit)
    assert not [char for char in shown if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not set(shown) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u200e\u200f\ufeff")
    shown.encode()


@pytest.mark.parametrize("text", ["\x1b[31mred", "\x1b]8;;http://x\x07y", "\u202etxt.exe", "a\x00b", "\ud800", "a\rb"])
def test_what_is_made_visible_is_still_there_to_see(text: str) -> None:
    shown = visible(text)
    assert len(shown) >= len(text)
    assert shown != text


def test_plain_words_of_every_script_stay_as_they_are() -> None:
    text = "Napravi demo čćž 你好 שלום नमस्ते"
    assert visible(text) == text


def test_a_megabyte_is_cut_with_a_sign() -> None:
    assert visible("x" * 1_000_000, 100) == "x" * 100 + "…"
    lines = visible_lines("x" * 1_000_000, lines=3, limit=100)
    assert lines[-1] == "… 999,700 more characters"


def test_towers_of_accents_do_not_climb_over_other_lines() -> None:
    assert "⟨U+0301⟩" in visible("e" + "\u0301" * 10)


@given(st.sampled_from(sample.ROWS), st.integers(40, 200))
def test_a_goal_fills_its_line_at_every_width(row: RunRow, width: int) -> None:
    assert width_of(goal_line(row, sample.NOW, width)) == width


@pytest.mark.parametrize("width", [76, 78, 120])
def test_the_eight_fields_fit_their_pane(width: int) -> None:
    lines = summary_lines(sample.STATUS, sample.VIEW, sample.ROWS[1], width)
    assert len(lines) == 10
    assert all(width_of(line) <= width for line in lines)


@pytest.mark.parametrize(
    ("micros", "basis", "shown"),
    [(310_000, "reported", "$0.31"), (0, "unpriced", "?"), (200_000, "unpriced", "$0.20+?"),
     (200_000, "estimated", "≈$0.20"), (4_200, "computed", "$0.0042"), (0, "none", "$0.00")],
)  # fmt: skip
def test_money_says_how_well_it_is_known(micros: int, basis: str, shown: str) -> None:
    assert money(micros, basis) == shown


def test_a_cap_without_cents_shows_none() -> None:
    assert (cap(5_000_000), cap(250_000)) == ("$5", "$0.25")


@pytest.mark.parametrize(("seconds", "shown"), [(0.4, "0s"), (59, "59s"), (60, "1m"), (7200, "2h"), (90_000, "1d")])
def test_an_age_has_one_unit(seconds: float, shown: str) -> None:
    assert age(seconds) == shown


def test_the_age_of_a_source_has_tenths_while_it_is_young() -> None:
    assert (fine_age(0.42), fine_age(14.2)) == ("0.4s", "14s")


@given(st.integers(0, 100), st.integers(0, 100), st.integers(1, 40))
def test_a_bar_is_full_only_when_all_is_done(done: int, total: int, width: int) -> None:
    (filled, _), (empty, _) = bar(done, total, width)
    assert len(filled) + len(empty) == width
    assert not filled if done == 0 else filled
    assert empty or done >= total or width == 1


def test_every_mark_has_an_ascii_stand_in_of_one_cell() -> None:
    assert all(int(code) < 128 for code in ASCII.values())


@given(st.lists(st.builds(Hint, words, words, st.booleans()), max_size=30), st.integers(40, 220))
def test_the_footer_shows_few_keys_whole_and_always_how_to_leave(hints: list[Hint], width: int) -> None:
    line = footer_line(hints, width, (Hint("q", "leave"),))
    assert width_of(line) == width
    assert text_of([line]).endswith("q leave ")
    assert sum(tone in ("accent", "warn") for _, tone in line) <= (8 if width < 120 else 14)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "<5s"),
        (4.9, "<5s"),
        (5, "5s"),
        (9.9, "5s"),
        (10, "10s"),
        (29, "20s"),
        (59.9, "50s"),
        (60, "1m"),
        (7200, "2h"),
    ],
)
def test_an_age_in_steps_is_never_more_than_the_truth(seconds: float, shown: str) -> None:
    assert coarse_age(seconds) == shown
