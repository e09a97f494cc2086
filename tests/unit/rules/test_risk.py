"""When a change is dangerous, and when somebody else must check it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.model.run import Risk
from factory.ports.workspace import Diff
from factory.rules.risk import LARGE_DIFF, assess_risk, raised, verifier_needed

HARMLESS = "Change the colour of the menu"


def test_a_small_harmless_change_has_a_low_risk_and_needs_no_verifier() -> None:
    risk = assess_risk(HARMLESS, "M", "frontend")
    assert risk == Risk("low", ())
    assert verifier_needed("M", "frontend", risk) == (False, ())


def test_priority_h_needs_a_verifier() -> None:
    risk = assess_risk(HARMLESS, "H", "frontend")
    assert risk.level == "high"
    assert verifier_needed("H", "frontend", risk) == (True, ("the priority is H",))


@pytest.mark.parametrize(
    ("domain", "needed"), [("backend", True), ("infra", True), ("frontend", False), ("product", False)]
)
def test_backend_and_infra_always_need_a_verifier(domain: str, needed: bool) -> None:
    assert verifier_needed("L", domain, assess_risk(HARMLESS, "L", domain))[0] is needed


def test_priority_and_domain_count_even_where_the_risk_was_judged_without_them() -> None:
    assert verifier_needed("H", "backend", Risk()) == (True, ("the priority is H", "the domain is backend"))


@pytest.mark.parametrize(
    ("goal", "topic"),
    [
        ("Add OAuth2 login", "authentication"),
        ("Show the payments", "payment"),
        ("Dodaj plaćanje karticom", "payment"),
        ("Migrate the notes", "migration"),
        ("Delete old notes", "deletion"),
        ("Obriši stare bilješke", "deletion"),
        ("Hide the secret", "secrets"),
        ("Promijeni lozinku", "secrets"),
        ("Show it in production", "production"),
        ("Ask for permission", "permissions"),
    ],
)
def test_risky_words_are_named(goal: str, topic: str) -> None:
    assert f"the goal speaks of {topic}" in assess_risk(goal, "M", "frontend").reasons


@pytest.mark.parametrize("goal", ["Show the author", "Deleuze page", "Prodigy theme", "Reproduce the picture"])
def test_words_that_only_begin_alike_are_no_risk(goal: str) -> None:
    assert assess_risk(goal, "M", "frontend").level == "low"


@pytest.mark.parametrize(
    "path",
    ["db/migrations/1.py", "src/userPayment.ts", "infra/main.tf", ".github/workflows/ci.yml", "app/.env", "a.SQL"],
)
def test_risky_paths_raise_the_risk(path: str) -> None:
    risk = assess_risk(HARMLESS, "M", "frontend", paths=["menu.css", path])
    assert risk.level == "high"
    assert path in risk.reasons[0]


def test_a_diff_of_400_lines_is_fine_and_of_401_is_not() -> None:
    assert assess_risk(HARMLESS, "M", "frontend", diff_lines=LARGE_DIFF).level == "low"
    assert assess_risk(HARMLESS, "M", "frontend", diff_lines=LARGE_DIFF + 1).level == "high"


def test_the_real_diff_counts_added_and_removed_lines() -> None:
    assert raised(Risk(), Diff("b", "h", ("menu.css",), added=200, removed=201)).level == "high"


risks = st.builds(Risk, st.sampled_from(["low", "high"]), st.lists(st.text(min_size=1), max_size=3).map(tuple))
paths = st.lists(st.sampled_from(["menu.css", "auth.py", "a.sql", "README.md"]) | st.text(min_size=1), max_size=4)


@given(risks, paths, st.integers(0, 1000), st.integers(0, 1000))
def test_the_diff_only_ever_raises_the_risk(risk: Risk, files: list[str], added: int, removed: int) -> None:
    after = raised(risk, Diff("b", "h", tuple(files), added, removed))
    assert (risk.level, after.level) != ("high", "low")
    assert set(risk.reasons) <= set(after.reasons)
    assert verifier_needed("M", "product", after)[0] >= verifier_needed("M", "product", risk)[0]
