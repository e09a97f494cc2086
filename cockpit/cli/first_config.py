"""The first `config.toml`: every setting with its default, and the agents found on this machine."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cockpit.cli.call import Call
from cockpit.config import CONFIG_FILE
from cockpit.settings import Settings
from factory.errors import Refused, Unreachable

NEVER_DEFAULT = ("scripted", "command")
"""A script is no agent, and a command needs a program that only the operator knows."""

TEMPLATE = """\
# Settings of Cockpit. A line that begins with '#' shows the default; 'cockpit config show' says what applies.
# An environment variable such as COCKPIT_DEFAULTS_CODER is stronger than this file, the command line than both.

[defaults]
{coder}
{verifier}
# budget_usd = 5.00          # cap of a run
# workflow = ""              # one of workflows/ in the home (cockpit new workflow NAME); empty: the usual one
# profile = "solo"           # solo: who started a run may approve it; team: somebody else has to

# [agents.careful]           # an agent under a name of your own: --coder careful
# use = "command:/path/to/program --strict"
# company = "CodeCraft"
# env = ["API_KEY"]          # variables of your environment that it may see
# model = ""                 # empty: the agent's own choice
# tier = "standard"          # or "local" (costs nothing), or "premium" (verifies only for a stated reason)
# allow = []                 # tool rules in the agent's own words; deny likewise
# asks = true                # its permission requests come to you; false: what is not allowed is refused
# max_turns = 0
# prices = {{ "my-model" = [1.00, 5.00, 0.10, 1.25] }}  # US dollars for a million tokens: in, out, cache read and write
# options = {{ base_url = "http://127.0.0.1:8080", provider = "local" }}

[permissions]
# allow = ["read *", "edit *"]  # in its worktree; patterns such as "run python -m pytest*" or "edit src/*"
# deny = []
# deadline_s = 3600          # unanswered for so long, a request is refused

[budget]
# day_usd = 0                # cap of all runs of a UTC day together; 0: none
# namespace_usd = 0          # cap of all runs ever; 0: none

[worker]
# idle_exit_s = 600
# agents = 2                 # how many work at the same time

[verify]
# trigger = "request"        # or "automatic": send to the verifier as soon as there is something to verify
# thread_cap_usd = 0.25      # at most 1.00

[canary]
# every_runs = 0             # after so many ended runs the default verifier is shown known patches; 0: never by itself
# n = 12                     # patches of one canary
# budget_usd = 1.00          # for all its verdicts together

[prepare]
# command = ""               # makes a fresh checkout ready, such as "npm ci"

[routing]
# table = "routing.toml"     # your own table of words
# command = ""               # asked first: gets the goal as its last argument, prints a route in JSON within 5 s

[clocks]
# connect_s = 60             # for the first word of an agent that is driven; then it is started again
# first_output_s = 60
# idle_s = 120
# wall_s = 900
# check_s = 600

[outbox]
# first_retry_s = 10
# longest_retry_s = 300

# Other systems. A secret is never written here: name its place, env:NAME, file:PATH (mode 600) or keyring:SERVICE/NAME.

[mission]
# url = ""                   # a Mission Control, such as "http://127.0.0.1:3000"
# user = ""                  # who logs in; empty: the secret is an API key
# secret = ""                # where it is kept, such as "env:MISSION_PASSWORD"
# project = ""               # that our tasks go to
# assignee = "cockpit"       # tasks assigned to this name are requests to us
# launch = "ask"             # or "auto": a request starts its run by itself
# repo = ""                  # repository of a request that names none

[knowledge]
# folder = "knowledge"       # absolute, or inside the home
# url = ""                   # a BookStack that gets every page too
# token = ""                 # where its ID:SECRET is kept, such as "env:BOOKSTACK_TOKEN"
# shelf = ""
# book = "Cockpit"

[memory]
# url = ""                   # a LightRAG that remembers too
# key = ""                   # such as "env:LIGHTRAG_API_KEY"; empty: it wants none
# project = "cockpit"        # first part of the names of our documents
# recall_s = 3               # how long a prompt waits for it

# [sinks.hive]               # another memory of the house: a web address or a command
# url = "http://127.0.0.1:8088/hook"
# secret = "file:hive.key"   # signs what is sent (HMAC-SHA256)
# ops = ["page", "remember"]
# adapter = ""               # instead of url: a sink that an installed package brings; options = {{ … }} are for it

[lookup]
# command = ""               # asked by 'cockpit lookup' beside our own knowledge

[keys]
# "run.verify" = "v"         # id of a key of the cockpit, and the key you want for it
"""


@dataclass(frozen=True)
class FirstConfig:
    """What was written. Field names are JSON keys."""

    path: Path
    coder: str
    """Empty = no agent was found that could be it."""
    verifier: str
    found: tuple[str, ...]
    """Agents that are ready on this machine."""

    @property
    def text(self) -> str:
        """The same for people, with the next step."""
        chosen = [f"{role} {name}" for role, name in (("coder", self.coder), ("verifier", self.verifier)) if name]
        found = f"Agents: {', '.join(chosen)}." if chosen else "No agent was found on this machine."
        missing = "" if len(chosen) == 2 else '\nName your own in it: coder = "command:PROGRAM", verifier likewise.'
        return f"Wrote {self.path}. {found}{missing}"


def write_first_config(call: Call, *, replace: bool) -> FirstConfig:
    """Write the file.

    Raises:
        Refused: `exists`, there is one already, and it is not to be replaced.
        Unreachable: the home or the file cannot be written.
    """
    path = call.home / CONFIG_FILE
    if path.exists() and not replace:
        raise Refused(f"{path} is there already.", "Edit it, or replace it with: cockpit init --force", "exists")
    found = _ready_agents(call.home)
    coder, verifier = (*found, "", "")[:2]
    content = TEMPLATE.format(coder=_line("coder", coder), verifier=_line("verifier", verifier))
    _write(path, content)
    return FirstConfig(path, coder, verifier, found)


def _ready_agents(home: Path) -> tuple[str, ...]:
    """What is installed, whatever a file that is to be replaced says."""
    from cockpit.wiring import local_agents, make_home

    settings = Settings(home)
    make_home(settings)
    names = (info.name for info in local_agents(settings).list() if info.ready)
    return tuple(name for name in names if name.split(":")[0] not in NEVER_DEFAULT)


def _line(role: str, name: str) -> str:
    return f"{role} = {json.dumps(name)}" if name else f'# {role} = "command:PROGRAM"'


def _write(path: Path, content: str) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Unreachable(f"{path} cannot be written: {error.strerror}.", "Make its folder writable.") from error
