"""What an agent can do, by its dialect and, for programs that speak ACP, by the program."""

import shlex

from adapters.agents.dialects.dialect import Abilities

ACP = "acp"


def abilities_of(dialect: str, argument: str) -> Abilities:
    """What a kind can do.

    Args:
        argument: What stands behind `kind:`; for `acp` the program.
    """
    # Imported late: most commands ask nothing of a dialect.
    from adapters.agents.dialects.acp_profiles import profile_of
    from adapters.agents.dialects.known import DIALECTS

    return profile_of(_program(argument)).can if dialect == ACP else DIALECTS[dialect].can


def _program(argument: str) -> str:
    try:
        return next(iter(shlex.split(argument)), "")
    except ValueError:
        return ""
