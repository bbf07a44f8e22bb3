#!/bin/bash
# SPDX-License-Identifier: ISC
# evpnd's other half: the engine's process, signals, privileges, lost events.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
M=02:00:00:00:00:0

# What it listens to for sd_notify.
cat >"$W/notify.py" <<-END
	import socket, sys, os
	s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
	s.bind(sys.argv[1])
	os.chmod(sys.argv[1], 0o666)
	while True:
	    print(s.recv(4096).decode(), flush=True)
END
python3 "$W/notify.py" "$W/notify" >"$W/notified" &
PIDS+=($!)
wait_quiet 5 test -S "$W/notify"
export NOTIFY_SOCKET=$W/notify

zl_run leaf1 --nl-bufsize 16384
wait_for 5 "ready is told" grep -q READY=1 "$W/notified"
zl leaf1 status good
wait_for 5 "status is told" grep -q STATUS=good "$W/notified"

parent=${PIDOF[leaf1]}
engine=$(engine_of leaf1)
caps() { sed -n "s/^Cap$2:\t//p" "/proc/$1/status"; }
must "the parent keeps CAP_NET_ADMIN alone" test "$(caps "$parent" Eff)$(caps "$parent" Prm)" = 00000000000010000000000000001000
must "and no inheritable or ambient one" test "$(caps "$parent" Inh)$(caps "$parent" Amb)" = 00000000000000000000000000000000
must "and no other user id" test "$(sed -n 's/^Uid:\t//p' "/proc/$parent/status" | tr '\t' '\n' | sort -u)" = "$(id -u nobody)"
must "the engine has no capability" test "$(caps "$engine" Eff)$(caps "$engine" Prm)$(caps "$engine" Bnd)" = 000000000000000000000000000000000000000000000000
must "nor may it get one" grep -q '^NoNewPrivs:.1' "/proc/$engine/status"
must "its run directory is its own" test "$(stat -c %U "$W/leaf1/run")" = nobody
must "the engine has no descriptor but its own" test "$(find "/proc/$engine/fd" -lname 'socket:*' | wc -l)" -le 3

# Lost events: more changes than the small buffer holds while evpnd does not read.
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set flood 110 10.0.0.2
zl_mark leaf1
kill -STOP "$parent"
for ((i = 0; i < 2000; i++)); do printf 'fdb add 02:cc:00:00:%02x:%02x dev br110 master static\n' $((i / 256)) $((i % 256)); done >"$W/batch"
ip link add ph2 netns "$P"leaf1 type veth peer name q2 netns "$P"leaf1
ipn leaf1 link set ph2 master br110 up
ipn leaf1 link set q2 up
sed -i 's/dev br110/dev ph2/' "$W/batch"
ns leaf1 bridge -batch "$W/batch"
ns leaf1 bridge fdb del ${M}1 dev vx110 self dst 10.0.0.2
kill -CONT "$parent"
wait_for 20 "a new dump" zl_said leaf1 '^begin '
must "because events were lost" grep -q 'events were lost' "$W/leaf1/log"
wait_for 20 "is whole" zl_said leaf1 '^end$'
must "all MACs are known" test "$(zl_since leaf1 | grep -oE '^mac set 110 02:cc:00:00:[0-9a-f:]*' | sort -u | wc -l)" = 2000
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set flood 110 10.0.0.2
zl leaf1 sync
must "repaired" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.2 self"
ipn leaf1 link del ph2
# Either by a deletion each, or by not being said again after one more dump.
known() { # REGEX: MACs that the engine knows by now
	awk -v re="$1" '/^begin/ { delete m } $1 == "mac" && $4 ~ re { if ($2 == "set") m[$4]; else delete m[$4] }
		END { n = 0; for (k in m) n++; print n }' "$W/leaf1/out"
}
all_gone() { test "$(known '^02:cc:')" = 0; }
wait_for 20 "and forgotten with their port" all_gone

