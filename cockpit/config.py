"""Settings as they apply: environment (`COCKPIT_*`) over `config.toml` over defaults. Read once, then passed on."""

import difflib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from cockpit.setting_values import Reader, line
from cockpit.settings import SECTIONS, TABLES, AgentSection, Settings
from factory.errors import Malformed, Unreachable, Usage

T = TypeVar("T")

CONFIG_FILE = "config.toml"
PREFIX = "COCKPIT_"


def find_home(option: str | None, environ: Mapping[str, str] = os.environ) -> Path:
    """The home: the option, else `COCKPIT_HOME`, else the platform's state folder. Absolute; not created here.

    Raises:
        Usage: the option, or the variable, is there but empty.
    """
    for name, value in (("--home", option), ("COCKPIT_HOME", environ.get("COCKPIT_HOME"))):
        if value is not None:
            if not value.strip() or "\0" in value:
                raise Usage(f"{name} is empty.", "Give a folder, or leave it out for the usual place.")
            return _absolute(value)
    from platformdirs import user_state_dir  # 20 ms that a call with a home need not pay

    return Path(user_state_dir("cockpit", appauthor=False)).absolute()


def load(home: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """All settings of a home.

    Raises:
        Malformed: a file that is no TOML, an unknown section or key, or a value that cannot be; the sentence names it.
        Unreachable: the file is there and cannot be read.
    """
    file = home / CONFIG_FILE
    content = _read(file)
    origins: dict[str, str] = {}
    _refuse_unknown(content, [*SECTIONS, *TABLES, "keys"], lambda name: f"[{name}]", str(file))
    sections: dict[str, Any] = {
        name: _section(name, kind, content, file, environ, origins) for name, kind in SECTIONS.items()
    }
    tables: dict[str, Any] = {name: _named(name, kind, content, file, origins) for name, kind in TABLES.items()}
    settings = Settings(
        home=home,
        keys={id: _value(f"keys.{id}", line, key, str(file)) for id, key in _table(content, "keys", file).items()},
        origins=origins,
        **sections,
        **tables,
    )
    for sink, section in settings.sinks.items():
        if [bool(section.url), bool(section.command), bool(section.adapter)].count(True) != 1:
            raise Malformed(
                f"{file}: [sinks.{sink}] needs one of url, command and adapter.", "Give it exactly one of the three."
            )
    name = settings.defaults.verifier
    if (settings.agents.get(name) or settings.agents.get(name.partition(":")[0], AgentSection())).tier == "premium":
        source = settings.origins.get("defaults.verifier", CONFIG_FILE)
        raise Malformed(
            f"{source}: the default verifier is {name!r}, a premium agent; a default verifies everything.",
            "Name a standard or local one; a premium one is named at the start, with --premium REASON.",
        )
    return settings


def readers_of(kind: type) -> dict[str, Reader]:
    """The keys of a section, each with what reads its value."""
    return {key: get_args(hint)[1] for key, hint in kind.__annotations__.items()}


def _absolute(folder: str) -> Path:
    try:
        return Path(folder).expanduser().absolute()
    except (OSError, RuntimeError) as error:
        raise Usage(f"The home {folder!r} leads nowhere: {error}.", "Give an absolute path.") from error


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_bytes().decode())
    except (FileNotFoundError, NotADirectoryError):  # a home that cannot be made is said by who makes it
        return {}
    except UnicodeDecodeError as error:
        raise Malformed(f"{file} is not UTF-8 text (byte {error.start}).", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"{file} is not valid TOML: {error}.", "Correct that line.") from error
    except OSError as error:
        raise Unreachable(f"{file} cannot be read: {error.strerror}.", "Make it a readable file.") from error


def _table(content: Mapping[str, Any], name: str, file: Path) -> Mapping[str, Any]:
    table = content.get(name, {})
    if not isinstance(table, Mapping):
        raise Malformed(f"{file}: '{name}' must be a section.", f"Write [{name}] on a line of its own.")
    return table


def _section(
    name: str, kind: type, content: Mapping[str, Any], file: Path, environ: Mapping[str, str], origins: dict[str, str]
) -> Any:
    values = dict(_read_keys(name, kind, _table(content, name, file), str(file)))
    origins.update({f"{name}.{key}": CONFIG_FILE for key in values})
    prefix = f"{PREFIX}{name.upper()}_"
    given = {variable.removeprefix(prefix).lower(): variable for variable in environ if variable.startswith(prefix)}
    for key, variable in given.items():
        values |= _read_keys(name, kind, {key: environ[variable]}, f"The environment ({variable})")
        origins[f"{name}.{key}"] = variable
    return kind(**values)


def _named(table: str, kind: type, content: Mapping[str, Any], file: Path, origins: dict[str, str]) -> dict[str, Any]:
    """Sections under names of the operator's own: `[agents.NAME]`."""
    found = {}
    for name, entry in _table(content, table, file).items():
        full = f"{table}.{name}"
        if not isinstance(entry, Mapping):
            raise Malformed(f"{file}: '{full}' must be a section.", f"Write [{full}] on a line of its own.")
        values = dict(_read_keys(full, kind, entry, str(file)))
        origins.update({f"{full}.{key}": CONFIG_FILE for key in values})
        found[name] = kind(**values)
    return found


def _read_keys(section: str, kind: type, given: Mapping[str, Any], source: str) -> Iterator[tuple[str, Any]]:
    readers = readers_of(kind)
    _refuse_unknown(given, list(readers), lambda key: f"{section}.{key}", source)
    return ((key, _value(f"{section}.{key}", readers[key], value, source)) for key, value in given.items())


def _value(name: str, read: Callable[[object], T], value: object, source: str) -> T:
    try:
        return read(value)
    except ValueError as error:
        raise Malformed(
            f"{source}: '{name}' {error}.", f"Correct '{name}', or leave it out for the default."
        ) from error


def _refuse_unknown(given: Mapping[str, Any], known: list[str], full: Callable[[str], str], source: str) -> None:
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"Did you mean '{near[0]}'?" if near else f"Known here: {', '.join(known)}."
            raise Malformed(f"{source}: the key '{full(key)}' is unknown.", hint)
