"""Pi (`pi --mode rpc`): two-way JSON lines. It runs every tool unasked, so our gate is loaded, which asks."""

from pathlib import Path

from adapters.agents.dialects import pi_home
from adapters.agents.dialects.dialect import Abilities, Job, Start
from adapters.agents.dialects.pi_talk import PiConversation

GATE = Path(__file__).with_name("pi_gate.ts")


class PiDialect:
    """Pi 0.87 by RPC.

    `options`: `provider`, and for an endpoint of one's own `base_url`, `api` (default `openai-completions`) and
    `env_key`, the name of the variable that holds the key.
    """

    name = "pi"
    can = Abilities(asks=True, resumes=True, reports_usd=True, live_usage=True, instructs=True, interrupts=True)

    def start(self, job: Job) -> Start:
        """Our session id for a new session; a session that is resumed must be there, or Pi ends."""
        argv = (
            *(job.program, "--mode", "rpc", "--no-approve", "--no-extensions"),
            *(("--model", pi_home.model(job)) if job.model else ()),
            *(("--session", job.resume) if job.resume else ("--session-id", job.session)),
            *("--tools", ",".join(pi_home.tools(job))),
            *(("-e", str(GATE)) if job.asks else ()),
        )
        return Start(argv, pi_home.environment(job), pi_home.files(job), talks=True)

    def conversation(self, job: Job) -> PiConversation:
        """One process of it."""
        return PiConversation(job)

    def take_over(self, job: Job) -> Start:
        """`pi --session ID`. Its tools run unasked: whoever sits there watches them."""
        model = ("--model", pi_home.model(job)) if job.model else ()
        argv = (job.program, "--no-approve", "--no-extensions", *model, "--session", job.resume)
        return Start(argv, pi_home.environment(job))
