#!/bin/sh
# A check: whether the answer holds a word. Called with the folder for its notes and the word.
echo "$(basename "$(dirname "$PWD")") $COCKPIT_CHECK $(date +%s%3N)" >>"$1/checks"
grep -q "$2" answer.txt
