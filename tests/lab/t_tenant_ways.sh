#!/bin/bash
# SPDX-License-Identifier: ISC
# A tenant with a way out (`external`), whose prefix another tenant has by `leak from ... prefix-list`: hosts of that
# tenant reach the outside from both leaves; what the list does not permit stays away; a tenant without a layer-3 VNI
# (`irb asymmetric`) routes between its networks.
ROUTED=1 VXLAN=single
. "$(dirname "$0")/../fabric/tenant.sh"

tenant_red() {
	cat <<-END
		tenant red vni 4001
		 network web vni 10010 vlan 10 gateway 10.1.10.1/24
		 network app vni 10020 gateway 10.1.20.1/24
		 leak from shared prefix-list OUT
		exit
		tenant shared vni 4009
		 leak from red
		exit
		tenant flat
		 irb asymmetric
		 network a vni 10031 gateway 10.3.1.1/24
		 network b vni 10032 gateway 10.3.2.1/24
		exit
		ip prefix-list OUT seq 5 permit 192.0.2.0/24
	END
}

tenant_start
devices_are leaf1 "br-fabric flat red shared svi10010 svi10020 svi10031 svi10032 svi4001 svi4009 vx-fabric " ||
	fail "leaf1 has the devices $(devices_of leaf1)"

# The outside, at leaf1: two prefixes, one of which red may see.
node wan
ip link add eth3 netns "${P}leaf1" type veth peer name eth0 netns "${P}wan"
ip link add eth5 netns "${P}leaf1" type veth peer name eth1 netns "${P}wan"
ipn wan addr add 192.0.2.1/24 dev eth0
ipn wan addr add 198.51.100.1/24 dev eth1
for d in eth0 eth1; do ipn wan link set $d up; done
ipn wan route add 10.1.0.0/16 via 192.0.2.2
vt leaf1 'configure terminal' 'tenant shared' 'external wan interface eth3 address 192.0.2.2/24' \
	'external lab interface eth5 address 198.51.100.2/24' || fail "external"
wait_for 60 "the ways out are there: nothing is left to be done" plan_empty leaf1
in_bridge leaf1 eth3 shared || fail "eth3 is not in the VRF"
has_route() { ipn "$1" -j route show vrf "$2" "$3" | jq -e 'length > 0' >/dev/null; }
wait_for 60 "leaf2 has the prefix in shared" has_route leaf2 shared 192.0.2.0/24
wait_for 60 "and in red, by the leak" has_route leaf2 red 192.0.2.0/24
has_route leaf2 red 198.51.100.0/24 && fail "what the list does not permit is in red"
ok "what the list does not permit is not"
wait_for 90 "h1 pings the outside, from one VRF into the other of its leaf" pings h1 192.0.2.1 2
wait_for 90 "h3 pings it from leaf2" pings h3 192.0.2.1 2

# Two networks of a tenant without a layer-3 VNI.
tenant_host h5 1 31 11
ipn h5 addr flush dev eth0
ipn h5 addr add 10.3.1.11/24 dev eth0
ipn h5 route add default via 10.3.1.1
tenant_host h6 2 32 12
ipn h6 addr flush dev eth0
ipn h6 addr add 10.3.2.12/24 dev eth0
ipn h6 route add default via 10.3.2.1
vt leaf1 'configure terminal' 'port ph5 network a' || fail "port ph5"
vt leaf2 'configure terminal' 'port ph6 network b' || fail "port ph6"
wait_for 90 "asymmetric: h5 pings h6 in the other network at the other leaf" pings h5 10.3.2.12 2

# Away again: the interface is let go as it was.
vt leaf1 'configure terminal' 'tenant shared' 'no external wan' || fail "no external wan"
let_go() { [ "$(ipn leaf1 -j addr show eth3 | jq -c '.[0] | [.master, [.addr_info[] | select(.family == "inet") | .local]]')" = '[null,[]]' ]; }
wait_for 60 "no external: out of the VRF, and without its address" let_go
