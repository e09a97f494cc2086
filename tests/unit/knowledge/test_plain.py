"""Values on a page are text: no markup, no HTML, no marker of ours."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.knowledge.plain import BEGIN, END, MAX_CHARS, code, codes, fenced, plain, quoted, shell, usd
from factory.rules.visible import one_line, visible

spice = st.sampled_from(
    [BEGIN, END, "<!--", "-->", "```", "`", "~~~", "<b>", "](x)", "**", "# ", "\n", "1. ", "&lt;", "|"]
)
texts = (
    st.lists(spice | st.text(max_size=8), min_size=1, max_size=8).map("".join).filter(lambda text: text.strip() != "")
)
markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


@given(texts)
def test_a_plain_value_reads_as_itself(text: str) -> None:
    (opened, inline, closed) = markdown.parse(f"value {plain(text)}")
    assert (opened.type, closed.type) == ("paragraph_open", "paragraph_close")
    children = inline.children or []
    assert {child.type for child in children} <= {"text"}
    assert "".join(child.content for child in children).split() == ["value", *one_line(text).split()]


@given(texts)
def test_a_plain_value_at_the_start_of_an_item_opens_nothing(text: str) -> None:
    kinds = {token.type for token in markdown.parse(f"- {plain(text.strip())}")}
    assert kinds <= {"bullet_list_open", "list_item_open", "paragraph_open", "inline", "paragraph_close",
                     "list_item_close", "bullet_list_close"}  # fmt: skip


@given(texts)
def test_a_code_value_is_one_code_span(text: str) -> None:
    (_, inline, _) = markdown.parse(f"x {code(text)}")
    kinds = [child.type for child in inline.children or []]
    assert kinds == ["text", "code_inline"]


@given(texts)
def test_a_fenced_text_cannot_leave_its_fence(text: str) -> None:
    tokens = markdown.parse(f"before\n\n{fenced(text)}\n\nafter")
    assert [token.type for token in tokens if token.type not in ("paragraph_open", "paragraph_close")] == [
        "inline", "fence", "inline",
    ]  # fmt: skip
    (fence,) = [token for token in tokens if token.type == "fence"]
    assert fence.content.replace("<\\!--", "<!--") == visible(text).replace("<\\!--", "<!--") + "\n"


@given(texts)
def test_no_value_contains_a_marker(text: str) -> None:
    for made in (plain(text), code(text), fenced(text)):
        assert BEGIN not in made
        assert END not in made


@pytest.mark.parametrize("nothing", [None, ""])
def test_a_missing_value_says_so(nothing: object) -> None:
    assert {plain(nothing), code(nothing), fenced(nothing), usd(nothing), shell(nothing)} == {"not recorded"}
    assert codes(None) == "not recorded"
    assert codes([]) == "none"
    assert quoted(nothing) == '"not recorded"'


def test_nothing_and_zero_are_not_the_same() -> None:
    assert plain(0) == "0"
    assert plain(False) == "no"
    assert usd(0) == "$0.00"


def test_a_goal_stays_readable_to_the_letter() -> None:
    assert fenced("Popravi plaćanje:\n\tkorak 1") == "```text\nPopravi plaćanje:\n\tkorak 1\n```"


def test_what_is_too_long_is_cut_and_counted() -> None:
    assert plain("x" * (MAX_CHARS + 7)).endswith("… (7 more characters)")


def test_a_command_can_be_pasted() -> None:
    assert shell(("python", "-c", "print('a b')")) == """`python -c 'print('"'"'a b'"'"')'`"""


def test_front_matter_stays_one_line() -> None:
    assert quoted('a"b\\\n---') == '"a\\"b\\\\⏎---"'
