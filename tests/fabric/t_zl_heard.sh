#!/bin/bash
# SPDX-License-Identifier: ISC
# A write that was decided before the engine heard of a local host does not take the host over; and a host that
# came here while nobody listened is asked for its address.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
zl_run leaf1
H=$(host_mac 110 1)
IP=$(host4 110 1)
speaks() { pings h1 "$(host4 110 201)"; }

# The engine does not know yet what is said from here on.
zl leaf1 deaf
host h1 1 110 1
must "the host speaks" pings leaf1 "$IP"
wait_for 10 "its MAC is said" grep -q "^mac set 110 $H dev=ph1" "$W/leaf1/out"
wait_for 10 "and its address" grep -q "^neigh set 110 $IP $H" "$W/leaf1/out"
zl_refused ESTALE leaf1 set mac 110 "$H" 10.0.0.2
zl_refused ESTALE leaf1 set neigh 110 "$IP" "$(host_mac 110 9)"
must "the MAC is still here" fdb_has leaf1 ph1 "^$H "
must "and nowhere else" fdb_lacks leaf1 vx110 "^$H "
must "so is the address" neigh_has leaf1 br110 "^$IP lladdr $H "
zl_ok leaf1 set mac 110 "$(host_mac 110 9)" 10.0.0.2
zl_ok leaf1 del mac 110 "$H" 10.0.0.2
must "what is not here is written, and a deletion is none of that" fdb_has leaf1 ph1 "^$H "

# Now it does.
zl leaf1 hear
zl_ok leaf1 set mac 110 "$H" 10.0.0.2
must "what is known is taken over" fdb_has leaf1 vx110 "^$H dst 10.0.0.2 self"
must "and told" zl_said leaf1 "^mac del 110 $H "
zl_ok leaf1 set neigh 110 "$IP" "$H"
must "the address too" neigh_has leaf1 br110 "^$IP lladdr $H .*proto 179"

# A frame brings the MAC here; the address stands by our entry until somebody looks.
zl_mark leaf1
must "the host speaks" speaks
wait_for 10 "its MAC is here" fdb_has leaf1 ph1 "^$H "
must "the entry is still ours" neigh_has leaf1 br110 "^$IP lladdr $H .*proto 179"
zl leaf1 crash
learnt() { neigh_has leaf1 br110 "^$IP lladdr $H .*REACHABLE" && neigh_lacks leaf1 br110 "^$IP .*proto 179"; }
wait_for 20 "another engine comes: the kernel asks the host" learnt
wait_for 10 "and its address is said" zl_said leaf1 "^neigh set 110 $IP $H"
must "it was not called lost" test "$(grep -c "^lost neigh 110 .* ip=$IP " "$W/leaf1/out")" = 0
