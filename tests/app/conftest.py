"""How long a pilot waits: Textual calls a process idle after 20 ms without work, and each key waits for that twice."""

import textual._wait

# Longer than the cockpit puts anything off that a key asks for: what comes then is still waited for.
textual._wait.SLEEP_GRANULARITY = 0.01
