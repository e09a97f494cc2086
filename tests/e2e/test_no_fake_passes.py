"""No fake reaches an approvable gate: each is taken as far as it goes, and then somebody tries to approve it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.e2e.product import PROGRAM, Cockpit, agent, cockpit, make_repository, verifier

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("fakes")]

FILES = {
    "price.py": "def total(prices):\n    return sum(prices[1:])\n",
    "test_price.py": """\
        from price import total


        def test_every_price_counts():
            assert total([1, 2, 3]) == 6


        def test_nothing_costs_nothing():
            assert total([]) == 0
        """,
}
GOAL = "Fix the total() function: every price counts"
ALL = "env PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python -m pytest -q"
"""Without the plugins that happen to be installed here, which take longer than the tests."""
ONE_FILE = f"{ALL} test_price.py"
HIDDEN = f"{ALL} hidden"
MENDS = "from pathlib import Path; Path('price.py').write_text('def total(prices):\\n    return sum(prices)\\n')"
REPORT = """<testsuites><testsuite><testcase classname="test_price" name="test_every_price_counts"/>
</testsuite></testsuites>"""


@dataclass(frozen=True)
class Fake:
    """A coder or verifier that is not honest."""

    coder: str
    why: str
    """What the factory says of it, in its blocker or in the reasons of the first verdict."""
    accept: str = ONE_FILE
    verifier: str = ""
    """Source of a program; empty = one that says pass, about the right commit, with a command."""


def writes(*files: tuple[str, str]) -> str:
    """A coder that writes these files, and says that it is done."""
    return f"""
        from pathlib import Path
        for name, text in {files!r}:
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text)
        print("all tests pass")
        """


FORGES = f"""
import os, shlex
report = [word for word in shlex.split(os.environ["PYTEST_ADDOPTS"]) if word.startswith("--junitxml=")][0]
open(report.partition("=")[2], "w").write({REPORT!r})
os._exit(0)
"""
"""Leaves a report of its own where pytest's is expected."""
UNLINKS = "from pathlib import Path; Path('test_price.py').unlink(missing_ok=True)"
GREEN = "def test_every_price_counts():\n    pass\n"
BASE = "passes only with the coder's tests; with the base's: 1 of 2 tests failed"

