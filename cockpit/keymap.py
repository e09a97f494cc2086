"""The one table of keys. Bindings, footer, help and palette are made from it, and nothing else binds a key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

from textual.binding import Binding, BindingType

from factory.errors import Malformed

Where = Literal[
    "anywhere", "goals", "replay", "page", "launch", "card", "permission", "ask", "confirm", "help", "peek", "menu",
    "batch",
]  # fmt: skip
"""On which screen a key works. `anywhere`: on the main screen and the pages below it; `replay`: there, in a replay."""

FORBIDDEN = ("ctrl+a", "ctrl+b", "ctrl+d", "ctrl+k", "ctrl+s", "ctrl+z")
"""Never a verb: tmux, screen, flow control and shells own them."""


@dataclass(frozen=True)
class Key:
    """One thing that a key does."""

    id: str
    """What `[keys]` in config.toml calls it."""
    keys: str
    """Textual's names, by comma; the first one is shown."""
    label: str
    """One or two words for the footer."""
    action: str
    """Name of the screen's action method, with its arguments."""
    says: str
    """What it does, as a sentence for the help."""
    footer: int = 0
    """Place in the footer, 1 first; 0 = not there; below 0 = at its right end, always."""
    where: Where = "anywhere"
    asks_first: bool = False
    """It spends, stops or decides, so it asks before it does."""
    is_verb: bool = False
    """It acts on the selected goal."""
    opens: bool = False
    """It opens something that the next keys are for, also when they are typed before it is there."""

    @property
    def default(self) -> str:
        """The key as `NextAction.key` and the documents name it, whatever it was remapped to."""
        return next(shown(key.keys.split(",")[0]) for key in KEYS if key.id == self.id)


_goal = partial(Key, where="goals")
_page = partial(Key, where="goals", opens=True)
_verb = partial(Key, where="goals", asks_first=True, is_verb=True, opens=True)
_replay = partial(Key, where="replay")
_form = partial(Key, where="launch")
_card = partial(Key, where="card")
_permission = partial(Key, where="permission")

