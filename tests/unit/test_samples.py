"""Samples: each state is a copy, and no repository tells of another state."""

import json
import subprocess
from pathlib import Path

import pytest

from adapters.workspace.samples import FolderSamples
from factory.errors import Malformed, Missing
from factory.rules.known_patches import Patch, Variant

RIGHT = Variant("right")
WRONG = Variant("wrong", {"src/a.py": "wrong\n"})
OTHER = Variant("other", {"b.py": "other\n"})


@pytest.fixture
def samples(tmp_path: Path) -> FolderSamples:
    right = tmp_path / "right"
    (right / "src").mkdir(parents=True)
    (right / "src" / "a.py").write_text("right\n")
    (right / "b.py").write_text("right\n")
    (right / "kept.log").write_text("tracked although it is ignored\n")
    (right / ".gitignore").write_text("*.log\n")
    (right / "data.bin").write_bytes(b"\xff\xfe")
    return FolderSamples(tmp_path / "samples", right, "begin")


def test_a_copy_is_in_the_state_that_is_asked_for_and_fresh(samples: FolderSamples) -> None:
    place = samples.copy("state", WRONG)
    assert (place / "src" / "a.py").read_text() == "wrong\n"
    (place / "litter").touch()
    again = samples.copy("state", OTHER)
    assert again == place
    assert (again / "src" / "a.py").read_text() == "right\n"
    assert (again / "b.py").read_text() == "other\n"
    assert not (again / "litter").exists()


def test_a_repository_has_one_commit_with_everything_and_nothing_of_the_result(samples: FolderSamples) -> None:
    place = samples.repository(Patch(1, "good", WRONG, RIGHT))

    def git(*words: str) -> str:
        return subprocess.run(["git", *words], cwd=place, capture_output=True, text=True, check=True).stdout

    assert git("rev-list", "--all", "--count").strip() == "1"
    assert git("show", "HEAD:src/a.py") == "wrong\n"
    assert git("show", "HEAD:kept.log") == "tracked although it is ignored\n"
    assert git("status", "--porcelain") == ""
    assert not [path for path in place.rglob("*.py") if path.read_text() == "right\n" and path.name == "a.py"]


def test_a_coder_writes_exactly_the_files_in_which_the_states_differ(samples: FolderSamples) -> None:
    kind, _, file = samples.coder(Patch(2, "bad", WRONG, OTHER)).partition(":")
    actions = json.loads(Path(file).read_text())["turns"][0]["actions"]
    written = {action["write"]: action["text"] for action in actions if "write" in action}
    assert kind == "scripted"
    assert written == {"src/a.py": "right\n", "b.py": "other\n"}


def test_a_file_that_is_not_there_or_no_text_is_said(samples: FolderSamples) -> None:
    with pytest.raises(Missing, match=r"no file c\.py"):
        samples.read("c.py")
    with pytest.raises(Malformed, match=r"data\.bin is not UTF-8"):
        samples.read("data.bin")
