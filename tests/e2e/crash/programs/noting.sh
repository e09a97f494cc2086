# What both agents do: note the start, notice another one alive for the same step, work for as long as they are held.
notes=$1
echo "$COCKPIT_RUN $COCKPIT_STEP $COCKPIT_ATTEMPT $COCKPIT_ROLE $$ $(date +%s%3N)" >>"$notes/starts"
exec 8>"$notes/$COCKPIT_STEP.$COCKPIT_ATTEMPT" 9>"$notes/$COCKPIT_STEP.alive" # every process of its tree inherits both
flock --nonblock 9 || echo "$COCKPIT_STEP $COCKPIT_ATTEMPT" >>"$notes/overlaps"

work() {
    sleep 0.3
    while [ -e "$notes/hold.$COCKPIT_ROLE" ]; do sleep 0.05; done
}

# Grandchildren that leave the session, lose the environment, and ignore SIGTERM.
grow_children() {
    setsid sh -c 'trap "" TERM; while :; do sleep 0.2; done' &
    env -i setsid sh -c 'sleep 600 & wait' &
    (setsid sh -c 'setsid sleep 600 & exit 0' &)
}
