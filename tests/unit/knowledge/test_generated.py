"""The generated block of a wiki page, and what is around it."""

from hypothesis import given
from hypothesis import strategies as st

from adapters.knowledge.generated import digest, fresh, split
from adapters.knowledge.plain import BEGIN, END

lines = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=40)
around = st.text(st.characters(codec="utf-8"), max_size=40).filter(lambda text: "<!--" not in text)


@given(body=lines.filter(lambda text: "<!--" not in text), before=around, after=around)
def test_a_block_is_found_wherever_it_stands_and_nothing_else_is_touched(body: str, before: str, after: str) -> None:
    block, _ = fresh(body)
    page = f"{before}\n{block}\n{after}"
    assert split(page) == (f"{before}\n", block, f"\n{after}")
    browser = page.replace("\r\n", "\n").replace("\n", "\r\n")
    found = split(browser)
    assert found is not None
    assert digest(found[1]) == digest(block)


def test_front_matter_becomes_code_in_the_block_and_cannot_end_it() -> None:
    block, notes = fresh(f'---\nrun: "a```b"\n---\n{BEGIN}\n# Status\n{END}\n\n## Notes\n')
    assert block == f'{BEGIN}\n````yaml\nrun: "a```b"\n````\n\n# Status\n{END}'
    assert notes == "\n\n## Notes\n"


def test_a_page_without_one_of_the_markers_has_no_block() -> None:
    for page in ("", "text", BEGIN, END, f"{END}\n{BEGIN}", f"see {BEGIN}\n{END}", f"{BEGIN}\n{END} said"):
        assert split(page) is None


def test_a_marker_that_people_quote_below_the_block_is_theirs() -> None:
    assert split(f"{BEGIN}\na\n{END}\nb\n{END}") == ("", f"{BEGIN}\na\n{END}", f"\nb\n{END}")
