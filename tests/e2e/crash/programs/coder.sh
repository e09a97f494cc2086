#!/bin/sh
# A coder: "almost" the first time, "right" when "almost" is there already, or at once where it is told to be good.
# Called with the folder for its notes.
. "$(dirname "$0")/noting.sh"
echo "working"
[ -e "$notes/grow" ] && grow_children
work
if grep -q almost answer.txt || [ -e "$notes/good" ]; then echo right >answer.txt; else echo almost >answer.txt; fi
printf '{"summary": "attempt %s", "cost_usd": 0.01}' "$COCKPIT_ATTEMPT" >"$COCKPIT_RESULT_FILE"
