"""What every place to look in promises: pages, a LightRAG, a program of the house."""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from adapters.command_lookup import TIMEOUT_S, CommandLookup
from adapters.knowledge.folder_lookup import FolderLookup
from adapters.memory.lightrag_client import LightRagClient
from adapters.memory.lightrag_lookup import LightRagLookup
from factory.errors import Malformed, SourceError, Unreachable
from factory.ports.lookup import Lookup
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import Faults, faulty

TEXTS = {"near": "The rounding of amounts is done by parts", "far": "Amounts are shown in the header"}


@dataclass
class Place:
    """A place that knows both texts, and the way to take it down."""

    lookup: Lookup
    down: Callable[[], object]


def command(source: str, timeout_s: float = 20) -> CommandLookup:
    return CommandLookup([sys.executable, "-c", source], timeout_s)


def house(folder: Path) -> CommandLookup:
    answer = [{"title": name, "text": text, "ref": f"house/{name}", "more": 1} for name, text in TEXTS.items()]
    (folder / "answer.json").write_text(json.dumps(answer))
    found = f"import sys; print(open({str(folder / 'answer.json')!r}).read() if 'zzz' not in sys.argv[-1] else '[]')"
    return command(found)


def rag() -> Place:
    server, faults = FakeLightRag(), Faults()
    for name, text in TEXTS.items():
        server.documents.take(text, f"{name}.md")
    server.documents.settle()
    opened = partial(LightRagClient, "http://m.test", lambda: KEY, transport=faulty(server.answer, faults))
    return Place(LightRagLookup(opened), lambda: faults.set("refuse"))


@pytest.fixture(params=["pages", "lightrag", "command"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param == "lightrag":
        return rag()
    if request.param == "command":
        return Place(house(tmp_path), (tmp_path / "answer.json").unlink)
    root = tmp_path / "knowledge"
    for name, text in TEXTS.items():
        (root / "run_1").mkdir(parents=True, exist_ok=True)
        (root / "run_1" / f"{name}.md").write_text(f"---\nrun: x\n---\n# About {name}\n\n{text}\n")
    return Place(FolderLookup(root), lambda: root.rename(tmp_path / "away"))


def test_what_fits_best_comes_first_and_says_where_it_is(place: Place) -> None:
    found, notice = place.lookup.find("rounding of amounts", 5)
    assert [one.score for one in found] == [1.0, 0.5]
    assert [Path(one.ref).stem for one in found] == ["near", "far"]
    assert TEXTS["near"] in found[0].text
    assert found[0].title
    assert notice == ""
    assert len(place.lookup.find("rounding of amounts", 1)[0]) == 1


def test_nothing_found_is_no_error(place: Place) -> None:
    assert place.lookup.find("zzz", 5) == ([], "")


def test_a_place_that_is_down_says_so(place: Place) -> None:
    place.down()
    with pytest.raises(SourceError) as caught:
        place.lookup.find("rounding", 5)
    assert caught.value.message


def test_pages_are_read_where_they_lie_and_no_link_is_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "knowledge", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text("rounding outside")
    (root / "folder").symlink_to(outside)
    (root / "link.md").symlink_to(outside / "secret.md")
    (root / ".hidden.md").write_text("rounding hidden")
    (root / "notes.txt").write_text("rounding in no page")
    os.mkfifo(root / "pipe.md")
    (root / "page.md").write_bytes(b"rounding \xff of mine")
    found, _ = FolderLookup(root).find("rounding", 9)
    assert [Path(one.ref).name for one in found] == ["page.md"]


def test_only_so_many_pages_are_looked_at_the_newest_first_and_that_is_said(tmp_path: Path) -> None:
    for number in range(5):
        page = tmp_path / f"page-{number}.md"
        page.write_text("rounding")
        os.utime(page, (number, number))
    found, notice = FolderLookup(tmp_path, most_pages=2).find("rounding", 9)
    assert sorted(Path(one.ref).stem for one in found) == ["page-3", "page-4"]
    assert notice == "3 older pages were not looked at."


def test_the_text_is_the_last_argument_and_the_program_has_five_seconds(tmp_path: Path) -> None:
    said = 'import json, sys; print(json.dumps([{"title": sys.argv[-1]}]))'
    assert command(said).find("--all $(date)", 5)[0][0].title == "--all $(date)"
    assert TIMEOUT_S == 5


@pytest.mark.parametrize(
    ("source", "error", "named"),
    [
        ("print('hello')", Malformed, "its output"),
        ("print('{}')", Malformed, "its output"),
        ('print(\'[{"text": "x"}]\')', Malformed, "0.title"),
        ("import sys; sys.exit('not \\x1b[31mtoday')", Malformed, "ended with 1: not ␛[31mtoday"),
        ("import time; time.sleep(60)", Unreachable, "within 1 s"),
    ],
)
def test_a_program_that_answers_with_no_list_is_named(source: str, error: type[SourceError], named: str) -> None:
    with pytest.raises(error) as caught:
        command(source, timeout_s=1 if "sleep" in source else 20).find("x", 5)
    assert named in caught.value.message
    assert "[lookup] command" in caught.value.hint
