"""Which version a program is: asked once, and again when it was replaced."""

import json
from pathlib import Path

import pytest

from adapters.agents import versions
from adapters.agents.versions import Version, Versions, compared


def script(folder: Path, text: str, name: str = "tool") -> Path:
    """A program that notes each call, then does this."""
    file = folder / name
    file.unlink(missing_ok=True)
    file.write_text(f"#!/bin/sh\necho x >> {folder}/{name}.calls\n{text}\n")
    file.chmod(0o700)
    return file


def asking(folder: Path) -> Versions:
    return Versions(folder / "versions.json", folder / "home")


def calls(folder: Path) -> int:
    return len((folder / "tool.calls").read_text().splitlines())


def of(folder: Path, program: Path) -> Version:
    return asking(folder).of(program, "/usr/bin:/bin")


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ("2.1.330 (Claude Code)", "2.1.330"),
        ("codex-cli 0.169.0", "0.169.0"),
        ("v24.1.0", "24.1.0"),
        ("1.2.3-beta.4", "1.2.3-beta.4"),
    ],
)
def test_the_version_is_found_in_what_a_program_says(said: str, version: str, tmp_path: Path) -> None:
    assert of(tmp_path, script(tmp_path, f"echo '{said}'")) == Version(version)


def test_a_program_is_asked_once_and_again_when_it_is_another_one(tmp_path: Path) -> None:
    program = script(tmp_path, "echo 1.0.0")
    link = tmp_path / "link"
    link.symlink_to(program)
    assert [of(tmp_path, place).text for place in (program, link, program)] == ["1.0.0"] * 3
    assert calls(tmp_path) == 1, "the file remembers, not the process"
    script(tmp_path, "echo 2.0.0")
    assert of(tmp_path, program).text == "2.0.0"
    assert len(json.loads((tmp_path / "versions.json").read_text())) == 1, "what is gone is forgotten"


def test_one_that_hangs_is_ended_and_not_asked_twice_by_one_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "ANSWER_S", 0.2)
    program, known = script(tmp_path, "sleep 600 & wait"), asking(tmp_path)
    found = [known.of(program, "/usr/bin:/bin") for _ in range(2)]
    assert found[0] == found[1]
    assert (found[0].text, found[0].is_broken) == ("", False)
    assert "within 0.2 s" in found[0].problem
    assert calls(tmp_path) == 1


def test_one_that_ends_with_an_error_is_broken_and_quoted(tmp_path: Path) -> None:
    found = of(tmp_path, script(tmp_path, "printf 'a\\nno \\033[31mbinary\\n' >&2; exit 1"))
    assert found.is_broken
    assert found.problem == "cannot say its version (exit 1): no ␛[31mbinary"


def test_a_program_sees_neither_our_home_nor_our_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    found = of(tmp_path, script(tmp_path, 'test -z "$ANTHROPIC_API_KEY" && test "$HOME" = ' + f"{tmp_path}/home/home"))
    assert not found.is_broken


def test_a_memory_that_cannot_be_read_or_written_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / "versions.json").mkdir()
    assert of(tmp_path, script(tmp_path, "echo 1.0.0")).text == "1.0.0"


def test_a_program_that_is_gone_has_no_version(tmp_path: Path) -> None:
    assert of(tmp_path, tmp_path / "nowhere") == Version(problem="cannot be found")


@pytest.mark.parametrize(
    ("version", "tested", "standing"),
    [
        ("2.1.330", "2.1.330", "tested"), ("2.1.331", "2.1.330", "newer"), ("2.2", "2.1.330", "newer"),
        ("2.1.99", "2.1.330", "older"), ("10.0.0", "9.9.9", "newer"), ("", "1.0", ""), ("1.0", "", ""),
    ],
)  # fmt: skip
def test_versions_compare_as_numbers(version: str, tested: str, standing: str) -> None:
    assert compared(version, tested) == standing
