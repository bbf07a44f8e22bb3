#!/bin/bash
# SPDX-License-Identifier: ISC
# Two leaves of evpnd put into the kernel exactly what two leaves of FRR put there, in the same fabric.
. "$(dirname "$0")/basic.sh"

# Builds the fabric with leaves of one kind; their tables go to $W/tables.KIND.
tables_of() { # KIND
	basic_build 4
	run_rr frr
	run "$1" leaf1 < <(conf_leaf 1)
	run "$1" leaf2 < <(conf_leaf 2)
	basic_sessions 4
	basic_flood 4
	# Hosts speak by IPv4 alone from known addresses, so that the tables hold nothing else.
	wait_for 20 "$1: h1 reaches h2" pings h1 "$(host4 $V1 2)"
	ns h3 ping -c1 -W1 "$(host4 $V2 202)" >/dev/null
	ns leaf1 ping -c1 -W1 "$(host4 $V1 1)" >/dev/null
	ns leaf2 ping -c1 -W1 "$(host4 $V1 2)" >/dev/null
	ns leaf2 ping -c1 -W1 "$(host4 $V2 3)" >/dev/null
	wait_for 15 "$1: leaf1 has h2" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"
	wait_for 15 "$1: leaf1 has h3" neigh_at leaf1 $V2 "$(host4 $V2 3)" "$(host_mac $V2 3)"
	wait_for 15 "$1: leaf2 has h1" neigh_at leaf2 $V1 "$(host4 $V1 1)" "$(host_mac $V1 1)"
	for i in 1 2; do remote_tables leaf$i | grep -v ' fe80:' | sed "s/^/leaf$i /"; done >"$W/tables.$1"
}

need_all frr evpnd
fab_start
for kind in frr evpnd; do
	tables_of $kind
	fab_down
done
diff -u "$W/tables.frr" "$W/tables.evpnd" || fail "the tables differ (- FRR, + evpnd)"
ok "the kernels of both fabrics hold the same $(wc -l <"$W/tables.frr") entries"
