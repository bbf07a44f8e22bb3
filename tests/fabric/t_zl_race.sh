#!/bin/bash
# SPDX-License-Identifier: ISC
# Hosts speak behind a port while the same MACs are wanted behind a VTEP and not: in the end the engine knows just
# the MACs that the bridge has on its ports, and no entry of ours is left.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
ip link add p1 netns "$P"leaf1 type veth peer name q1 netns "$P"leaf1
ip link add p2 netns "$P"leaf1 type veth peer name q2 netns "$P"leaf1
for i in 1 2; do
	ipn leaf1 link set p$i master br110 addrgenmode none up
	ipn leaf1 link set q$i addrgenmode none up
done
zl_run leaf1

# Frames from 64 sources, now behind one port, now behind the other: as many as each line says.
cat >"$W/talk.py" <<'END'
import random, socket, sys
random.seed(1)
port = [socket.socket(socket.AF_PACKET, socket.SOCK_RAW) for _ in range(2)]
for i, s in enumerate(port):
    s.bind(("q%d" % (i + 1), 0))
for line in iter(sys.stdin.readline, ""):
    for n in range(int(line)):
        src = bytes([2, 0, 0, 0, 0, random.randrange(64)])
        port[random.randrange(2)].send(b"\xff" * 6 + src + b"\x88\xb5" + b"\0" * 46)
END
mkfifo "$W/talk"
ns leaf1 python3 "$W/talk.py" <"$W/talk" &
PIDS+=($!)
exec 8>"$W/talk"
talk() { echo "$1" >&8; }

# The engine's view, and the kernel's.
known() {
	awk '/^begin/ { delete m } $1 == "mac" && $4 ~ /^02:00:00/ { if ($2 == "set") m[$4] = $5; else delete m[$4] }
		END { for (k in m) { sub(/dev=/, "", m[k]); print k, m[k] } }' "$W/leaf1/out" | sort
}
real() { ns leaf1 bridge fdb show br br110 | awk '/^02:00:00:00:00/ && / master / && !/vx110/ { print $1, $3 }' | sort; }
same() { [ "$(known)" = "$(real)" ]; }

settled() { # TEXT: after the last result and the last frame
	wait_quiet 20 zl_said leaf1 '^result ' || fail "$1: no result"
	wait_quiet 20 same || {
		diff <(known) <(real)
		fail "$1: the engine knows other MACs than the bridge has"
	}
}

# The last writes and the last frames come together: whoever was later, both must agree.
ports=0 remote=0
for ((round = 0; round < 60; round++)); do
	zl_mark leaf1
	talk $((50 + round * 10))
	zl leaf1 bulk set 64 110 10.0.0.2 10.1.10.2
	zl leaf1 bulk del 64 110 10.0.0.2 10.1.10.2
	zl leaf1 bulk set 64 110 10.0.0.3 10.1.10.2
	[ $((round % 2)) = 0 ] || zl leaf1 bulk del 64 110 10.0.0.3 10.1.10.2
	zl leaf1 want del mac 110 02:00:00:00:01:00 10.0.0.2
	settled "round $round"
	ports=$((ports + $(real | wc -l)))
	remote=$((remote + $(ns leaf1 bridge fdb show dev vx110 | grep -c '^02:00.*master')))
done
ok "the engine knew what the bridge had, $round times ($ports on ports, $remote behind the VTEP)"
zl_mark leaf1
zl leaf1 bulk del 64 110 10.0.0.2 10.1.10.2
zl leaf1 want del mac 110 02:00:00:00:01:00 10.0.0.2
settled "after deleting all"
must "nothing of ours is left" fdb_lacks leaf1 vx110 '^02:00'
must "nor a neighbour" neigh_lacks leaf1 br110 'proto 179'
talk 5000
all_sources() { [ "$(real | wc -l)" = 64 ] && same; }
wait_for 20 "all sources are known" all_sources

# An engine that does not read for a while, and more MACs than the channel takes.
zl_mark leaf1
zl leaf1 stall 3
for ((i = 0; i < 30000; i++)); do printf 'fdb add 02:cc:00:%02x:%02x:%02x dev p1 master static\n' $((i / 65536)) $((i / 256 % 256)) $((i % 256)); done >"$W/batch"
ns leaf1 bridge -batch "$W/batch"
all_there() { [ "$(zl_since leaf1 | grep -cE '^mac set 110 02:cc:')" = 30000 ]; }
wait_for 30 "a slow engine gets each MAC once" all_there
zl_mark leaf1
zl leaf1 stall 3
sed -i 's/fdb add/fdb del/; s/ static//' "$W/batch"
ns leaf1 bridge -batch "$W/batch"
all_gone() { [ "$(zl_since leaf1 | grep -cE '^mac del 110 02:cc:')" = 30000 ]; }
wait_for 30 "and each deletion once" all_gone
must "no event was lost" test "$(grep -c 'events were lost' "$W/leaf1/log")" = 0
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
