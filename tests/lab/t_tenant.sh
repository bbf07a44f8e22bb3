#!/bin/bash
# SPDX-License-Identifier: ISC
# A routed tenant from the short form, with VRF, one bridge that filters VLANs and one VXLAN device: three lines
# for the tenant, and hosts ping each other within their network and across; broken things are mended, a restart
# loses no packet, and what evpnd made goes with the tenant.
ROUTED=1 VXLAN=${VXLAN:-single}
. "$(dirname "$0")/../fabric/tenant.sh"

tenant_start
devices_are leaf1 "br-fabric red svi10010 svi10020 svi4001 vx-fabric " || fail "leaf1 has the devices $(devices_of leaf1)"
ok "leaf1 has VRF, bridge, VXLAN device and the interfaces of red"
both() { pings "$1" "10.1.$2.$3" 2 && pings "$1" "2001:db8:$2::$3" 2; }
wait_for 60 "h1 pings its gateway" both h1 10 1
wait_for 60 "h1 pings h2 at leaf2: bridged, IPv4 and IPv6" both h1 10 12
wait_for 60 "h1 pings h3 in the other network at leaf2: routed, IPv4 and IPv6" both h1 20 13
wait_for 60 "h3 pings h1" both h3 10 11
wait_for 60 "the doctor finds nothing wrong with what evpnd has made" vt_has leaf1 'show evpn doctor' 'Nothing found'

# What others break.
ipn leaf1 link del svi10010
wait_for 60 "an interface deleted: it is there again" devices_are leaf1 "br-fabric red svi10010 svi10020 svi4001 vx-fabric "
wait_for 60 "and h1 pings h3" both h1 20 13
ipn leaf1 addr del 10.1.10.1/24 dev svi10010
wait_for 60 "the gateway's address deleted: h1 pings it again" pings h1 10.1.10.1
ns leaf1 bridge vlan del dev vx-fabric vid 10
wait_for 60 "a VLAN deleted: h1 pings h2 again" both h1 10 12
ipn leaf1 link del br-fabric
wait_for 90 "the bridge deleted, and what stood on it: all is there again" plan_empty leaf1
wait_for 60 "h1 pings h3" both h1 20 13

# Restarts under a ping that is routed.
ns h1 ping -n -q -i 0.2 -c 60 -W 2 10.1.20.13 >"$W/ping" 2>&1 &
said=$!
kill -9 "$(engine_of leaf1)"
sleep 3
stop leaf1 KILL
run evpnd leaf1 < <(tenant_conf 1)
wait "$said"
grep -q ' 0% packet loss' "$W/ping" || fail "packets were lost: $(grep loss "$W/ping")"
ok "engine and evpnd killed and started under a routed ping: no packet lost"
wait_for 60 "the session is back" session_up leaf1 "$(lo4 100)"
wait_for 60 "nothing to do" plan_empty leaf1

# A second tenant with the same addresses, in three lines; its VLANs are free ones.
vt leaf1 'configure terminal' 'tenant blue vni 4002' 'network shop vni 20010 gateway 10.1.10.1/24' ||
	fail "tenant blue"
wait_for 60 "a second tenant with the same addresses" devices_are leaf1 \
	"blue br-fabric red svi10010 svi10020 svi20010 svi4001 svi4002 vx-fabric "
wait_for 60 "nothing to do" plan_empty leaf1
both h1 20 13 || fail "red suffered from blue"
# Foreign VRFs and bridges stay as they are.
ipn leaf1 link add green type vrf table 77
vt leaf1 'configure terminal' 'no tenant blue' || fail "no tenant blue"
wait_for 60 "no tenant blue: its devices are gone" devices_are leaf1 "br-fabric red svi10010 svi10020 svi4001 vx-fabric "
both h1 20 13 || fail "red suffered from blue's end"

# The other shape: everything but the VRF is made anew.
for i in 1 2; do vt "leaf$i" 'configure terminal' 'fabric' 'vxlan per-vni' || fail "vxlan per-vni"; done
wait_for 60 "a bridge and a VXLAN device for each VNI instead" devices_are leaf1 \
	"br10010 br10020 br4001 red vx10010 vx10020 vx4001 "
wait_for 90 "h1 pings h2 over them" both h1 10 12
wait_for 60 "h1 pings h3 over them" both h1 20 13
wait_for 60 "nothing to do" plan_empty leaf1
vt leaf1 'configure terminal' 'no port ph1' 'no tenant red' 'no fabric' || fail "no fabric"
wait_for 60 "no fabric: all that evpnd made is gone" devices_are leaf1 ""
for d in green ph1 up0; do no_device leaf1 $d && fail "$d is gone, which evpnd had not made"; done
ok "and nothing else"