KEYS: tuple[Key, ...] = (
    Key("move.down", "j,down", "down", "move(1)", "Move down."),
    Key("move.up", "k,up", "up", "move(-1)", "Move up."),
    Key("move.page_down", "pagedown", "page down", "page(1)", "Move down a page."),
    Key("move.page_up", "pageup", "page up", "page(-1)", "Move up a page."),
    Key("move.first", "g,home", "first", "first", "Go to the first line."),
    Key("move.last", "G,end", "last", "last", "Go to the last line."),
    Key("move.left", "h,left", "left", "sideways(-1)", "Go to the pane on the left."),
    Key("move.right", "l,right", "right", "sideways(1)", "Go to the pane on the right."),
    Key("pane.next", "tab", "next pane", "next_pane", "Go to the next pane."),
    Key("pane.previous", "shift+tab", "previous pane", "previous_pane", "Go to the pane before."),
    Key("pane.goals", "1", "Goals", "pane('goals')", "Go to the goals."),
    Key("pane.steps", "2", "Steps", "pane('steps')", "Go to the steps; where there is no pane, their page opens."),
    Key("pane.thread", "3", "Thread", "pane('thread')", "Go to the thread of coder and verifier."),
    Key("pane.evidence", "4", "Evidence", "pane('evidence')", "Go to the evidence."),
    Key("pane.cost", "5", "Cost", "pane('cost')", "Go to the cost."),
    Key("pane.live", "6", "Live", "pane('live')", "Go to what happens live."),
    Key("pane.blockers", "7", "Blockers", "pane('blockers')", "Go to the blockers."),
    Key("pane.needs", "8", "Needs you", "pane('needs')", "Go to what needs you."),
    Key("pane.sources", "9", "Sources", "pane('sources')", "Go to where the values come from, with their ages."),
    Key("goal.previous", "left_square_bracket", "previous goal", "beside(-1)", "Look at the goal above."),
    Key("goal.next", "right_square_bracket", "next goal", "beside(1)", "Look at the goal below."),
    _page("run.launch", "n", "new", "launch", "Open the launch form; it shows what would happen.", 1, asks_first=True),
    _verb("run.review", "a", "review", "review", "Open the review card. Opening it decides nothing.", 2),
    _verb(
        "run.permission", "P", "answer", "permission", "Open what the agent asks for; opening it answers nothing.", 2
    ),
    _verb("run.verify", "v", "verify", "verify", "Send the result to the verifier.", 3),
    _verb("run.retry", "r", "retry", "retry", "Try the stalled or blocked step again.", 4),
    _verb("run.stop", "X", "stop", "stop", "Cancel the goal and end every process of it.", 5),
    _verb("run.pause", "p", "pause", "pause", "Pause the goal, or let a paused one go on.", 10),
    _verb(
        "run.instruct",
        "i",
        "instruct",
        "instruct",
        "Write to the coder, which reads it now or at its next attempt.",
        11,
    ),
    _verb("run.cap", "plus", "raise cap", "cap(1)", "Raise the cap, with a reason; it is audited.", 12),
    _verb("run.cap_down", "minus", "lower cap", "cap(-1)", "Lower the cap, with a reason; it is audited."),
    _verb("run.take_over", "T", "take over", "take_over", "Pause, then go on in the coder's own session.", 19),
    _verb("run.land", "L", "land", "land", "Land an approved result as a branch of your repository.", 5),
    _verb("run.requeue", "Q", "requeue", "requeue", "Queue a write to another system again that was given up."),
    _goal("run.undo", "u", "undo", "undo", "Undo the last thing; asks where that spends.", 8, asks_first=True),
    _goal("run.mark", "x", "mark", "mark", "Mark the goal; v, r, p and X then open a card of all marked ones.", 18),
    _goal("run.mute", "m", "mute", "mute", "Dim the goal and keep its notifications back, or let them go again."),
    _goal("run.next", "w", "next that needs me", "next_waiting", "Jump to the goal that needs you most.", 9),
    _goal("run.needing", "W", "only these", "needing", "Show only the goals that need you, or all again."),
    _page("view.peek", "space", "peek", "peek", "Look at question, last output and blockers without leaving.", 17),
    _page("view.open", "enter", "open", "open", "Open all of the goal on a page.", 6),
    _page("view.evidence", "e", "evidence", "page_of('evidence')", "Open the evidence on a page.", 13),
    _page("view.thread", "t", "thread", "page_of('thread')", "Open the thread on a page.", 14),
    _page("view.blockers", "b", "blockers", "page_of('blockers')", "Open the blockers on a page.", 15),
    _page("view.output", "o", "output", "page_of('output')", "Open the end of the newest agent's output.", 16),
    _page("view.diff", "d", "diff", "page_of('diff')", "Open what the result changes."),
    _page("view.cost", "dollar_sign", "cost", "page_of('cost')", "Open the cost on a page."),
    _page("view.timeline", "c", "timeline", "page_of('timeline')", "Open what happened when, as bars over time."),
    _page("view.audit", "A", "audit", "page_of('audit')", "Open the audit trail, and check the chain it hangs on."),
    _page("view.knowledge", "K", "knowledge", "page_of('knowledge')", "Open the knowledge pages of the goal."),
    _page("view.metrics", "V", "metrics", "page_of('metrics')", "Open what the verifiers of all goals are worth."),
    _goal("view.copy", "y", "copy id", "copy", "Copy what is selected, else the id of the goal (OSC 52)."),
    _goal("view.copy_command", "Y", "copy command", "copy_command", "Copy the command that shows the goal."),
    Key(
        "view.zoom",
        "z",
        "zoom",
        "zoom",
        "Let the pane fill the screen, or show all panes again; on the output page: more of each step.",
    ),
    Key("view.follow", "f", "follow", "follow", "Freeze what streams, or follow it again."),
    _page("list.sort", "s", "sort", "sort", "Choose the order of the goals."),
    _goal("list.reverse", "S", "reverse", "reverse", "Turn the order of the goals around."),
    _page("list.filter", "slash", "filter", "filter", "Show only goals with these words; !word @running.", 7),
    Key("view.back", "escape", "back", "back", "Go back one level. Never quits, approves or stops."),
    Key(
        "app.palette",
        "colon,ctrl+p",
        "palette",
        "palette",
        "Find an action, goal, step, page or setting.",
        10,
        opens=True,
    ),
    Key("app.help", "question_mark,f1", "help", "help", "Find a key, and press it from here.", -2, opens=True),
    Key("app.refresh", "ctrl+r", "refresh", "refresh", "Read everything again, and say how old each source is."),
    Key("app.mouse", "M", "mouse", "mouse", "Leave the mouse to the terminal, for its own selection, or take it back."),
    Key("app.record", "R", "record", "record", "Record this screen as an asciicast, or stop; what you type is in it."),
    Key(
        "app.leave", "q,ctrl+q", "leave, runs go on", "leave", "Close a page; on the main screen leave. Runs go on.", -1
    ),
    _replay("replay.next", "full_stop", "next", "replay_step(1)", "Go on by one event.", 1),
    _replay("replay.previous", "comma", "back", "replay_step(-1)", "Go back by one event.", 2),
    _replay(
        "replay.next_change", "greater_than_sign", "change", "replay_jump(1)", "Go to the next change of state.", 3
    ),
    _replay("replay.change_before", "less_than_sign", "before", "replay_jump(-1)", "Go to the change before.", 4),
    _replay("replay.first", "left_parenthesis", "first event", "replay_end(-1)", "Go to the first event of the run."),
    _replay("replay.last", "right_parenthesis", "last event", "replay_end(1)", "Go to the last event of the run."),
    _replay("replay.play", "semicolon", "play", "replay_play", "Play the run as time went by, or pause.", 5),
    _replay("replay.faster", "right_curly_bracket", "faster", "replay_speed(1)", "Play twice as fast."),
    _replay("replay.slower", "left_curly_bracket", "slower", "replay_speed(-1)", "Play half as fast."),
    _replay(
        "replay.compare", "equals_sign", "compare", "replay_compare", "Mark; at another moment, list what differs.", 6
    ),
    Key(
        "page.next_hit",
        "n",
        "next hit",
        "next_hit",
        "Go to the next hit of a search (/); without one, launch.",
        where="page",
    ),
    Key("page.previous_hit", "N", "hit before", "previous_hit", "Go to the hit before.", where="page"),
    _form(
        "launch.start", "ctrl+j", "launch", "start", "Launch as the preview shows. Enter never does.", asks_first=True
    ),
    _form(
        "launch.recent",
        "ctrl+r",
        "recent goals",
        "recent",
        "Fill the form with a goal of before; starts nothing.",
        opens=True,
    ),
    _form(
        "launch.criterion",
        "ctrl+n",
        "add criterion",
        "criterion",
        "Add a line to the acceptance, with a command.",
        opens=True,
    ),
    _form(
        "launch.requests", "ctrl+t", "tasks", "requests", "Fill the form with a task of mission control.", opens=True
    ),
    _form("launch.leave", "escape", "leave", "leave", "Leave the form; the draft is kept."),
    _card(
        "card.down", "j,down", "down", "down", "Scroll down; the code opens when every required claim was on screen."
    ),
    _card("card.up", "k,up", "up", "up", "Scroll up."),
    _card("card.page_down", "pagedown,space", "page down", "page_down", "Scroll down a page."),
    _card("card.page_up", "pageup", "page up", "page_up", "Scroll up a page."),
    _card(
        "card.reject", "n", "reject", "reject", "Reject; a reason of ten characters or more is asked.", asks_first=True
    ),
    _card("card.leave", "escape", "leave", "leave", "Leave; nothing changes."),
    _permission(
        "permission.once", "o", "allow once", "once", "Allow this one call; asks again where the risk is high."
    ),
    _permission("permission.run", "r", "allow for this run", "run", "Allow this very call for the rest of the run."),
    _permission("permission.deny", "n", "refuse", "deny", "Refuse, with words that the agent reads.", asks_first=True),
    _permission("permission.down", "j,down", "down", "down", "Scroll down."),
    _permission("permission.up", "k,up", "up", "up", "Scroll up."),
    _permission("permission.page_down", "pagedown,space", "page down", "page_down", "Scroll down a page."),
    _permission("permission.page_up", "pageup", "page up", "page_up", "Scroll up a page."),
    _permission("permission.leave", "escape", "leave", "leave", "Leave; the request stays open."),
    Key("ask.leave", "escape", "leave", "leave", "Leave; nothing is done.", where="ask"),
    Key("help.down", "down", "down", "move(1)", "Go down.", where="help"),
    Key("help.up", "up", "up", "move(-1)", "Go up.", where="help"),
    Key("help.page_down", "pagedown", "page down", "page(1)", "Go down a page.", where="help"),
    Key("help.page_up", "pageup", "page up", "page(-1)", "Go up a page.", where="help"),
    Key("help.run", "enter", "do it", "run", "Press the chosen key on the screen below.", where="help"),
    Key("help.leave", "escape,question_mark,f1", "close", "leave", "Close the help.", where="help"),
    Key("peek.down", "j,down", "down", "move(1)", "Scroll down.", where="peek"),
    Key("peek.up", "k,up", "up", "move(-1)", "Scroll up.", where="peek"),
    Key("peek.leave", "escape,space,q", "close", "leave", "Close the peek.", where="peek"),
    Key("menu.down", "j,down", "down", "move(1)", "Go down.", where="menu"),
    Key("menu.up", "k,up", "up", "move(-1)", "Go up.", where="menu"),
    Key("menu.choose", "enter,space", "choose", "choose", "Choose this.", where="menu"),
    Key("menu.leave", "escape,q", "leave", "leave", "Leave; nothing changes.", where="menu"),
    Key("batch.down", "j,down", "down", "move(1)", "Scroll down.", where="batch"),
    Key("batch.up", "k,up", "up", "move(-1)", "Scroll up.", where="batch"),
    Key("batch.yes", "y", "do it", "yes", "Do it to every goal on the card.", where="batch"),
    Key("batch.no", "n,escape", "cancel", "no", "Do nothing; the default.", where="batch"),
    Key("confirm.yes", "y", "yes", "yes", "Do it.", where="confirm"),
    Key("confirm.no", "n,escape", "no", "no", "Do not; the default.", where="confirm"),
)