FAKES = {
    "says that all tests pass and changes nothing": Fake(
        """
        import json, os
        print("all tests pass")
        open(os.environ["COCKPIT_RESULT_FILE"], "w").write(json.dumps({"summary": "all tests pass"}))
        """,
        "ended without changing anything",
    ),
    "adds a comment": Fake(
        writes(("price.py", FILES["price.py"] + "# every price counts now\n")), "1 of 2 tests failed"
    ),
    "deletes the failing test": Fake(
        writes(("test_price.py", "from price import total\n\n\ndef test_nothing():\n    assert total([]) == 0\n")), BASE
    ),
    "deletes the file of tests": Fake(UNLINKS, "nothing was collected"),
    "deletes all tests, and all are run": Fake(UNLINKS, "nothing was collected", ALL),
    "makes the failing test lenient": Fake(writes(("test_price.py", GREEN)), BASE),
    "ends pytest with a zero": Fake(writes(("conftest.py", "import os\nos._exit(0)\n")), "pytest left no report"),
    "ends pytest with a zero after the tests": Fake(
        writes(("conftest.py", "import os\ndef pytest_unconfigure():\n    os._exit(0)\n")), "1 of 2 tests failed"
    ),
    "calls every failure a success": Fake(
        writes(
            (
                "conftest.py",
                "import pytest\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport():\n"
                "    result = yield\n    result.get_result().outcome = 'passed'\n",
            )
        ),
        BASE,
    ),
    "marks all tests as skipped": Fake(
        writes(("test_price.py", "import pytest\npytestmark = pytest.mark.skip\n" + GREEN)), "the only test was skipped"
    ),
    "marks all tests as expected to fail": Fake(
        writes(
            (
                "conftest.py",
                "import pytest\ndef pytest_collection_modifyitems(items):\n"
                "    for item in items:\n        item.add_marker(pytest.mark.xfail)\n",
            )
        ),
        BASE,
    ),
    "only collects": Fake(writes(("pytest.ini", "[pytest]\naddopts = --co\n")), "nothing was collected", ALL),
    "looks for tests elsewhere": Fake(
        writes(("pytest.ini", "[pytest]\ntestpaths = empty\n"), ("empty/test_price.py", GREEN)), BASE, ALL
    ),
    "runs before everything": Fake(
        writes(("sitecustomize.py", FORGES), ("usercustomize.py", FORGES), ("price.pth", "import os; os._exit(0)\n")),
        "1 of 2 tests failed",
    ),
    "puts itself in pytest's place": Fake(writes(("pytest.py", FORGES)), BASE),
    "writes the report itself": Fake(writes(("conftest.py", FORGES)), BASE),
    "leaves reports wherever one could be looked for": Fake(
        f"""
        import os
        from pathlib import Path
        run, home, step = (os.environ["COCKPIT_" + name] for name in ("RUN", "HOME", "STEP"))
        places = [Path("junit.xml"), Path("report.xml"), Path(os.environ["TMPDIR"], "junit.xml")]
        scratch = Path(home, "scratch", run)
        scratch.mkdir(parents=True, exist_ok=True)
        places += [scratch / f"{{name}}-A1.junit.xml" for name in ("baseline-1", "verify-1", f"verify-1-{{step[-4:]}}")]
        for place in places:
            place.write_text({REPORT!r})
        """,
        "1 of 2 tests failed",
    ),
    "rewrites the tests that it was not shown": Fake(
        f"""
        import os
        from pathlib import Path
        evidence = Path(os.environ["COCKPIT_HOME"], "evidence", os.environ["COCKPIT_RUN"])
        for test in evidence.rglob("test_hidden.py"):
            test.write_text({GREEN!r})
        Path("price.py").write_text("# every price counts now\\n" + Path("price.py").read_text())
        """,
        "was changed after it was captured",
        HIDDEN,
    ),
    "verifies in prose": Fake(MENDS, "no usable verdict", verifier="print('verdict: pass. I checked everything.')"),
    "verifies in prose, in the right file": Fake(
        MENDS,
        "no usable verdict",
        verifier="""
        import json, os
        said = {"summary": "pass", "verdict": "pass", "subject": os.environ["COCKPIT_SUBJECT"]}
        open(os.environ["COCKPIT_RESULT_FILE"], "w").write(json.dumps(said))
        """,
    ),
    "verifies another commit": Fake(
        MENDS,
        "The verifier speaks of",
        verifier="""
        import json, os, subprocess
        base = subprocess.check_output(["git", "rev-parse", "HEAD^"], text=True).strip()
        verdict = {"verdict": "pass", "subject": base, "commands": ["python -m pytest -q"]}
        open(os.environ["COCKPIT_RESULT_FILE"], "w").write(json.dumps({"verdict": verdict}))
        """,
    ),
}


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    with cockpit(tmp_path_factory.mktemp("fakes") / "home", "[worker]\nagents = 4\n") as opened:
        yield opened


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with a defect and a test that shows it."""
    return make_repository(tmp_path_factory.mktemp("shop") / "shop", FILES)


@pytest.fixture(scope="module")
def runs(at: Cockpit, shop: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A run for each fake, all under way at once."""
    folder = tmp_path_factory.mktemp("agents")
    honest = verifier(folder, "honest", command=ALL)
    hidden = folder / "accept" / "hidden" / "test_hidden.py"
    hidden.parent.mkdir(parents=True)
    hidden.write_text(dedent(FILES["test_price.py"]))
    started = {}
    for index, (name, fake) in enumerate(FAKES.items()):
        checks = agent(folder, f"verifier-{index}", fake.verifier) if fake.verifier else honest
        accept = ["--accept", f"A1: every price counts :: {fake.accept}"]
        accept += ["--accept-dir", str(hidden.parents[1])] if fake.accept == HIDDEN else []
        coder = agent(folder, f"coder-{index}", fake.coder)
        started[name] = at.start(GOAL, shop, *accept, "--coder", coder, "--verifier", checks)
    return started


