"""The promises of `Checks`, kept by real processes and by the fake; and what real ones add."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.agents import launch, tree
from adapters.checks import LocalChecks
from adapters.process import CHECK_TAG
from factory.errors import Malformed, Missing, Unreachable
from factory.ports.checks import Check, CheckResult, Checks, Outcome
from tests.contract.agent_rig import until
from tests.fakes.checks import FakeChecks

PASSES = (sys.executable, "-c", "pass")
FAILS = (sys.executable, "-c", "raise SystemExit(1)")
HANGS = (sys.executable, "-c", "import signal; signal.pause()")
# Without the plugins of this project's own tests, which take two seconds to load.
PYTEST = ("env", "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1", sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
GREEN = "def test_one(): pass\n"


@pytest.fixture(params=["local", "fake"])
def checks(request: pytest.FixtureRequest) -> Checks:
    if request.param == "local":
        return LocalChecks()
    return FakeChecks({FAILS[2]: "failed", HANGS[2]: "broken"})


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    folder.mkdir()
    return folder


def check(checkout: Path, argv: tuple[str, ...], name: str = "A1", timeout_s: float = 60.0) -> Check:
    """A check that keeps its files beside the checkout."""
    return Check(name, argv, checkout, checkout.parent / "out", timeout_s=timeout_s)


async def run_pytest(checkout: Path, *words: str, **files: str) -> CheckResult:
    """Run pytest on these files (`test_a` is `test_a.py`)."""
    for name, content in files.items():
        (checkout / f"{name}.py").write_text(content)
    return await LocalChecks().run(check(checkout, (*PYTEST, *words)))


@pytest.mark.parametrize(("argv", "outcome"), [(PASSES, "passed"), (FAILS, "failed"), (HANGS, "broken")])
async def test_a_command_passes_fails_or_is_broken(
    checks: Checks, checkout: Path, argv: tuple[str, ...], outcome: Outcome
) -> None:
    result = await checks.run(check(checkout, argv, timeout_s=0.5 if argv == HANGS else 60.0))
    assert result.outcome == outcome
    assert result.timed_out == (argv == HANGS)
    assert result.argv == argv
    assert result.why
    assert not result.why.endswith(".")
    assert result.log.is_relative_to(checkout.parent / "out")
    assert result.log.is_file()
    assert result.started_at <= result.ended_at


@pytest.mark.parametrize(
    ("argv", "why"),
    [
        (("no-such-program",), "no-such-program: command not found (127)"),
        (("./data.txt",), "./data.txt: cannot be executed (126, Permission denied)"),
        (("sh", "-c", "exit 127"), "sh: command not found (127)"),
        (("sh", "-c", "kill -SEGV $$"), "ended by SIGSEGV"),
    ],
)
async def test_what_could_not_run_is_broken(checkout: Path, argv: tuple[str, ...], why: str) -> None:
    (checkout / "data.txt").write_text("no program")
    result = await LocalChecks().run(check(checkout, argv))
    assert (result.outcome, result.why) == ("broken", why)


@pytest.mark.parametrize(
    ("files", "outcome", "why"),
    [
        ({"test_a": GREEN}, "passed", "1 test passed"),
        ({"test_a": GREEN + "def test_two(): assert 0\n"}, "failed", "1 of 2 tests failed: test_a::test_two"),
        ({"test_a": "import pytest\n@pytest.mark.skip\ndef test_one(): pass\n"}, "failed", "the only test was skipped"),
        ({"other": ""}, "failed", "nothing was collected (exit 5)"),
        ({"test_a": "import nowhere\n"}, "failed", "1 of 1 tests failed: test_a"),
        ({"test_a": GREEN, "conftest": "import os\nos._exit(0)\n"}, "broken", "pytest left no report (exit 0)"),
        (
            {
                "test_a": "def test_one(): assert 0\n",
                "conftest": "def pytest_sessionfinish(session): session.exitstatus = 0\n",
            },
            "failed",
            "1 of 1 tests failed: test_a::test_one",
        ),
        (
            {"test_a": GREEN, "conftest": "import atexit, os\natexit.register(os._exit, 7)\n"},
            "failed",
            "exit 7, although no test failed",
        ),
    ],
)
async def test_pytest_passes_only_with_a_report_that_shows_a_pass_and_no_failure(
    checkout: Path, files: dict[str, str], outcome: Outcome, why: str
) -> None:
    result = await run_pytest(checkout, **files)
    assert (result.outcome, result.why) == (outcome, why)


async def test_an_old_report_proves_nothing(checkout: Path) -> None:
    first = await run_pytest(checkout, test_a=GREEN)
    assert first.report is not None
    assert not first.report.is_relative_to(checkout)
    second = await run_pytest(checkout, conftest="import os\nos._exit(0)\n")
    assert (second.outcome, second.report, second.tests) == ("broken", None, None)


async def test_a_command_with_a_report_of_its_own_is_told_to_leave_it_out(checkout: Path) -> None:
    result = await run_pytest(checkout, "--junitxml=mine.xml", test_a=GREEN)
    assert result.outcome == "broken"
    assert "leave that option out" in result.why


async def test_the_overlay_lies_over_the_checkout_and_follows_no_link_out(checkout: Path, tmp_path: Path) -> None:
    overlay, outside = tmp_path / "overlay", tmp_path / "outside"
    (overlay / "acceptance").mkdir(parents=True)
    (overlay / "acceptance" / "test_a.py").write_text(GREEN)
    (overlay / "conftest.py").write_text("")
    (overlay / "acceptance" / "__pycache__").mkdir()
    (overlay / ".git").write_text("gitdir: /nowhere\n")
    outside.mkdir()
    (outside / "conftest.py").write_text("precious")
    (checkout / "acceptance").symlink_to(outside)
    (checkout / "conftest.py").symlink_to(outside / "conftest.py")
    wanted = Check("A1", (*PYTEST, "acceptance"), checkout, tmp_path / "out", overlay=overlay)
    assert (await LocalChecks().run(wanted)).why == "1 test passed"
    assert [file.name for file in outside.iterdir()] == ["conftest.py"]
    assert (outside / "conftest.py").read_text() == "precious"
    assert not (checkout / ".git").is_file()
    assert not (checkout / "acceptance" / "__pycache__").exists()


async def test_a_command_sees_only_the_allowed_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ACME_TOKEN", "very-secret")
    say = "import json, os, sys; json.dump({**os.environ, 'cwd': os.getcwd()}, open('env.json', 'w'))"
    wanted = Check(
        "A1", (sys.executable, "-c", say), checkout, tmp_path / "out", operator_path="/opt/bin:/usr/bin:/bin"
    )
    await LocalChecks().run(wanted)
    seen = json.loads((checkout / "env.json").read_text())
    assert "ACME_TOKEN" not in seen
    assert seen["PATH"] == f"/opt/bin:/usr/bin:/bin:{Path(sys.executable).parent}"
    assert seen["PYTHONDONTWRITEBYTECODE"] == "1"
    assert seen["cwd"] == str(checkout)
    assert Path(seen["HOME"]).is_relative_to(tmp_path / "out")


async def test_its_output_is_redacted_and_capped(checkout: Path) -> None:
    say = "import os; os.write(1, b'pass' + b'word=hunter22\\n' + b'y' * 200_000)"
    result = await LocalChecks(cap_bytes=1000).run(check(checkout, (sys.executable, "-c", say)))
    log = result.log.read_bytes()
    assert log.startswith(b"password=[redacted:assignment]\nyyy")
    assert len(log) < 1200
    assert b"only the first 1000 bytes" in log


async def test_cancelled_it_takes_the_whole_tree_along(checkout: Path) -> None:
    source = (
        "import pathlib, signal, subprocess, sys\n"
        "subprocess.Popen([sys.executable, '-c', 'import signal; signal.pause()'], start_new_session=True)\n"
        "pathlib.Path('started').touch()\nsignal.pause()"
    )
    running = asyncio.create_task(LocalChecks().run(check(checkout, (sys.executable, "-c", source), "of-its-own")))
    await until((checkout / "started").exists)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    await until(lambda: not tree.tagged(f"{CHECK_TAG}=of-its-own".encode()))


async def test_killed_with_its_worker_it_takes_the_whole_tree_along(checkout: Path) -> None:
    source = "import pathlib, signal; pathlib.Path('started').touch(); signal.pause()"
    worker = (
        "import asyncio, pathlib, sys\n"
        "from adapters.checks import LocalChecks\nfrom factory.ports.checks import Check\n"
        "checkout = pathlib.Path(sys.argv[1])\n"
        "check = Check('orphaned', (sys.executable, '-c', sys.argv[2]), checkout, checkout.parent / 'out')\n"
        "asyncio.run(LocalChecks().run(check))"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", worker, str(checkout), source], cwd=root) as process:  # noqa: ASYNC220
        await until((checkout / "started").exists)
        process.kill()
    await until(lambda: not tree.tagged(f"{CHECK_TAG}=orphaned".encode()))
    again = await LocalChecks().run(check(checkout, PASSES, "orphaned"))
    assert again.outcome == "passed"


async def test_the_same_check_can_run_again(checkout: Path) -> None:
    checks = LocalChecks()
    outcomes = [(await checks.run(check(checkout, argv))).outcome for argv in (PASSES, FAILS, PASSES)]
    assert outcomes == ["passed", "failed", "passed"]
    assert sorted(file.name for file in (checkout.parent / "out").iterdir()) == ["A1.log"]


async def test_what_cannot_be_run_is_said(checkout: Path, tmp_path: Path) -> None:
    with pytest.raises(Missing, match="checkout"):
        await LocalChecks().run(check(tmp_path / "gone", PASSES))
    with pytest.raises(Missing, match="overlay"):
        await LocalChecks().run(Check("A1", PASSES, checkout, tmp_path, overlay=tmp_path / "overlay"))
    with pytest.raises(Malformed, match="file name"):
        await LocalChecks().run(check(checkout, PASSES, name="../A1"))
    with pytest.raises(Malformed, match="no command"):
        await LocalChecks().run(check(checkout, ()))


async def test_one_whose_shim_is_killed_is_lost_and_says_nothing_about_the_work(checkout: Path) -> None:
    waits = (sys.executable, "-c", "import pathlib, signal; pathlib.Path('started').touch(); signal.pause()")
    waiting = asyncio.create_task(LocalChecks().run(check(checkout, waits)))
    await until((checkout / "started").exists)
    folder = (checkout.parent / "out" / "A1.run").resolve()
    os.kill(int(json.loads((folder / "pid.json").read_text())["pid"]), signal.SIGKILL)
    with pytest.raises(Unreachable) as caught:
        await waiting
    assert caught.value.code == "lost"
    assert not tree.tagged(launch.tag(folder))
    assert (await LocalChecks().run(check(checkout, PASSES))).outcome == "passed"
