"""What reaches the disk when evidence is captured, and what may not."""

import errno
import os
import socket
import stat
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.evidence import intake
from adapters.evidence.folder_store import FolderStore
from adapters.evidence.intake import chunks_of, take
from factory.errors import Missing, Refused, Unreachable

RUN = "run_1"
SECRET = b"gh" + b"p_0123456789abcdefghij0123456789"


@pytest.fixture
def store(home: Path) -> FolderStore:
    return FolderStore(home, secrets=[b"correct horse"])


def test_secrets_are_cut_out_before_anything_is_stored(store: FolderStore, tmp_path: Path) -> None:
    log = tmp_path / "agent.log"
    log.write_bytes(b"x" * (intake.CHUNK - 10) + b" " + SECRET + b" and the correct horse\n")
    captured = store.capture(RUN, "agent.log", log)
    kept = (store.root(RUN) / captured.path).read_bytes()
    assert SECRET not in kept
    assert b"correct horse" not in kept
    assert captured.redactions == 2
    assert (captured.sha256, captured.size) == (sha256(kept).hexdigest(), len(kept))


def test_a_text_loses_its_secrets_too(store: FolderStore) -> None:
    captured = store.capture_text(RUN, "answer.txt", f"it is {SECRET.decode()}\udcff")
    assert SECRET not in (store.root(RUN) / captured.path).read_bytes()
    assert captured.redactions == 1


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_what_is_taken_is_what_is_written(tmp_path_factory: pytest.TempPathFactory, chunks: list[bytes]) -> None:
    target = tmp_path_factory.mktemp("taken") / "x"
    taken = take(chunks, target)
    kept = target.read_bytes()
    assert (taken.sha256, taken.size) == (sha256(kept).hexdigest(), len(kept))
    if not taken.redactions:
        assert kept == b"".join(chunks)


def test_a_file_that_grows_is_taken_as_it_was(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"0123456789")
    with log.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        with log.open("ab") as more:
            more.write(b"later")
        assert b"".join(chunks_of(file.fileno(), size)) == b"0123456789"


def test_everything_is_private_to_the_user(store: FolderStore, home: Path) -> None:
    store.freeze(RUN, "qa-1", {"subject": []}, [])
    store.capture_text(RUN, "a.txt", "a")
    store.record(RUN, "status.json", {})
    modes = {stat.S_IMODE(path.stat().st_mode) for path in (home / "evidence").rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (home / "evidence").rglob("*") if path.is_dir()}
    assert (modes, folders) == ({0o600}, {0o700})


@pytest.mark.parametrize(("number", "code"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only")])
def test_a_disk_that_fails_leaves_nothing_behind(
    store: FolderStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    log = tmp_path / "log"
    log.write_bytes(b"x" * intake.CHUNK * 40)

    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(Unreachable) as unreachable:
        store.capture(RUN, "log", log)
    assert unreachable.value.code == code
    assert unreachable.value.hint
    assert list((store.root(RUN) / "store").iterdir()) == []


def test_names_become_plain_and_short(store: FolderStore) -> None:
    for name in ("../../etc/passwd", ".hidden", "a b\n[red]", "č" * 300 + ".log", "", "x" * 300 + ".junit.xml"):
        captured = store.capture_text(RUN, name, name or "nothing")
        path = store.root(RUN) / captured.path
        assert path.is_file()
        assert path.parent == store.root(RUN) / "store"
        assert len(path.name) <= 100
    assert path.name.endswith(".junit.xml")


def test_a_pipe_a_device_and_a_socket_are_refused_at_once(store: FolderStore, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "socket"))
        for source in (tmp_path / "pipe", tmp_path / "socket", Path(os.devnull)):
            with pytest.raises(Refused) as refused:
                store.capture(RUN, "x", source)
            assert refused.value.code == "inadmissible_source"


@pytest.mark.parametrize("source", ["memory://lesson-1", "https://example.org/x.log", "ftp://example.org/x"])
def test_an_address_is_refused_and_named(store: FolderStore, source: str) -> None:
    with pytest.raises(Refused, match=source) as refused:
        store.capture(RUN, "x", Path(source))
    assert refused.value.code == "inadmissible_source"


def test_a_link_inside_the_root_is_refused_as_a_link(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "real.log").write_text("real")
    (tmp_path / "link.log").symlink_to("real.log")
    with pytest.raises(Refused, match="symbolic link"):
        store.capture(RUN, "x", tmp_path / "link.log", root=tmp_path)
    assert store.capture(RUN, "x", tmp_path / "real.log", root=tmp_path).size == 4


def test_a_path_that_no_file_can_have_is_missing(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    for source in (tmp_path / "a\0b", tmp_path / "file" / "below"):
        with pytest.raises(Missing):
            store.capture(RUN, "x", source)


@pytest.mark.parametrize("run", ["", "..", "a/b", "run 1"])
def test_a_run_cannot_lead_out_of_the_store(store: FolderStore, run: str) -> None:
    with pytest.raises(Missing):
        store.root(run)
