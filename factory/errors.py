"""The four errors, named for what the operator can do next."""


class SourceError(Exception):
    """Something outside the rules went wrong.

    Args:
        message: One sentence that names the thing.
        hint: The fix, as a sentence or a command; may be empty.
        code: The machine-readable code of design §6; empty picks the class's own.
    """

    exit_code = 1
    default_code = "error"

    def __init__(self, message: str, hint: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or self.default_code


class Unreachable(SourceError):
    """No answer: keep the last picture, mark it stale, try again.

    Args:
        after_s: The source asked not to be tried again before so many seconds; 0 = it did not say.
    """

    exit_code = 5
    default_code = "unreachable"

    def __init__(self, message: str, hint: str = "", code: str = "", after_s: float = 0.0) -> None:
        super().__init__(message, hint, code)
        self.after_s = after_s


class Refused(SourceError):
    """The source, or a guard of ours, said no; the operator must change something."""

    exit_code = 3
    default_code = "refused"


class Missing(SourceError):
    """Not there (any more)."""

    exit_code = 4
    default_code = "not_found"


class Malformed(SourceError):
    """Not the agreed form; retrying is useless."""

    exit_code = 6
    default_code = "malformed"


class Usage(Malformed):
    """A value on the command line or in a form that can never be right."""

    exit_code = 2
    default_code = "usage"
