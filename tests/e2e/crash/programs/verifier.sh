#!/bin/sh
# A verifier that believes everything, and names one command. Called with the folder for its notes.
. "$(dirname "$0")/noting.sh"
work
cat >"$COCKPIT_RESULT_FILE" <<END
{"cost_usd": 0.01, "verdict": {"verdict": "pass", "subject": "$COCKPIT_SUBJECT", "findings": [],
 "criteria": [{"id": "A1", "status": "supported"}, {"id": "A2", "status": "supported"}],
 "commands": ["sh $(dirname "$0")/check.sh $notes right"]}}
END
