#!/bin/bash
# SPDX-License-Identifier: ISC
# As tests/fabric/t_tenant_live.sh, routed and in one bridge that filters VLANs: two networks with IPv6 gateways alone; VLAN,
# VNI and layer-3 VNI changed and a port moved while they run.
ROUTED=1 VXLAN=single
. "$(dirname "$0")/../fabric/tenant.sh"
. "$(dirname "$0")/../fabric/live.sh"

tenant_red() {
	cat <<-END
		tenant red vni 4001
		 network web vni 10010 vlan 10 gateway 2001:db8:10::1/64
		 network app vni 10020 gateway 2001:db8:20::1/64
		exit
	END
}

tenant_start
chmod 777 "$W/leaf1" "$W/leaf2"
six() { pings h1 "2001:db8:$1::$2" 2; }
wait_for 60 "h1 pings h3 over IPv6 gateways alone" six 20 13
wait_for 60 "h1 pings h2" six 10 12

# VLAN and VNI of a network in one commit.
was=$(machine leaf1)
for i in 1 2; do change "leaf$i" 'tenant red' 'network web vni 10011 vlan 11 gateway 2001:db8:10::1/64'; done
devices_are leaf1 "br-fabric red svi10011 svi10020 svi4001 vx-fabric " || fail "leaf1 has the devices $(devices_of leaf1)"
wait_for 60 "h1 pings h2 over the new VNI" six 10 12
wait_for 60 "h1 pings h3, routed" six 20 13
mended leaf1 svi10011

# Another layer-3 VNI: the VRF stays.
vrf() { ipn leaf1 -j -d link show red | jq -c '.[0] | [.ifindex, .linkinfo.info_data.table]'; }
red=$(vrf)
for i in 1 2; do change "leaf$i" 'tenant red vni 4002'; done
devices_are leaf1 "br-fabric red svi10011 svi10020 svi4002 vx-fabric " || fail "leaf1 has the devices $(devices_of leaf1)"
[ "$(vrf)" = "$red" ] || fail "the VRF was made anew: $(vrf), before $red"
wait_for 90 "h1 pings h3 over the new layer-3 VNI" six 20 13

# Back over both changes at once.
vt leaf1 'configure private' 'rollback 2' 'commit' >"$W/said" 2>&1 || fail "rollback 2: $(cat "$W/said")"
vt leaf2 'configure private' 'rollback 2' 'commit' >"$W/said" 2>&1 || fail "rollback 2: $(cat "$W/said")"
back() { plan_empty leaf1 && [ "$(machine leaf1)" = "$was" ]; }
wait_for 90 "rollback 2: as before both" back
wait_for 90 "h1 pings h3" six 20 13

# A port moves from one network to the other, with its address: h3's leaf routes to it no more, it bridges.
change leaf1 'no port ph1 network web' 'port ph1 network app'
ipn h1 addr add 2001:db8:20::11/64 dev eth0 nodad
wait_for 90 "h1, in the network app now, pings h3" six 20 13
