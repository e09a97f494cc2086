"""Agents and checks see an allow-list of the environment, and a home of their own."""

import sys
from pathlib import Path

from adapters.environment import allowed, passed, secret_values, with_own_programs

OWN = str(Path(sys.executable).parent)
SOURCE = {
    "PATH": "/usr/bin:/bin", "LANG": "hr_HR.UTF-8", "LC_TIME": "C", "TZ": "UTC", "TERM": "xterm", "USER": "ana",
    "HOME": "/home/ana", "TMPDIR": "/tmp", "AWS_SECRET_ACCESS_KEY": "x", "SSH_AUTH_SOCK": "/s", "COCKPIT_TOKEN": "t",
    "PYTHONPATH": "/p", "LD_PRELOAD": "/l",
}  # fmt: skip


def test_only_the_listed_names_come_through(tmp_path: Path) -> None:
    assert allowed(tmp_path, source=SOURCE) == {
        "PATH": f"/usr/bin:/bin:{OWN}", "LANG": "hr_HR.UTF-8", "LC_TIME": "C", "TZ": "UTC", "TERM": "xterm",
        "USER": "ana", "HOME": str(tmp_path / "home"), "TMPDIR": str(tmp_path / "tmp"),
    }  # fmt: skip


def test_home_and_tmpdir_are_there_and_private(tmp_path: Path) -> None:
    found = allowed(tmp_path, source={})
    for name in ("HOME", "TMPDIR"):
        assert Path(found[name]).stat().st_mode & 0o777 == 0o700


def test_the_path_of_the_operator_counts_when_it_was_recorded(tmp_path: Path) -> None:
    assert allowed(tmp_path, "/opt/bin", SOURCE)["PATH"] == f"/opt/bin:{OWN}"


def test_an_empty_environment_still_gives_what_programs_need(tmp_path: Path) -> None:
    found = allowed(tmp_path, source={})
    assert found["PATH"] == f"/usr/local/bin:/usr/bin:/bin:{OWN}"
    assert found["USER"]
    assert found["TERM"] == "dumb"


def test_our_own_programs_come_last_and_once() -> None:
    assert with_own_programs(f"{OWN}:/bin") == f"{OWN}:/bin"
    assert with_own_programs("/bin::") == f"/bin:{OWN}"


def test_what_the_configuration_names_is_passed_when_it_is_set() -> None:
    assert passed(["SSH_AUTH_SOCK", "NOT_SET"], SOURCE) == {"SSH_AUTH_SOCK": "/s"}


def test_what_is_passed_is_secret_unless_it_is_a_path() -> None:
    source = {"API": "k-123", "CONFIG": "/etc/agent", "EMPTY": ""}
    assert secret_values([*source, "NOT_SET"], source) == (b"k-123",)
