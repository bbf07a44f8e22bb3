#!/bin/bash
# SPDX-License-Identifier: ISC
# The guide's chapter "When a ping fails": each fault that it names is made, the command that it names is asked, and the
# answer has the words that stand there.
. "$(dirname "$0")/basic.sh"

M2=$(host_mac $V1 2) I2=$(host4 $V1 2)
TRACE="show evpn trace vni $V1 mac $M2 ip $I2"
chapter=$(sed -n '/^## When a ping fails/,/^## The state/p' "$FAB/../../doc/guide.md" | sed "s/VNI 10010/VNI $V1/g")

# says NODE COMMAND WORDS [nowhere]: the words come in the answer, and stand in the chapter.
says() {
	[ -n "${4:-}" ] || grep -qF -- "\`$3\`" <<<"$chapter" || fail "the guide does not have the words: $3"
	wait_for 20 "$1 says: $3" answers "$@"
}

answers() { vt "$1" "$2" 2>/dev/null | grep -qF -- "$3"; }

conf() { # NODE LINE...
	local n=$1
	shift
	vt "$n" 'configure terminal' "$@" >"$W/said" || fail "$n: $(cat "$W/said")"
}

healed() { wait_for 30 "and all is well again" vt_has leaf1 "$TRACE" 'Install: installed'; }

basic_start evpnd evpnd evpnd 4
wait_for 20 "h1 reaches h2" pings h1 "$I2"
ns leaf2 ping -c1 -W1 -I "$(svi $V1)" "$I2" >/dev/null
says leaf2 "$TRACE" 'originated here'
says leaf2 "$TRACE" 'Intf:'
says leaf1 "$TRACE" 'Remote VTEP:'
says leaf1 "$TRACE" 'Install: installed'

# Other route targets at the leaf of the host.
conf leaf2 'router bgp 65000' 'address-family l2vpn evpn' "vni $V1" 'route-target export 1:1'
says leaf1 "$TRACE" "not imported: VNI $V1 imports"
vt_json leaf1 "$TRACE" '[.routes[].fate] == ["notImported", "notImported"]' || fail "the same in JSON"
conf leaf2 'router bgp 65000' 'address-family l2vpn evpn' "vni $V1" 'no route-target export 1:1'
healed

# No route to the other VTEP.
ipn leaf1 route del 10.0.0.0/24
ipn leaf1 route add "$(lo4 100)/32" via 172.16.1.0 src "$(lo4 1)"
says leaf1 "$TRACE" 'not used: no path of it is valid'
says leaf1 "$TRACE" '(inaccessible)' nowhere
says leaf1 'show evpn doctor' 'no route to 1 next hop of received routes' nowhere
says leaf1 'show bgp nexthop' "$(lo4 2) invalid" nowhere
ipn leaf1 route add 10.0.0.0/24 via 172.16.1.0 src "$(lo4 1)"
healed

# Something that is not ours in the way of an entry.
ipn leaf1 link set up0 down
wait_for 40 "leaf1 has lost h2" mac_gone leaf1 $V1 "$M2"
ipn leaf1 neigh replace "$I2" lladdr 02:00:00:00:00:99 nud permanent dev "$(svi $V1)"
ipn leaf1 link set up0 up
ipn leaf1 route replace 10.0.0.0/24 via 172.16.1.0 src "$(lo4 1)"
says leaf1 "$TRACE" 'Install: failed'
says leaf1 'show evpn kernel errors' 'not ours' nowhere
ipn leaf1 neigh del "$I2" dev "$(svi $V1)"
healed

# A setting of the machine.
ns leaf1 sysctl -qw "net.ipv4.conf.$(svi $V1).forwarding=0"
wait_for 60 "the doctor of leaf1 sees what the guide shows" vt_has leaf1 'show evpn doctor' 'Routed traffic of this network is dropped'
ns leaf1 sysctl -qw "net.ipv4.conf.$(svi $V1).forwarding=1"

# The port of the host is down.
ipn leaf2 link set ph2 down
says leaf1 "$TRACE" 'Routes: 0'
says leaf1 "$TRACE" 'neither a port of this machine nor a route that is used says so'
ipn leaf2 link set ph2 up
ns h2 ping -c1 -W1 "$(host4 $V1 202)" >/dev/null
healed

# Nobody is there to be told.
conf spine 'router bgp 65000' 'neighbor LEAVES shutdown'
says leaf2 "$TRACE" 'Not advertised to any peer'
says leaf1 'show evpn doctor' '1 of 1 neighbours are not established' nowhere
conf spine 'router bgp 65000' 'no neighbor LEAVES shutdown'
healed
wait_for 20 "h1 reaches h2" pings h1 "$I2"
