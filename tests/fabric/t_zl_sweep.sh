#!/bin/bash
# SPDX-License-Identifier: ISC
# Another dump begins while the sweep still takes stale nexthops away: those that were wanted are not among them.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
FIRST=$((0xb3001000)) STALE=3000
for ((i = 0; i < STALE; i++)); do
	echo "nexthop add id $((FIRST + i)) via 10.1.10.$((i % 100 + 2)) dev br110 onlink proto 179"
done >"$W/batch"
ipn leaf1 -batch "$W/batch" 2>/dev/null || skip "this kernel has no nexthop objects"
stale() { ipn leaf1 nexthop show | grep -c 'via 10\.1\.10\.'; }
ours() { ipn leaf1 nexthop show | grep -q 'via 10\.0\.0\.2 dev br110 .*proto 179'; }
fewer() { [ "$(stale)" -lt "$1" ]; }

zl_run leaf1
zl_ok leaf1 set hop 1 110 10.0.0.2 02:00:00:00:00:02
must "a next hop" ours
zl_mark leaf1
zl leaf1 sync
wait_quiet 30 fewer "$STALE" || fail "the sweep does not begin"
zl leaf1 resync
wait_for 60 "all is said again" zl_said leaf1 '^end$'
left=$(stale)
note "$left stale nexthops were left"
must "the next hop is still there" ours
zl_ok leaf1 set hop 1 110 10.0.0.2 02:00:00:00:00:02
must "after another dump nothing is swept unasked" test "$(stale)" = "$left"
zl leaf1 sync
wait_for 120 "the next sweep takes the rest" fewer 1
must "and not the next hop" ours
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
