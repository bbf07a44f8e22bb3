#!/bin/bash
# SPDX-License-Identifier: ISC
# A commit that the kernel could not follow is refused before anything is done, with the reason and the path: an MTU that
# the underlay does not carry, a UDP port of a program or of another VXLAN device, the name of another device, a port
# that is not there or in somebody's bridge. `commit check` says the same.
. "$(dirname "$0")/tenant.sh"

need_all evpnd
command -v jq >/dev/null || skip "jq is not there"
fab_start
MTU=1700 underlay 1
run evpnd leaf1 < <(tenant_fabric 1; tenant_red)
wait_for 60 "the devices are there" plan_empty leaf1
devices_are leaf1 "br10010 br10020 vx10010 vx10020 " || fail "leaf1 has the devices $(devices_of leaf1)"

refused leaf1 'MTU of 1651 .* exceed the 1700 of up0' '(/evpnd:fabric/mtu)' fabric 'mtu 1651'
accepted leaf1 fabric 'mtu 1650'
# A device for management, with a smaller MTU, is not the underlay.
ipn leaf1 link add mgmt type veth peer name mgmt2
ipn leaf1 addr add 192.0.2.1/24 dev mgmt
ipn leaf1 link set mgmt up
ipn leaf1 link set mgmt2 up
accepted leaf1 fabric 'mtu 1650'
ipn leaf1 link del mgmt

# A program at the port.
ns leaf1 timeout 300 python3 -c 'import os, signal, socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 4790))
print("bound", os.getpid(), flush=True)
signal.pause()' >"$W/bound" &
wait_for 30 "a program has UDP port 4790" grep -q bound "$W/bound"
refused leaf1 'another program has UDP port 4790' '(/evpnd:fabric/udp-port)' fabric 'udp-port 4790'
kill "$(sed 's/bound //' "$W/bound")"
wait $! 2>/dev/null
accepted leaf1 fabric 'udp-port 4790'

# A VXLAN device of somebody else: with the same VNI, and one for all VNIs, which receives in another way.
ipn leaf1 link add theirs type vxlan id 10010 dstport 4790 local "$(lo4 1)"
refused leaf1 'theirs has UDP port 4790 for the same VNIs' '(/evpnd:fabric/udp-port)' fabric 'udp-port 4790'
ipn leaf1 link del theirs
ipn leaf1 link add theirs type vxlan external dstport 4790 local "$(lo4 1)"
refused leaf1 'theirs has UDP port 4790, and receives in another way' '(/evpnd:fabric/udp-port)' fabric 'udp-port 4790'
ipn leaf1 link del theirs

# Names.
ipn leaf1 link add br10040 type veth peer name other
refused leaf1 "br10040: is there already, and is not evpnd's" "(/evpnd:tenant[name='red']/network[name='lab'])" \
	'tenant red' 'network lab vni 10040'
ipn leaf1 link del br10040
ipn leaf1 link add vx10040 type bridge
refused leaf1 "vx10040: is there already" "(/evpnd:tenant[name='red']/network[name='lab'])" \
	'tenant red' 'network lab vni 10040'
ipn leaf1 link del vx10040
accepted leaf1 'tenant red' 'network lab vni 10040'

# Ports.
refused leaf1 'tap0: the port is not there' "(/evpnd:port[name='tap0'])" 'port tap0 network web'
ipn leaf1 link add tap0 type veth peer name tap1
accepted leaf1 'port tap0 network web'
ipn leaf1 link add br0 type bridge
ipn leaf1 link set tap0 master br0
refused leaf1 "tap0: the port is in br0, which is not evpnd's" "(/evpnd:port[name='tap0'])" 'port tap0 network web'
refused leaf1 "vx10010: is a device of evpnd's, and cannot be a port" "(/evpnd:port[name='vx10010'])" 'port vx10010 network app'

# A VTEP without an address.
refused leaf1 'br0: has no address for the VTEP' '(/evpnd:fabric/vtep)' fabric 'vtep br0'

# What was wrong before keeps no other commit from being made.
vt leaf1 'configure terminal' 'port later network web' || fail "a port that is not there yet is refused by configure terminal"
accepted leaf1 'tenant red' 'network lab vni 10040'
ok "a note about what was wrong before refuses nothing"
