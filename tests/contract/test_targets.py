"""What the outbox may expect of every target, real or fake."""

import json
import os
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.knowledge.markdown import MarkdownFolder
from adapters.knowledge.plain import BEGIN, END
from adapters.memory.fts import FtsMemory
from adapters.memory.lightrag import LightRagTarget
from adapters.memory.lightrag_client import LightRagClient
from factory.errors import Refused, Unreachable
from factory.model.outbox import OutboxItem
from factory.ports.knowledge import Target
from tests.contract.bookstack_rig import Wiki
from tests.fakes.knowledge import FakeMemory, FakeTarget
from tests.support.fake_lightrag import KEY, FakeLightRag
from tests.support.faults import Faults, faulty

NOTES = "\n\n## Notes\n\nYours.\n"


@dataclass
class Place:
    """A target, an operation that it knows, and the way to take it down and up again."""

    target: Target
    op: str
    down: Callable[[], None]
    up: Callable[[], None]
    settle: Callable[[], None] = lambda: None
    """Let what was accepted arrive."""
    is_at_once: bool = True


def page(body: str) -> str:
    return f"---\nrun: x\n---\n{BEGIN}\n{body}\n{END}{NOTES}"


def item(op: str, name: str, text: str, **changes: str) -> OutboxItem:
    payload = {"ref": name, "id": name, "title": "", "text": text, "run": "run_1", "kind": "lesson"}
    made = OutboxItem(
        id=f"out_{name}",
        run="run_1",
        target="knowledge",
        op=op,
        dedupe_key=f"{name}:{text}",
        payload=json.dumps(payload),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture(params=["markdown", "fts", "lightrag", "fake knowledge", "fake memory", "bookstack"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    root, away = tmp_path / "knowledge", tmp_path / "away"
    root.mkdir()
    if request.param == "markdown":
        return Place(MarkdownFolder(root), "page", lambda: _swap(root, away), lambda: _swap_back(root, away))
    if request.param == "fts":
        memory = FtsMemory(root / "memory.db")
        return Place(memory, "remember", lambda: _swap(root, away), lambda: _swap_back(root, away))
    if request.param == "lightrag":
        return _lightrag()
    if request.param == "fake memory":
        fake_memory = FakeMemory()
        return Place(
            fake_memory,
            "remember",
            lambda: setattr(fake_memory, "is_down", True),
            lambda: setattr(fake_memory, "is_down", False),
        )
    if request.param == "bookstack":
        wiki = Wiki()
        return Place(wiki.target, "page", lambda: wiki.faults.set("refuse"), wiki.faults.clear)
    fake = FakeTarget()
    return Place(fake, "page", lambda: setattr(fake, "mood", "down"), lambda: setattr(fake, "mood", "up"))


def _lightrag() -> Place:
    server, faults = FakeLightRag(), Faults()
    client = LightRagClient("http://memory.test", lambda: KEY, transport=faulty(server.answer, faults))
    target = LightRagTarget(client, "shop")
    return Place(target, "remember", lambda: faults.set("refuse"), faults.clear, server.documents.settle, False)


def _swap(root: Path, away: Path) -> None:
    """A file in the place of the folder: what a vanished mount may look like, and root cannot write into it either."""
    root.rename(away)
    root.write_text("")


def _swap_back(root: Path, away: Path) -> None:
    root.unlink()
    away.rename(root)


def sent(place: Place, made: OutboxItem) -> OutboxItem:
    """The item as the outbox has it once it was delivered."""
    outcome, ref = place.target.deliver(made)[:2]
    assert outcome == ("delivered" if place.is_at_once else "accepted")
    assert ref
    place.settle()
    return replace(made, remote_ref=ref)


def test_a_delivered_item_says_where_it_is(place: Place) -> None:
    assert place.target.confirm(sent(place, item(place.op, "run_1", "text")))


def test_the_same_item_again_is_the_same(place: Place) -> None:
    made = item(place.op, "run_1", "text")
    first, again = sent(place, made), sent(place, made)
    assert first.remote_ref.partition("#")[0] == again.remote_ref.partition("#")[0]
    assert place.target.confirm(first)
    assert place.target.confirm(again)


def test_a_target_that_is_down_is_unreachable_and_comes_back(place: Place) -> None:
    made = sent(place, item(place.op, "run_1", "text"))
    place.down()
    with pytest.raises(Unreachable):
        place.target.deliver(item(place.op, "run_2", "more"))
    with pytest.raises(Unreachable):
        place.target.confirm(made)
    place.up()
    assert place.target.confirm(made)
    assert place.target.confirm(sent(place, item(place.op, "run_2", "more")))


def test_what_never_arrived_is_refused_at_the_confirmation(place: Place) -> None:
    with pytest.raises(Refused):
        place.target.confirm(item(place.op, "nobody", "text"))


def test_an_unknown_operation_is_refused(place: Place) -> None:
    with pytest.raises(Refused):
        place.target.deliver(item("dance", "run_1", "text"))


@pytest.mark.parametrize("payload", ["", "[]", "{}", '{"ref": 1, "id": 2, "text": 3}', "null"])
def test_a_payload_of_another_form_is_refused(tmp_path: Path, payload: str) -> None:
    wiki = Wiki()
    folder, memory = MarkdownFolder(tmp_path), FtsMemory(tmp_path / "memory.db")
    rag = _lightrag().target
    for target, op in ((folder, "page"), (memory, "remember"), (wiki.target, "page"), (rag, "remember")):
        with pytest.raises(Refused):
            target.deliver(item(op, "run_1", "text", payload=payload))
    assert (list(tmp_path.iterdir()), wiki.server.asked) == ([], [])


def test_a_page_is_a_private_file_with_the_text(tmp_path: Path) -> None:
    _, ref = MarkdownFolder(tmp_path).deliver(item("page", "run_1/request", page("hello")))
    assert ref == str(tmp_path / "run_1" / "request.md")
    assert Path(ref).read_text() == page("hello")
    assert Path(ref).stat().st_mode & 0o777 == 0o600
    assert Path(ref).parent.stat().st_mode & 0o777 == 0o700
    assert [file.name for file in Path(ref).parent.iterdir()] == ["request.md"]


def test_the_same_page_again_does_not_touch_the_file(tmp_path: Path) -> None:
    target, made = MarkdownFolder(tmp_path), item("page", "run_1/request", page("hello"))
    _, ref = target.deliver(made)
    before = Path(ref).stat()
    target.deliver(made)
    assert (Path(ref).stat().st_ino, Path(ref).stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_notes_survive_and_the_rest_is_new(tmp_path: Path) -> None:
    target = MarkdownFolder(tmp_path)
    _, ref = target.deliver(item("page", "run_1/request", page("old")))
    Path(ref).write_bytes(Path(ref).read_bytes() + b"Mine: \xff\n" + END.encode() + b"\nmore\n")
    target.deliver(item("page", "run_1/request", page("new")))
    expected = page("new").encode() + b"Mine: \xff\n" + END.encode() + b"\nmore\n"
    assert Path(ref).read_bytes() == expected


def test_a_page_without_its_marker_is_kept_as_notes(tmp_path: Path) -> None:
    place = tmp_path / "run_1.md"
    place.write_text("All mine.\n")
    target = MarkdownFolder(tmp_path)
    target.deliver(item("page", "run_1", page("new")))
    target.deliver(item("page", "run_1", page("newer")))
    assert place.read_text() == f"---\nrun: x\n---\n{BEGIN}\nnewer\n{END}\n\n## Notes\n\nAll mine.\n"


@pytest.mark.parametrize(
    "ref",
    ["../out", "a/../../out", "/etc/out", "", "a//b", ".hidden", "a/.b", "a\0b", "a\nb", "x" * 300, "a/" * 9 + "b"],
)
def test_a_reference_that_leads_out_is_refused(tmp_path: Path, ref: str) -> None:
    root = tmp_path / "knowledge"
    root.mkdir()
    with pytest.raises(Refused) as caught:
        MarkdownFolder(root).deliver(item("page", ref, page("x")))
    assert caught.value.code in ("bad_ref", "malformed")
    assert list(root.iterdir()) == []
    assert list(tmp_path.iterdir()) == [root]


def test_no_link_is_followed_out_of_the_folder(tmp_path: Path) -> None:
    root, outside = tmp_path / "knowledge", tmp_path / "outside"
    root.mkdir()
    outside.mkdir()
    (outside / "page.md").write_text("theirs")
    (root / "folder").symlink_to(outside)
    (root / "page.md").symlink_to(outside / "page.md")
    for ref in ("folder/page", "folder/other", "page"):
        with pytest.raises(Refused) as caught:
            MarkdownFolder(root).deliver(item("page", ref, page("x")))
        assert caught.value.code == "bad_ref"
    assert [(file.name, file.read_text()) for file in outside.iterdir()] == [("page.md", "theirs")]


def test_something_else_in_the_place_of_a_page_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "file").write_text("")
    for ref in ("folder", "pipe", "file/page"):
        with pytest.raises(Refused):
            MarkdownFolder(tmp_path).deliver(item("page", ref, page("x")))


def test_a_missing_folder_is_an_outage_and_not_made_again(tmp_path: Path) -> None:
    root = tmp_path / "knowledge"
    with pytest.raises(Unreachable, match="knowledge"):
        MarkdownFolder(root).deliver(item("page", "run_1", page("x")))
    assert not root.exists()


@pytest.mark.parametrize("call", ["write", "fsync", "rename", "open"])
def test_a_full_disk_is_an_outage_and_leaves_the_old_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    target = MarkdownFolder(tmp_path)
    _, ref = target.deliver(item("page", "run_1", page("old")))
    with monkeypatch.context() as patched:
        _fail_with_no_space(patched, call)
        with pytest.raises(Unreachable, match="No space"):
            target.deliver(item("page", "run_1", page("new")))
    assert Path(ref).read_text() == page("old")
    assert [file.name for file in tmp_path.iterdir()] == ["run_1.md"]
    target.deliver(item("page", "run_1", page("new")))
    assert Path(ref).read_text() == page("new")


def _fail_with_no_space(patched: pytest.MonkeyPatch, call: str) -> None:
    real_open, real_fdopen = os.open, os.fdopen

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    def open_full(path: str, flags: int, *rest: int, **more: int) -> int:
        if flags & os.O_CREAT:
            no_space()
        return real_open(path, flags, *rest, **more)

    def fdopen_full(*args: object, **more: object) -> object:
        file = real_fdopen(*args, **more)  # type: ignore[call-overload]
        if file.writable():
            file.close()
            no_space()
        return file

    fakes = {"write": ("fdopen", fdopen_full), "open": ("open", open_full)}
    name, fake = fakes.get(call, (call, no_space))
    patched.setattr(os, name, fake)


def test_a_kill_in_the_middle_leaves_nothing_that_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / ".run_1.md.new").write_text("half a pa")
    MarkdownFolder(tmp_path).deliver(item("page", "run_1", page("whole")))
    assert [file.name for file in tmp_path.iterdir()] == ["run_1.md"]


def test_many_threads_remember_at_once(tmp_path: Path) -> None:
    memory = FtsMemory(tmp_path / "memory.db", busy_s=20)
    threads = [
        threading.Thread(target=memory.deliver, args=(item("remember", f"note-{number}", "cents and parts"),))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(memory.recall("cents", limit=20)) == 8
