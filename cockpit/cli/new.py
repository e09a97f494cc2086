"""`cockpit new`: the beginning of something of your own, with a test that says what is to do."""

import json
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cockpit.cli.call import Call
from cockpit.wiring import TEMPLATES, WORKFLOWS
from factory.errors import Refused, Unreachable, Usage
from factory.model.definition import Definition
from factory.rules.default_routes import DEFAULT_ROUTES

KINDS = ("adapter", "agent", "company", "spec", "template", "workflow")
SKELETONS = Path(__file__).parents[1] / "skeletons"
"""A folder each; their files end in `.txt`, because with names to be filled in they are no Python yet."""
IN_THE_HOME = {"template": TEMPLATES, "workflow": WORKFLOWS}
"""What is found in a folder of the home, and which one."""
VERIFIER = "Proveo"
"""Of a company's own row, until somebody names another one there."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class Made:
    """What was written. Field names are JSON keys."""

    kind: str
    name: str
    files: tuple[Path, ...]
    test: str
    """The command that says what is to do."""
    use: str
    """What to write where, once it is done."""

    @property
    def text(self) -> str:
        """The same for people."""
        return "\n".join(
            (*(f"Wrote {_quoted(file)}" for file in self.files), f"What is to do: {self.test}", f"Then: {self.use}")
        )


def write_skeleton(call: Call, kind: str, name: str, folder: Path | None) -> Made:
    """Write the skeleton of something new.

    Args:
        folder: Where to; None = a folder of its name here, for a template or a workflow the one of the home.

    Raises:
        Usage: no such kind, or no name. Refused: `exists`. Unreachable: the folder cannot be written.
    """
    if kind not in KINDS:
        raise Usage(f"There is nothing new of the kind {kind!r}.", f"Kinds: {', '.join(KINDS)}.")
    _check_name(kind, name)
    place = (folder or (call.home / IN_THE_HOME[kind] if kind in IN_THE_HOME else Path(name))).absolute()
    files = {place / path: text for path, text in _files(kind, name, place).items()}
    if there := [file for file in files if file.exists()]:
        raise Refused(f"{there[0]} is there already; nothing was written.", "Give another name or folder.", "exists")
    for file, text in files.items():
        _write(file, text)
    test = shlex.join([sys.executable, "-m", "pytest", str(place)])
    return Made(kind, name, tuple(files), test, _use(kind, name, place, is_home=folder is None))


def _check_name(kind: str, name: str) -> None:
    from adapters.knowledge.pages import ROLES

    if not _NAME.fullmatch(name):
        raise Usage(f"{name!r} is no name: a letter, then letters, digits, - and _, at most 40.", "cockpit new --help")
    if kind == "template" and name not in ROLES:
        others = "|".join(other for other in KINDS if other != kind)
        hint = f"Pages: {', '.join(ROLES)}. What is no page: cockpit new {others} NAME"
        raise Usage(f"There is no page {name!r} to make a template for.", hint)
    if kind == "workflow" and name == Definition.name:
        raise Usage(f"{name!r} is the usual workflow, which stays as it is.", "Give yours a name of its own.")
    builders = {row["domain"]: row["builder"] for row in DEFAULT_ROUTES["rows"]}
    if kind == "company" and (builder := builders.get(name.lower())):
        hint = f"Give the company another name; its domain would be the {name.lower()!r} of {builder}."
        raise Refused(f"The table has a domain {name.lower()!r} already.", hint, "exists")
    if kind == "company" and name.casefold() == VERIFIER.casefold():
        raise Refused(f"{VERIFIER} would verify what {name} builds: one company.", "Give it another name.", "exists")


def _files(kind: str, name: str, place: Path) -> dict[str, str]:
    """Path below the folder -> content."""
    words = {"@name@": name, "@module@": name.replace("-", "_"), "@NAME@": name.replace("-", "_").upper()}
    words["@coder@"] = _coder(name, place)
    root = SKELETONS / kind
    found = {_filled(str(path.relative_to(root)), words): path.read_text("utf-8") for path in root.rglob("*.txt")}
    made = {path.removesuffix(".txt"): _filled(text, words) for path, text in found.items()}
    if kind == "company":
        made["routing.toml"] = _table(name)
    if kind == "template":
        made[f"{name}.md.j2"] = _template(name)
    return made


def _filled(text: str, words: Mapping[str, str]) -> str:
    for word, value in words.items():
        text = text.replace(word, value)
    return text


def _template(role: str) -> str:
    from importlib.resources import files

    ours = (files("factory") / "templates" / f"{role}.md.j2").read_text("utf-8")
    return "{# TODO: change what you want to change, and take this line away. Keep the first line. #}\n" + ours


def _table(company: str) -> str:
    """The table that the cockpit brings along, and a row of the new company."""
    row = {"domain": company.lower(), "builder": company, "verifier": VERIFIER, "words": {}}
    if company == row["verifier"]:
        row["verifier"] = "Securion"
    head = "# The table of the cockpit, to be changed: it is taken instead of the built-in one.\n"
    rows = "\n".join(map(_row, (*DEFAULT_ROUTES["rows"], row)))
    return f"{head}minimum = {DEFAULT_ROUTES['minimum']}\n\n{rows}"


def _row(row: Mapping[str, object]) -> str:
    """A row as TOML; JSON's text in quotes is TOML's too."""
    lines = []
    for key, value in row.items():
        if isinstance(value, Mapping):
            points = ", ".join(f"{json.dumps(word, ensure_ascii=False)} = {number}" for word, number in value.items())
            value_text = f"{{ {points} }}" if points else "{}  # TODO: words of its goals, with points"
        else:
            value_text = json.dumps(value, ensure_ascii=False)
        lines.append(f"{key} = {value_text}")
    return "[[rows]]\n" + "\n".join(lines) + "\n"


def _use(kind: str, name: str, place: Path, *, is_home: bool) -> str:
    return {
        "adapter": f"install {_quoted(place)} beside cockpit, and write [sinks.{name}] adapter = {json.dumps(name)}"
        " into config.toml",
        "agent": f"cockpit start GOAL --coder {_coder(name, place)}",
        "company": f"write [routing] table = {json.dumps(str(place / 'routing.toml'))} into config.toml",
        "spec": f"cockpit start --spec {_quoted(place / f'{name}.toml')}",
        "template": f"nothing: templates in {_quoted(place)} are taken instead of ours"
        if is_home
        else f"put it into the folder {TEMPLATES!r} of the home",
        "workflow": f"{'' if is_home else f'put it into the folder {WORKFLOWS!r} of the home, and '}"
        f"cockpit start GOAL --workflow {name}",
    }[kind]


def _coder(name: str, place: Path) -> str:
    """The program as a word of a command line; the agent splits it into words once more."""
    return shlex.quote(f"command:{_quoted(place / f'{name}.py')}")


def _quoted(path: Path) -> str:
    """A path as a shell takes it."""
    return shlex.quote(str(path))


def _write(file: Path, text: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("x", encoding="utf-8") as opened:
            opened.write(text)
        if text.startswith("#!"):
            file.chmod(0o755)
    except OSError as error:
        raise Unreachable(f"{file} cannot be written: {error.strerror}.", "Give a folder that can be.") from error
