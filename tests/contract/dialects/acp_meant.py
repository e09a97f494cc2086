"""What each recording of the Agent Client Protocol means."""

from dataclasses import dataclass

from adapters.agents.dialects.dialect import Decision
from factory.model.agent_event import Outcome
from factory.model.step import Tokens
from tests.contract.dialects.rig import ALLOW

REFUSE = Decision(allow=False)


@dataclass(frozen=True)
class Meant:
    """What a recording means."""

    outcome: Outcome
    kinds: str
    tokens: Tokens = Tokens()
    micros: int | None = None
    session: str = ""
    """How its id begins."""
    reason: str = "end_turn"
    """How the reason begins."""
    decision: Decision = ALLOW
    is_over: bool = True
    adds_up: bool = True


TWO_CALLS = Tokens(2100, 60)
ASKED = "Ask Calling*4 Note Started Text*4 ToolCall ToolResult Usage"
DIED = "It says that it was cancelled, and nobody asked for that."
REFUSED = "Its turn ended because a permission was refused."
CLAUDE = {
    "bad_key_401": Meant("auth", "Note Started Text*2", session="b262aea4", reason="Authentication required"),
    # Money is told, tokens are not: a guess from the two contexts, 159 000 and 150 001, and 9 characters.
    "budget_exceeded": Meant(
        "budget", "Calling*3 Note*2 Started Text*4 ToolCall*2 ToolResult Usage", Tokens(309_001, 9 // 4), 1_170_135,
        "e2621078", "Internal error: Reached maximum budget ($0.6)",
    ),
    "cancelled_in_command": Meant(
        "interrupted", "Ask Calling*2 Note Started Text*2 ToolCall ToolResult Usage", Tokens(1000, 20), 3435,
        "d7b9dfbe", "cancelled",
    ),
    "cancelled_while_model_hangs": Meant("interrupted", "Note Started", session="7997a98b", reason="cancelled"),
    "error_500": Meant("model_error", "Note Started Text*2", session="3aa01b19", reason="Internal error: API Error"),
    "huge_output": Meant(
        "stopped", "Ask Calling*28 Note Started Text*27 ToolCall ToolResult Usage", Tokens(41_000, 30_040), 573_735,
        "80941d86",
    ),
    # The agent behind the adapter was killed: a guess from its context.
    "killed_sigterm_in_command": Meant(
        "crashed", "Ask Calling*2 Note*2 Started Text*2 ToolCall ToolResult Usage", Tokens(1020), None, "1d62e9e3",
        DIED,
    ),
    # Contexts of 1020 and 1201, and 2780 characters since.
    "killed_sigterm_mid_answer": Meant(
        "crashed", "Calling*9 Note*2 Started Text*142 ToolCall ToolResult Usage", Tokens(2221, 2780 // 4), None,
        "2c20e42d", DIED,
    ),
    "max_turns": Meant(
        "turns", "Calling*6 Note*2 Started Text*6 ToolCall*3 ToolResult*3 Usage", Tokens(3060), 10_035, "cef7fdf8",
        "Internal error: Reached maximum number of turns (3)",
    ),
    "permission_approved": Meant("stopped", ASKED, TWO_CALLS, 7335, "1c1922e1"),
    "permission_cancelled": Meant("stopped", ASKED, TWO_CALLS, 7335, "b054d274", decision=REFUSE),
    "permission_denied": Meant("stopped", ASKED, TWO_CALLS, 7335, "9bf2a609", decision=REFUSE),
    # The total that it tells, 0.01077, holds what the killed process cost: no figure is better than that one.
    "resumed_after_kill": Meant(
        "stopped", "Ask Calling*4 FileChange Note Started Text*4 ToolCall ToolResult Usage", TWO_CALLS, None,
        "2c20e42d",
    ),
    # With the request for a title that the adapter makes by itself: $0.000135 beside the four calls.
    "success_edit": Meant(
        "stopped", "Ask*2 Calling*8 FileChange Note Started Text*6 ToolCall*3 ToolResult*3 Usage",
        Tokens(1950, 220, 6900, 800), 14_220 + 135, "d1319c13",
    ),
}  # fmt: skip
CODEX = {
    "bad_key_401": Meant("auth", "Note Started", session="01a206b6", reason="Authentication required"),
    "cancelled_in_command": Meant(
        "interrupted", "Calling Note Started Text*2 ToolCall Usage", Tokens(1000, 20), None, "01a206b6", "cancelled"
    ),
    "error_500": Meant(
        "model_error", "Note Retry*2 Started Text*2", session="01a206b6", reason="We’re currently experiencing"
    ),
    "huge_output": Meant(
        "stopped", "Calling*26 Note Started Text*27 ToolCall ToolResult Usage", Tokens(41_000, 30_040), None,
        "01a206bf",
    ),
    # Nothing was told: the prompt and what it said, by their length.
    "killed_sigterm_in_command": Meant(
        "crashed", "Note Started Text*2 ToolCall", Tokens(37 // 4, 23 // 4), None, "01a206b6",
        "It was killed by signal 15.", is_over=False, adds_up=False,
    ),
    "permission_approved": Meant(
        "stopped", "Ask Calling*2 FileChange Note Started Text*4 ToolCall ToolResult Usage", TWO_CALLS, None,
        "01a206b7",
    ),
    "permission_denied": Meant(
        "denied", "Ask Calling Note Started Text*2 ToolCall Usage", Tokens(1000, 40), None, "01a206b6", REFUSED,
        REFUSE,
    ),
    "resumed_after_kill": Meant(
        "stopped", "Calling*3 FileChange Note Started Text*4 ToolCall ToolResult Usage", TWO_CALLS, None, "01a206b6"
    ),
    "success_edit": Meant(
        "stopped", "Calling*4 FileChange Note Started Text*6 ToolCall*3 ToolResult*3 Usage",
        Tokens(2750, 220, 6900), None, "01a206b6",
    ),
}  # fmt: skip
OPENCODE = {
    "bad_key_401": Meant("auth", "Started", session="ses_df94433e", reason="Internal error: invalid x-api-key"),
    # It tells 0 tokens for a turn that was cancelled.
    "cancelled_in_command": Meant(
        "interrupted", "Note Started Text*2 ToolCall ToolResult Usage", Tokens(37 // 4, 23 // 4), None,
        "ses_df9441d1", "cancelled",
    ),
    "killed_sigterm_in_command": Meant(
        "crashed", "Started Text*2 ToolCall", Tokens(37 // 4, 23 // 4), None, "ses_df94402d",
        "It was killed by signal 15.", is_over=False, adds_up=False,
    ),
    # Its cost is that of the turn, its tokens are those of the last step only.
    "permission_approved": Meant(
        "stopped", "Ask Calling Started Text*4 ToolCall ToolResult Usage", Tokens(1100, 20), 7200, "ses_df9445cd"
    ),
    "permission_denied": Meant(
        "denied", "Ask Calling Started Text*2 ToolCall ToolResult Usage", Tokens(1000, 40), 3600, "ses_df94448b",
        REFUSED, REFUSE,
    ),
    # What was paid before may be in its total. It tells the tokens of the last of two calls: twice as many are a guess.
    "resumed_after_kill": Meant(
        "stopped", "Calling FileChange Note Started Text*4 ToolCall ToolResult Usage", Tokens(2 * 1100, 2 * 20), None,
        "ses_df94402d",
    ),
    "success_edit": Meant(
        "stopped", "Calling FileChange Started Text*6 ToolCall*3 ToolResult*3 Usage", Tokens(200, 30, 2600), 13_620,
        "ses_df944801",
    ),
}  # fmt: skip
PI = {
    # `end_turn`, and not a word.
    "bad_key_401": Meant("model_error", "Calling Note Started", session="01a206bc", reason="It ended its turn without"),
    "cancelled_in_command": Meant(
        "interrupted", "Calling Note*2 Started Text*2 ToolCall ToolResult Usage", Tokens(1024), None, "01a206bc",
        "cancelled",
    ),
    # Nothing is told but the context, at the beginning and at the end, and three tools show that there were four calls.
    "success_edit": Meant(
        "stopped", "Calling*2 FileChange Note*2 Started Text*6 ToolCall*3 ToolResult*3 Usage", Tokens(3 * 1407 + 2830),
        None, "01a206bc",
    ),
}  # fmt: skip
MEANT = {"claude": CLAUDE, "codex": CODEX, "opencode": OPENCODE, "pi": PI}
