"""Programs that speak the Agent Client Protocol: one dialect, with a small profile for each of them."""

import shlex

from adapters.agents.dialects.acp_profiles import ANY, PROFILES, Profile, profile_of
from adapters.agents.dialects.acp_talk import AcpConversation
from adapters.agents.dialects.dialect import Job, Start


class AcpDialect:
    """One kind of program over ACP; the program may bring arguments of its own (`opencode acp`)."""

    def __init__(self, profile: Profile = ANY) -> None:
        self.name, self.can = profile.name, profile.can
        self._profile = profile

    def start(self, job: Job) -> Start:
        """The prompt goes over the protocol, never into the arguments."""
        profile = self._of(job)
        program, *given = shlex.split(job.program)
        argv = (program, *(given or profile.enter(job)), *profile.args(job))
        rollout, query = profile.rollout
        return Start(argv, profile.environment(job), profile.files(job), True, rollout, query)

    def conversation(self, job: Job) -> AcpConversation:
        """One process of it."""
        return AcpConversation(job, self._of(job))

    def take_over(self, job: Job) -> Start | None:
        """On the program's own screen, where it has one that knows the sessions of the protocol."""
        profile = self._of(job)
        if profile.own_screen is None:
            return None
        return Start((shlex.split(job.program)[0], *profile.own_screen(job)), profile.environment(job))

    def _of(self, job: Job) -> Profile:
        """`acp:PROGRAM` may name a program that is known all the same."""
        return profile_of(shlex.split(job.program)[0]) if self._profile is ANY else self._profile


ACP_DIALECTS = tuple(AcpDialect(profile) for profile in PROFILES.values())
"""Named as their programs are; `acp` is any other."""
