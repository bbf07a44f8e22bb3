#!/bin/bash
# SPDX-License-Identifier: ISC
# FDB entries that name nexthops in place of VTEPs: written, followed by packets, found again by the next engine and
# the next process, changed from one form into the other, and made anew when somebody deletes the nexthops.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_start
underlay 2
for i in 1 2; do vni_devices $i 110; done
D=$(vxdev 110)
M=02:00:00:00:00:0
FAR=$(mac_of 2 110 254) # leaf2's SVI, at host 202
ns leaf2 bridge fdb replace "$(mac_of 1 110 254)" dev "$D" self dst 10.0.0.1 ${SRC:-} ||
	skip "no FDB entries here"
ns leaf2 bridge fdb append 00:00:00:00:00:00 dev "$D" self dst 10.0.0.1 ${SRC:-}
ipn leaf2 neigh replace "$(host4 110 201)" lladdr "$(mac_of 1 110 254)" dev "$(svi 110)" nud permanent
ipn leaf1 nexthop add id 7 via 10.0.0.2 fdb 2>/dev/null || skip "this kernel has no nexthops for FDB entries"
ipn leaf1 nexthop del id 7

nexthops() { ipn leaf1 nexthop show proto 179 | grep -c fdb; }
has_nexthops() { [ "$(nexthops)" = "$1" ]; }
group_of() { # VTEP: the id of the group of the nexthop
	local hop
	hop=$(ipn leaf1 nexthop show proto 179 | sed -n "s/^id \([0-9]*\) via $1 .*/\1/p")
	ipn leaf1 nexthop show proto 179 | sed -n "s/^id \([0-9]*\) group $hop .*/\1/p"
}
by_id() { fdb_has leaf1 "$D" "^$1 (src_vni 110 )?nhid $(group_of "$2") self extern_learn"; }
by_address() { fdb_has leaf1 "$D" "^$1 dst $2 (src_vni 110 )?self extern_learn"; }
everything() { # what the engine wants, said again
	zl_ok leaf1 set flood 110 10.0.0.2
	zl_ok leaf1 set mac 110 "$FAR" 10.0.0.2
	zl_ok leaf1 set mac 110 ${M}7 10.0.0.2 sticky
	zl_ok leaf1 set neigh 110 "$(host4 110 202)" "$FAR"
}
again() { # TEXT: the data plane dumped and waits for everything
	wait_for 40 "$1" zl_said leaf1 '^end$'
}

export ZL_PROBE_IDS=1
zl_run leaf1
zl leaf1 sync

everything
must "an entry by id" by_id "$FAR" 10.0.0.2
must "in the bridge too" fdb_has leaf1 "$D" "^$FAR (vlan 10 )?extern_learn master"
must "a sticky one" by_id ${M}7 10.0.0.2
must "flooding is by address" fdb_has leaf1 "$D" '^00:00:00:00:00:00 dst 10.0.0.2 '
must "a nexthop and its group" has_nexthops 2
must "packets follow it" pings leaf1 "$(host4 110 202)" 3

# Moves, and more VTEPs.
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set mac 110 ${M}1 10.0.0.3
must "moved" by_id ${M}1 10.0.0.3
must "four nexthops" has_nexthops 4
zl_ok leaf1 del mac 110 ${M}1 10.0.0.3
must "deleted" fdb_lacks leaf1 "$D" "^${M}1 "
must "nothing was called lost" test "$(grep -c '^lost' "$W/leaf1/out")" = 0

# A MAC that the VXLAN device has by address already: the kernel does not replace that.
ns leaf1 bridge fdb add ${M}2 dev "$D" self dst 10.0.0.9 dynamic ${SRC:-}
zl_ok leaf1 set mac 110 ${M}2 10.0.0.2
must "in place of a dynamic entry" by_id ${M}2 10.0.0.2
zl_ok leaf1 del mac 110 ${M}2 10.0.0.2

# Behind our back.
zl_mark leaf1
# shellcheck disable=SC2086
ns leaf1 bridge fdb del ${M}7 dev "$D" self ${SRC:-}
wait_for 5 "an entry is lost" zl_said leaf1 "^lost mac 110 mac=${M}7 "
zl_mark leaf1
ipn leaf1 nexthop del id "$(group_of 10.0.0.2)"
again "a deleted nexthop, which took its entries along"
everything
zl leaf1 sync
wait_for 5 "nexthops that nobody wants are gone" has_nexthops 2
must "is made again" by_id "$FAR" 10.0.0.2
must "packets follow it" pings leaf1 "$(host4 110 202)" 3

# Another engine, and another process: the same nexthops.
was=$(group_of 10.0.0.2)
zl_mark leaf1
zl leaf1 crash
again "another engine"
everything
zl leaf1 sync
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "entries outlive the process" by_id "$FAR" 10.0.0.2
zl_run leaf1
everything
zl leaf1 sync
must "the next process uses the same nexthop" test "$(group_of 10.0.0.2)" = "$was"
must "entry as before" by_id "$FAR" 10.0.0.2

# What somebody else points to our nexthop stays.
# shellcheck disable=SC2086
ns leaf1 bridge fdb add ${M}b dev "$D" self static nhid "$was" ${SRC:-}

# By address, and by id again.
zl_mark leaf1
zl leaf1 config
again "addresses are configured"
everything
must "by address" by_address "$FAR" 10.0.0.2
must "the sticky one too" by_address ${M}7 10.0.0.2
must "packets follow it" pings leaf1 "$(host4 110 202)" 3
zl_mark leaf1
zl leaf1 sync
zl_ok leaf1 set mac 110 "$FAR" 10.0.0.2
must "a nexthop in use by somebody else stays" has_nexthops 2
# shellcheck disable=SC2086
ns leaf1 bridge fdb del ${M}b dev "$D" self ${SRC:-}
zl_mark leaf1
zl leaf1 resync
again "a dump"
everything
zl leaf1 sync
wait_for 5 "nobody uses it any more" has_nexthops 0
zl_mark leaf1
zl leaf1 config ids
again "ids are configured"
everything
zl leaf1 sync
must "by id again" by_id "$FAR" 10.0.0.2
must "packets follow it" pings leaf1 "$(host4 110 202)" 3
must "nothing was called lost but what was" test "$(zl_count leaf1 '^lost')" = 0

# An engine that wants nothing.
zl_mark leaf1
zl leaf1 crash
again "another engine"
zl leaf1 sync
wait_for 5 "entries are swept" fdb_lacks leaf1 "$D" "^$FAR (src_vni 110 )?nhid"
wait_for 5 "and nexthops" has_nexthops 0
zl_ok leaf1 set mac 110 "$FAR" 10.0.0.2
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