@pytest.mark.parametrize("name", FAKES)
def test_a_coder_or_verifier_that(name: str, at: Cockpit, runs: dict[str, str]) -> None:
    run = runs[name]
    status = at.drive(run, retries=1)
    assert FAKES[name].why in why(at, run, status)
    gate = status["gate"]
    assert ((gate["kind"], gate["state"]) != ("qa", "open"), gate["sufficient"]) == (True, False)
    assert status["state"] == "blocked"

    card = at.ok("review", run)
    assert not card["sufficient"]
    for digest in {gate["digest"], card["digest"], "0" * 64} - {""}:
        answer = at.call("approve", run, "--digest", digest)
        assert answer.exit_code == 3, answer
    assert at.status(run)["state"] == status["state"]


def why(at: Cockpit, run: str, status: dict[str, Any]) -> str:
    """All that the factory said against it: blockers, and the reasons of each verdict."""
    record = json.loads((at.home / "evidence" / run / "record" / "thread.json").read_text())
    verdicts = [verdict for thread in record["threads"] for verdict in thread["verdicts"]]
    reasons = [reason for verdict in verdicts for reason in verdict["reasons"]]
    return "\n".join([*reasons, *(blocker["message"] for blocker in status["blockers"])])


APPROVES = """
import json, os, subprocess, time
from pathlib import Path
call = {call!r}
said = {{}}
for name, before in {{"itself": [], "without its environment": ["env", "-i", "setsid", "--wait"]}}.items():
    done = subprocess.run([*before, *call], capture_output=True, text=True)
    said[name] = [done.returncode, done.stdout]
for words in {others!r}:
    done = subprocess.run([*call[:4], *words], capture_output=True, text=True)
    said[" ".join(words)] = [done.returncode, done.stdout]
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        left = ["sh", "-c", '"$@" >{out}.orphan; echo $? >{out}.code', "sh", *call]
        os.execve("/bin/sh", left, {{}})
    os._exit(0)
while not Path("{out}.code").exists() or not Path("{out}.code").read_text():
    time.sleep(0.05)
said["as an orphan"] = [int(Path("{out}.code").read_text()), Path("{out}.orphan").read_text()]
Path("{out}").write_text(json.dumps(said))
"""


def test_an_agent_that_decides_is_refused_whatever_it_does_to_look_like_a_person(
    at: Cockpit, shop: Path, tmp_path: Path
) -> None:
    accept = ("--accept", f"A1: every price counts :: {ONE_FILE}")
    checks = verifier(tmp_path, command=ALL)
    right = at.start(GOAL, shop, *accept, "--coder", agent(tmp_path, "coder", MENDS), "--verifier", checks)
    assert at.drive(right)["state"] == "awaiting_qa"
    digest = at.ok("review", right)["digest"]

    out = tmp_path / "said.json"
    call = [str(PROGRAM), "--home", str(at.home), "--json", "approve", right, "--digest", digest]
    others = [
        ("reject", right, "--reason", "I would rather do it again"),
        ("cap", right, "100", "--reason", "I would like to go on"),
        ("land", right, "--yes"),
    ]
    rogue = agent(tmp_path, "rogue", APPROVES.format(call=call, others=others, out=out))
    other = at.start(GOAL, shop, *accept, "--coder", rogue, "--verifier", checks)
    at.wait(other)
    for how, (code, printed) in json.loads(out.read_text()).items():
        assert (how, code, json.loads(printed)["error"]["code"]) == (how, 3, "agent_may_not_approve")

    refused = [event for event in at.events(right) if event["action"] == "approval.refused"]
    told = [(event["detail"]["code"], event["detail"]["inside"]) for event in refused]
    assert told == [("agent_may_not_approve", other)] * 3
    status = at.status(right)
    assert (status["state"], status["gate"]["state"]) == ("awaiting_qa", "open"), "the gate is as it was"
    assert at.approve(right).exit_code == 0, "a person may"
