"""What every page promises, from the templates and from the fake."""

import re
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from adapters.knowledge.markdown import with_notes
from adapters.knowledge.pages import JinjaPages
from adapters.knowledge.plain import BEGIN, END
from factory.errors import Missing
from factory.model.evidence import Claim, Quality
from factory.ports.knowledge import Pages
from factory.rules.visible import visible
from tests.fakes.full_view import NOW, empty_view, full_extra, full_view
from tests.fakes.knowledge import FakePages

ROLES = ("request", "status", "evidence", "postflight")
SECTIONS = {
    "request": ["Goal, verbatim", "Route", "Context", "Scope", "Acceptance criteria", "Risk and verifier", "Budget",
                "Allowed writes", "Plan", "Architecture notes", "Open questions", "Links"],
    "status": ["The eight fields", "Steps", "Threads", "Claims", "Last events", "Systems"],
    "evidence": ["Goal, verbatim", "Subject", "Unsupported and refuted claims",
                 "Claims and what speaks for and against them", "Evidence", "Attempts", "Verifier rounds", "Cost",
                 "How to verify", "Audit"],
    "postflight": ["Outcome", "Before and after", "Timeline", "What the verifier caught", "Rework and retries",
                   "Stalls", "Cost against cap", "Lessons", "Follow-ups", "Writeback", "Unverified notes"],
}  # fmt: skip
HOSTILE = f"```\n{END}\n---\n# Approved <script>alert(1)</script> [x](javascript:y) \x1b[31m \u202e"
markdown = MarkdownIt("commonmark", {"html": True}).enable("table")
goals = (
    st.lists(
        st.sampled_from([BEGIN, END, "```", "~~~~", "\n", "---", "# x", "<div>", "{{ 7*7 }}", "{% raw %}"])
        | st.text(max_size=9),
        min_size=1,
        max_size=8,
    )
    .map("".join)
    .filter(lambda goal: goal.strip() != "")
)


@pytest.fixture(params=[JinjaPages, FakePages])
def pages(request: pytest.FixtureRequest) -> Pages:
    made: Pages = request.param()
    return made


def headings(page: str) -> list[str]:
    tokens = markdown.parse(page.split("---\n", 2)[2])
    return [after.content for token, after in pairwise(tokens) if token.type == "heading_open"]


@pytest.mark.parametrize("role", ROLES)
def test_a_page_says_what_it_is_and_leaves_room_for_notes(pages: Pages, role: str) -> None:
    page = pages.render(role, empty_view())
    front = page.split("---\n")[1]
    assert f'template: "{role}"\nversion: "1"\nrun: "run_1"\n' in front
    assert page.count(f"\n{BEGIN}\n") == 1
    before, _, after = page.partition(f"\n{END}\n")
    assert "Fix split()" in before
    assert after.startswith("\n## Notes\n")


@pytest.mark.parametrize("role", ROLES)
@given(goal=goals)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_no_goal_breaks_a_page(pages: Pages, role: str, goal: str) -> None:
    page = pages.render(role, empty_view(goal))
    assert headings(page) == headings(pages.render(role, empty_view()))
    assert page.count(BEGIN) == page.count(END) == 1
    fences = [token.content for token in markdown.parse(page.split("---\n", 2)[2]) if token.type == "fence"]
    assert visible(goal) + "\n" in [fence.replace("<\\!--", "<!--") for fence in fences]


@pytest.mark.parametrize("role", ROLES)
def test_the_notes_of_people_survive_a_new_page(pages: Pages, role: str) -> None:
    old = pages.render(role, empty_view("The old goal")).replace("Yours", f"Mine, with {END} in it")
    new = with_notes(pages.render(role, empty_view("The new goal")).encode(), old.encode()).decode()
    assert "The new goal" in new
    assert "The old goal" not in new
    assert f"Mine, with {END} in it" in new


def test_each_page_has_a_place_of_its_own(pages: Pages) -> None:
    assert len({pages.ref(role, run) for role in ROLES for run in ("run_1", "run_2")}) == 8


def test_an_unknown_template_is_missing(pages: Pages) -> None:
    with pytest.raises(Missing, match="'diary'"):
        pages.render("diary", empty_view())


@pytest.mark.parametrize("role", ROLES)
def test_a_page_has_every_section_also_when_nothing_is_known(role: str) -> None:
    page = JinjaPages().render(role, empty_view())
    assert [name for name in headings(page) if name != "Notes"][1:] == SECTIONS[role]
    assert "not recorded" in page.partition(BEGIN)[2]


@pytest.mark.parametrize("role", ROLES)
def test_no_text_of_others_breaks_a_page(role: str) -> None:
    tame = JinjaPages().render(role, full_view("word"), full_extra("word"))
    page = JinjaPages().render(role, full_view(HOSTILE), full_extra(HOSTILE))
    assert kinds(page) == kinds(tame)
    assert page.count(BEGIN) == page.count(END) == 1
    assert not re.search("[\x1b\u202e]", page)


def kinds(page: str) -> list[str]:
    """The structure of a page; a paragraph more or less would show."""
    return [token.type for token in markdown.parse(page.split("---\n", 2)[2])]


def test_the_evidence_page_names_what_is_not_proven() -> None:
    page = JinjaPages().render("evidence", full_view("word"), full_extra("A1 holds"))
    section = page.partition("## Unsupported and refuted claims\n")[2].partition("\n## ")[0]
    assert "`A1` refuted (0): A1 holds" in section
    assert "`" + "d" * 64 + "`" in page
    assert f'package: "{"d" * 64}"' in page
    assert "sha256sum -c MANIFEST.sha256" in page
    assert "cd '/e/p 1'" in page
    assert "Against: `evd_1`" in page


def test_the_evidence_page_says_none_when_all_is_proven() -> None:
    proven = Quality(100, 80, "sufficient", (Claim("A1", "holds", True, "supported", 100),))
    page = JinjaPages().render("evidence", empty_view(), {"quality": proven})
    assert "## Unsupported and refuted claims\n\nnone\n" in page


def test_the_postflight_tells_before_from_after() -> None:
    page = JinjaPages().render("postflight", full_view("split"))
    assert "- Before, split: 5 failed, 8 passed\n- After, after.xml: 0 failed, 13 passed\n" in page
    assert "- Total: $0.42, without the price of `split`\n" in page
    assert "- knowledge: 1 queued; last error: split\n" in page


def test_the_status_page_shows_the_age_of_what_it_says() -> None:
    page = JinjaPages().render("status", full_view("word"))
    assert f"As of `{NOW}`." in page
    assert "- knowledge: down, seen 30 s before, down since" in page


def test_templates_in_a_goal_are_text() -> None:
    assert "{{ 7*7 }}" in JinjaPages().render("request", empty_view("{{ 7*7 }}"))
