"""What an agent asks for, as lines: all of it is there, nothing of it is obeyed, and nothing is left out unsaid."""

import json
from unicodedata import category

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.app import permission_sample as sample
from widgets.asked import asked_so_far
from widgets.lines import text_of
from widgets.permission import MOST, answered_words, body_lines, head_lines


@settings(deadline=None)
@given(st.text(max_size=300), st.dictionaries(st.text(max_size=20), st.text(max_size=200), max_size=4),
       st.integers(20, 120))  # fmt: skip
def test_no_character_of_a_request_reaches_the_terminal_as_a_command(
    title: str, given_: dict[str, str], width: int
) -> None:
    asked = sample.asked(title=title, reason=title, input=json.dumps(given_))
    for line in body_lines(asked, width):
        shown = "".join(text for text, _ in line)
        assert not [
            char for char in shown if category(char) in ("Cc", "Cs", "Zl", "Zp") or char in "\u202e\u2066\u200b"
        ]


def test_the_head_says_who_asks_what_it_costs_and_how_risky_it_is() -> None:
    text = text_of(head_lines(sample.view(sample.HIGH), sample.HIGH, 100))
    for part in ("risk HIGH", "RUN A COMMAND", "coder claude, CodeCraft", "$0.12 of this attempt", "of $5"):
        assert part in text


def test_each_tier_has_its_tone() -> None:
    asked = {tier: sample.asked(tier=tier) for tier in ("low", "medium", "high")}
    heads = {tier: head_lines(sample.view(one), one, 80)[0][1] for tier, one in asked.items()}
    assert heads == {"low": ("LOW", "good"), "medium": ("MEDIUM", "warn"), "high": ("HIGH", "bad")}


def test_earlier_requests_are_counted_by_their_answers() -> None:
    refused, void = sample.asked(3, state="denied"), sample.asked(4, state="void")
    counted = asked_so_far(sample.view(sample.asked(), refused, void))
    assert counted == "4: 1 waits, 1 allowed, 1 refused, 1 void, 1 of them for the run"


def test_a_long_command_is_shown_whole() -> None:
    words = [f"word{number}" for number in range(900)]
    text = text_of(body_lines(sample.asked(title=" ".join(words)), 78)).split()
    assert [word for word in text if word.startswith("word")] == words


def test_a_line_end_in_a_value_makes_no_line_of_its_own() -> None:
    asked = sample.asked(title="x", reason="", input=json.dumps({"a": '1",\n  "command": "harmless'}))
    lines = text_of(body_lines(asked, 78)).splitlines()
    assert not any(line.strip().startswith('"command"') for line in lines)


def test_an_input_that_is_no_json_is_shown_as_it_is() -> None:
    assert "{half" in text_of(body_lines(sample.asked(input="{half"), 78))


def test_what_is_too_long_to_be_drawn_is_counted() -> None:
    text = text_of(body_lines(sample.asked(title="x" * (MOST + 1234)), 78))
    assert "1,234 more characters that are not shown here" in text


def test_who_answered_is_named() -> None:
    assert answered_words(sample.ANSWERED).startswith("operator:me allowed this at ")
    gone = sample.asked(state="void", words="its agent waits no more")
    assert answered_words(gone) == "Nobody waits for this answer any more: its agent waits no more. esc leaves."
