#!/bin/bash
# SPDX-License-Identifier: ISC
# What zebra-lite/evpnd.service grants is enough, without systemd: evpnd starts with the unit's capabilities and tells
# its readiness and its end; killed with all its processes, it leaves the kernel's entries and starts again.
. "$(dirname "$0")/basic.sh"

unit=$FAB/../../zebra-lite/evpnd.service.in
setting() { sed -n "s/^$1=//p" "$unit"; }

# The set as setpriv wants it: CAP_NET_ADMIN becomes +net_admin.
bounding=$(setting CapabilityBoundingSet | tr 'A-Z ' 'a-z,' | sed 's/cap_/+/g')
[ -n "$bounding" ] || fail "the unit bounds no capabilities"
command -v setpriv >/dev/null || skip "setpriv is not there"
command -v python3 >/dev/null || skip "python3 is not there"

listen_notify() {
	background leaf1 python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
os.chmod(sys.argv[1], 0o777)
while True:
    print(s.recv(4096).decode(), flush=True)' "$W/notify" >"$W/notified"
	wait_quiet 10 test -S "$W/notify"
}

start_leaf1() {
	mkdir -p "$W/leaf1/run"
	conf_leaf 1 >"$W/leaf1/conf"
	spawn leaf1 evpnd setpriv --no-new-privs --bounding-set="-all,$bounding" env NOTIFY_SOCKET="$W/notify" \
		EVPND_ENGINE="$EVPND_ENGINE" EVPND_YANG_PATH="$EVPND_YANG_PATH" \
		"$EVPND_BIN/evpnd" -f "$W/leaf1/conf" --rundir "$W/leaf1/run"
}

told() { grep -qx "$1" "$W/notified"; }
same_again() { diff <(remote_tables leaf1) "$W/before"; }

need_all evpnd
command -v jq >/dev/null || skip "jq is not there"
fab_start
basic_build 4
listen_notify
run_rr evpnd
start_leaf1
run evpnd leaf2 < <(conf_leaf 2)
wait_for 20 "it tells the service manager that it is ready" told READY=1
if grep 'no packet socket' "$W/leaf1/log"; then fail "the unit's capabilities do not do for the packet sockets"; fi
basic_sessions 4
basic_flood 4
basic_learn 4

# KillMode=mixed: once the parent is dead, what is left of the service is killed too.
remote_tables leaf1 >"$W/before"
engine=$(engine_of leaf1) || fail "no engine"
kill -9 "${PIDOF[leaf1]}" "$engine"
await_end "${PIDOF[leaf1]}" 5 && await_end "$engine" 5 || fail "they outlived SIGKILL"
same_again || fail "entries are gone with the processes"
ok "all is killed: the entries stay"
: >"$W/notified"
start_leaf1
wait_for 20 "the next one is ready" told READY=1
wait_for 25 "the next one has its session" session_up leaf1 "$(lo4 100)"
wait_for 10 "the kernel's tables are as before" same_again

kill -HUP "${PIDOF[leaf1]}"
wait_for 10 "the unit's reload reads the file again" grep -q 'loaded again' "$W/leaf1/log"
stop leaf1 TERM || fail "it does not end on SIGTERM"
told STOPPING=1 || fail "it did not tell that it stops"
ok "it tells that it stops"
wait_for 1 "the entries stay after a wanted end" same_again
