"""`canary`: known patches through a verifier, and what its word turned out to be worth."""

from pathlib import Path
from typing import Annotated

import typer

from cockpit.canary_samples import OwnRepository
from cockpit.cli.call import current
from cockpit.cli.canary_text import canary_text, result_line
from cockpit.cli.launching import Accept, Prepare
from cockpit.cli.output import plain
from cockpit.cli.values import dollars, words_of
from factory.errors import Refused, Usage
from factory.model.canary import CanaryResult
from factory.rules.acceptance import parse_criteria
from factory.rules.known_patches import check_count

Repo = Annotated[
    Path | None, typer.Option("--repo", metavar="DIR", help="Make the patches of this repository; it is only read.")
]
Mutate = Annotated[
    list[str] | None,
    typer.Option("--mutate", metavar="FILE[:FUNCTION]", help="Where mistakes are made; may be given several times."),
]


def canary(
    context: typer.Context,
    verifier: Annotated[str, typer.Option(metavar="AGENT", help="The configured one unless given.")] = "",
    n: Annotated[int, typer.Option("--n", metavar="N", help="Patches; half of them are right.")] = 12,
    budget: Annotated[str | None, typer.Option(metavar="USD", help="For all verdicts together.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="The same one makes the same patches.")] = 1,
    repo: Repo = None,
    goal: Annotated[str, typer.Option(metavar="TEXT", help="What the verifier is told the patches are for.")] = "",
    accept: Accept = None,
    accept_dir: Annotated[Path | None, typer.Option(metavar="DIR", help="Laid over the checkout for checks.")] = None,
    prepare: Prepare = "",
    mutate: Mutate = None,
) -> None:
    """Show a verifier patches that are known to be right or wrong, and say how often its word was wrong."""
    from cockpit.canaries import Wanted, run_canary  # the whole workflow, which no other command of a client needs

    call = current(context)
    check_count(n)
    parse_criteria(accept or ())
    words_of("--prepare", prepare)
    micros = dollars("--budget", budget)
    own = {"--goal": goal, "--accept": accept, "--accept-dir": accept_dir, "--prepare": prepare, "--mutate": mutate}
    if repo is None and (given := [name for name, value in own.items() if value]):
        raise Usage(f"{given[0]} is about a repository of yours, and none is named.", "Add: --repo DIR")
    where = OwnRepository(
        repo.absolute(), goal, tuple(accept or ()), accept_dir.absolute() if accept_dir else None, prepare,
        tuple(mutate or ()),
    ) if repo else None  # fmt: skip
    wanted = Wanted(
        verifier=verifier or call.settings.defaults.verifier,
        n=n,
        seed=seed,
        budget_micros=call.settings.canary.budget_usd if micros is None else micros,
        cwd=Path.cwd(),
        where=where,
    )
    if not wanted.verifier:
        raise Refused(
            "No verifier is named.",
            'Give --verifier command:PROGRAM, or add to config.toml: [defaults] verifier = "command:PROGRAM"',
            code="no_agent",
        )

    def tell(result: CanaryResult) -> None:
        if not call.out.as_json:
            call.out.show({}, result_line(result))

    report = run_canary(call.settings, call.ports, wanted, tell)
    call.out.show(plain(report), lambda: canary_text(report))