# The engine is asked for a new configuration.
zl_mark leaf1
kill -HUP "$parent"
wait_for 5 "SIGHUP is passed on" zl_said leaf1 '^signal HUP$'

# It dies, again and again; sockets and tables stay.
listening() { ns leaf1 ss -Hltn 'sport = :1179' | wc -l; }
for i in 1 2; do
	zl_mark leaf1
	kill -9 "$(engine_of leaf1)"
	must "still listening" test "$(listening)" = 2
	wait_for 10 "engine again ($i)" zl_said leaf1 '^end$'
done
must "parent is the same" kill -0 "$parent"
must "entries stay" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.2 self"

# It misbehaves: a channel that closes is an end.
zl_mark leaf1
zl leaf1 exit 5
wait_for 10 "an engine that exits is started again" zl_said leaf1 '^end$'

# A clean stop leaves the entries.
stop leaf1
must "clean exit" wait "$parent"
must "stopping is told" grep -q STOPPING=1 "$W/notified"
must "the engine got a signal" zl_said leaf1 '^signal TERM$'
must "entries stay" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.2 self"
must "nobody listens" test "$(listening)" = 0

# One that refuses to start ends the program.
cat >"$W/refuse" <<-'END'
	#!/bin/sh
	echo "line 3: no" >&2
	exit 78
END
chmod 755 "$W/refuse"
ns leaf1 env EVPND_ENGINE="$W/refuse" "$W/evpnd" --rundir "$W/leaf1/run" -p 1179 2>"$W/refused"
must "the engine's exit status is the program's" test $? = 78
must "and its words are seen" grep -q 'line 3: no' "$W/refused"
ns leaf1 env EVPND_ENGINE="$W/nothing" "$W/evpnd" --rundir "$W/leaf1/run" -p 1179 2>/dev/null
must "no engine" test $? = 127
ns leaf1 env EVPND_ENGINE="$W/refuse" "$W/evpnd" --check "$W/x" 2>/dev/null
must "--check is the engine's" test $? = 78
ns leaf1 "$W/evpnd" -p 70000 2>/dev/null
must "wrong usage" test $? = 2
ns leaf1 "$W/evpnd" --version | grep -q '^evpnd [0-9]'
must "version" test $? = 0

# Named addresses, and without privileges.
zl_run leaf1 -l 10.0.0.1 -l ::1
must "named addresses" test "$(listening)" = 2
must "and no other" test "$(ns leaf1 ss -Hltn 'sport = :1179' | grep -cE '10.0.0.1:|\[::1\]:')" = 2
stop leaf1

# At its end it takes its entries along, if asked.
zl_run leaf1 --flush-on-exit
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set neigh 110 10.1.10.9 ${M}1
ns leaf1 bridge fdb add 02:dd:00:00:00:01 dev vx110 self static dst 10.9.9.9
stop leaf1
must "entries are gone" fdb_lacks leaf1 vx110 "^(${M}.|00:00:00:00:00:00) "
must "neighbours are gone" neigh_lacks leaf1 br110 'proto 179'
must "but not theirs" fdb_has leaf1 vx110 '^02:dd:00:00:00:01 dst 10.9.9.9'
mkdir "$W/leaf1/own"
chown nobody "$W/leaf1/own"
spawn leaf1 zl setpriv --reuid nobody --clear-groups env ZL_PROBE_IN="$W/leaf1/in" ZL_PROBE_OUT="$W/leaf1/out" \
	EVPND_ENGINE="$W/zl_probe" "$W/evpnd" --rundir "$W/leaf1/own" -p 1179 --no-kernel
zl_mark leaf1
wait_for 10 "without kernel and privileges" zl_said leaf1 '^end$'
must "nothing is seen" test "$(zl_count leaf1 '^(vni|mac|neigh|addr)')" = 0
zl_refused ENODEV leaf1 set mac 110 ${M}1 10.0.0.2
stop leaf1
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
