"""The worker lock: one holder, readable by all, gone with its process."""

import json
from pathlib import Path

import pytest

from adapters.engine.lock import NAME, Holder, WorkerLock, holder
from factory.errors import Refused, Unreachable

ME = Holder(pid=4711, version="1.0")


def test_nobody_holds_the_lock_of_a_home_that_is_not_there(home: Path) -> None:
    assert holder(home) is None
    assert not home.exists()


def test_who_holds_the_lock_can_be_read_while_it_is_held(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(ME)
    assert holder(home) == ME
    lock.say(Holder(4711, "1.0", ready=True, agents=12))
    assert holder(home) == Holder(4711, "1.0", ready=True, agents=12)
    lock.say(Holder(4711, "1.0", ready=True))
    assert holder(home) == Holder(4711, "1.0", ready=True)
    lock.release()
    assert holder(home) is None


def test_a_second_worker_is_refused_with_the_name_of_the_first(home: Path) -> None:
    first = WorkerLock(home)
    first.take(ME)
    with pytest.raises(Refused, match=r"Worker 4711 \(version 1\.0\) runs for .* already") as caught:
        WorkerLock(home).take(Holder(pid=4712), patience_s=0)
    assert (caught.value.code, caught.value.exit_code) == ("locked", 3)
    assert holder(home) == ME
    first.release()
    second = WorkerLock(home)
    second.take(Holder(pid=4712))
    second.release()


def test_what_a_dead_worker_said_does_not_count(home: Path) -> None:
    home.mkdir()
    (home / NAME).write_text(json.dumps({"pid": 1, "version": "1.0", "ready": True}))
    assert holder(home) is None


def test_a_worker_of_a_later_version_may_say_more_than_we_understand(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(ME)
    (home / NAME).write_text(json.dumps({"pid": 7, "version": "9.0", "ready": True, "mood": "fine"}))
    assert holder(home) == Holder(7, "9.0", ready=True)
    lock.release()


def test_a_holder_that_has_not_said_anything_yet_is_a_holder(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(ME)
    (home / NAME).write_text("")
    assert holder(home) == Holder()
    lock.release()


def test_home_and_lock_are_private(home: Path) -> None:
    lock = WorkerLock(home)
    lock.take(ME)
    assert oct(home.stat().st_mode & 0o777) == "0o700"
    assert oct((home / NAME).stat().st_mode & 0o777) == "0o600"
    lock.release()


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unreachable, match=r"worker\.lock cannot be used") as caught:
        WorkerLock(tmp_path / "file" / "home").take(ME)
    assert caught.value.exit_code == 5
