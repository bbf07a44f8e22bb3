#!/bin/bash
# SPDX-License-Identifier: ISC
# The short form with a bridge and a VRF that somebody else made: they are used, and stay as they were; a trunk port
# carries a network with its VLAN as tag.
ROUTED=1 VXLAN=single
. "$(dirname "$0")/../fabric/tenant.sh"

command -v jq >/dev/null || skip "jq is not there"
need_all evpnd
fab_start
MTU=1700 underlay 2
ipn leaf1 link add br0 type bridge vlan_filtering 1 || skip "this kernel has no VLAN-aware bridge"
ipn leaf1 link set br0 address 02:00:00:00:00:99 up
ns leaf1 bridge vlan add dev br0 vid 4094 self
ns leaf1 bridge vlan add dev br0 vid 10 self # that of a network
ipn leaf1 link add red type vrf table 77 || skip "this kernel has no VRF"
vlans() { ns leaf1 bridge -j vlan show dev br0 | jq -c '.[0].vlans'; }
before=$(vlans)
run evpnd spine < <(conf_rr)
tenant_host h1 1 10 11
tenant_host h2 2 10 12
tenant_host h3 2 20 13
# A host whose frames are tagged.
tenant_host h4 1 10 14
ipn h4 link add link eth0 name eth0.10 type vlan id 10
ipn h4 addr flush dev eth0
ipn h4 addr add 10.1.10.14/24 dev eth0.10
ipn h4 link set eth0.10 up

adopting() {
	tenant_fabric 1 | sed 's/^ vtep lo/&\n bridge br0 adopt/'
	tenant_red | sed 's/^tenant red.*/& adopt/'
	printf 'port ph1 network web\nport ph4 tagged web\n'
}
run evpnd leaf1 < <(adopting)
run evpnd leaf2 < <(tenant_conf 2)
for i in 1 2; do wait_for 60 "leaf$i has a session to the spine" session_up "leaf$i" "$(lo4 100)"; done
for i in 1 2; do wait_for 60 "leaf$i: nothing is left to be done" plan_empty "leaf$i"; done
devices_are leaf1 "svi10010 svi10020 svi4001 vx-fabric " || fail "leaf1 has the devices $(devices_of leaf1)"
ok "evpnd has made what was not there"
both() { pings "$1" "10.1.$2.$3" 2; }
wait_for 60 "h1 pings h2: bridged" both h1 10 12
wait_for 60 "h1 pings h3: routed" both h1 20 13
wait_for 60 "h4, behind a trunk port, pings h2" both h4 10 12
wait_for 60 "and h1 of its own leaf" both h4 10 11

vt leaf1 'configure terminal' 'no port ph1' 'no port ph4' 'no tenant red' 'no fabric' || fail "no fabric"
wait_for 60 "no fabric: all that evpnd made is gone" devices_are leaf1 ""
same() { [ "$(vlans)" = "$before" ]; }
wait_for 60 "the bridge has its own VLANs, as before" same
for d in br0 red; do no_device leaf1 $d && fail "$d is gone, which evpnd had not made"; done
ipn leaf1 -j link show br0 | jq -e '.[0].address == "02:00:00:00:00:99"' >/dev/null || fail "the bridge's MAC was changed"
ok "bridge and VRF are there, as they were"