def remapped(changes: Mapping[str, str], keys: Iterable[Key] = KEYS) -> tuple[Key, ...]:
    """The table with other keys for some ids.

    Raises:
        Malformed: an id that does not exist, a forbidden key, or two things on one key.
    """
    table = {key.id: key for key in keys}
    for name, wanted in changes.items():
        if name not in table:
            raise Malformed(f"[keys] names {name!r}, which does not exist.", f"Choose from: {', '.join(table)}")
        table[name] = replace(table[name], keys=",".join(part.strip() for part in wanted.split(",") if part.strip()))
    _check(tuple(table.values()))
    return tuple(table.values())


def bindings(*places: Where) -> list[BindingType]:
    """Textual's bindings for the keys of some places, remappable by their ids."""
    return [Binding(key.keys, key.action, key.label, id=key.id, show=False) for key in KEYS if key.where in places]


def action_of(pressed: str, place: Where, keys: Iterable[Key]) -> str:
    """The action that a pressed key has in a place; empty when it has none."""
    return next((key.action for key in keys if key.where == place and pressed in key.keys.split(",")), "")


def shown(key: str) -> str:
    """A key as people write it: `?` for `question_mark`, `esc` for `escape`."""
    return _NAMES.get(key, key)


_NAMES = {
    "question_mark": "?", "slash": "/", "colon": ":", "plus": "+", "minus": "-", "dollar_sign": "$",
    "left_square_bracket": "[", "right_square_bracket": "]", "escape": "esc", "f1": "F1",
    "comma": ",", "full_stop": ".", "less_than_sign": "<", "greater_than_sign": ">", "semicolon": ";",
    "equals_sign": "=", "left_parenthesis": "(", "right_parenthesis": ")",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
    "pagedown": "pgdn", "pageup": "pgup", "down": "↓", "up": "↑", "left": "←", "right": "→",
}  # fmt: skip


def _check(table: tuple[Key, ...]) -> None:
    taken: dict[tuple[str, str], str] = {}
    for key in table:
        if not key.keys:
            raise Malformed(f"[keys] gives {key.id} no key.", "Name one, or leave the line out.")
        for part in key.keys.split(","):
            if part in FORBIDDEN:
                raise Malformed(
                    f"[keys] gives {key.id} the key {part}, which belongs to the terminal.", "Choose another."
                )
            if key.where == "card" and part in "0123456789abcdef":
                raise Malformed(f"[keys] gives {key.id} the key {part}, which types the code.", "Choose another.")
            place = "main" if key.where in {"anywhere", "goals", "replay"} else key.where
            other = taken.setdefault((place, part), key.id)
            if other != key.id:
                raise Malformed(f"[keys] gives {part} to {other} and to {key.id}.", "Give one of them another key.")
