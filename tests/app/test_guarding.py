"""The rules of the review card, without a screen: nothing but the whole sequence approves."""

from hypothesis import given
from hypothesis import strategies as st

from cockpit.guarding import ARM_S, CODE_LENGTH, HAND_S, Guard

DIGEST = "3f9a" + "0" * 60
OPEN = Guard(DIGEST, True, frozenset({"A1", "A2"}), 100.0, seen=frozenset({"A1", "A2"}))
hex_digits = st.sampled_from("0123456789abcdef")


def typed(guard: Guard, text: str) -> Guard:
    """The guard after these characters."""
    for char in text:
        guard = guard.type(char)
    return guard


def test_the_code_of_the_package_approves() -> None:
    assert typed(OPEN, DIGEST[:CODE_LENGTH]).approves


def test_upper_case_is_the_same_code() -> None:
    assert typed(OPEN, "3F9A").approves


@given(st.text(hex_digits, min_size=0, max_size=8))
def test_no_other_code_approves(text: str) -> None:
    assert typed(OPEN, text).approves == (text == DIGEST[:CODE_LENGTH])


def test_a_whole_digest_is_no_code() -> None:
    assert not typed(OPEN, DIGEST).approves


@given(st.text())
def test_anything_but_hex_digits_types_nothing(text: str) -> None:
    letters = "".join(char for char in text if char.lower() not in "0123456789abcdef")
    assert typed(OPEN, letters) == OPEN


@given(st.sets(st.sampled_from(["A1", "A2"]), max_size=1))
def test_the_code_stays_shut_until_every_required_claim_was_on_screen(seen: set[str]) -> None:
    guard = Guard(DIGEST, True, frozenset({"A1", "A2"}), 100.0).saw(seen)
    assert not guard.code_is_open
    assert typed(guard, "3f9a").typed == ""
    assert guard.saw({"A1", "A2"}).code_is_open


def test_the_code_stays_shut_when_the_evidence_is_not_sufficient() -> None:
    guard = Guard(DIGEST, False, frozenset(), 100.0)
    assert not typed(guard, "3f9a").approves


def test_a_closed_card_forgets_the_code_and_never_opens_again() -> None:
    guard = typed(OPEN, "3f9a").closed("changed")
    assert not guard.approves
    assert not typed(guard, "3f9a").approves
    assert not guard.undecided().code_is_open


def test_a_decision_on_its_way_cannot_be_sent_twice() -> None:
    guard = typed(OPEN, "3f9a").deciding()
    assert not guard.approves
    assert not typed(guard, "3f9a").approves


@given(st.floats(0, 200, allow_nan=False))
def test_input_counts_only_from_400_ms_on(pressed_at: float) -> None:
    assert OPEN.accepts(pressed_at) == (pressed_at >= 100.0 + ARM_S)


@given(st.floats(0, 200, allow_nan=False))
def test_enter_counts_only_from_150_ms_after_the_key_before_it(pressed_at: float) -> None:
    assert OPEN.is_by_hand(pressed_at), "nothing was pressed before"
    assert OPEN.pressed(100.0).is_by_hand(pressed_at) == (pressed_at >= 100.0 + HAND_S)


def test_erasing_takes_the_last_characters() -> None:
    assert typed(OPEN, "3f9").erase().typed == "3f"
    assert OPEN.erase() == OPEN
