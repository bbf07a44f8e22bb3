#!/bin/bash
# SPDX-License-Identifier: ISC
# Tenants change while they run, each change in one commit: a network's VNI, a port from one network to another, names
# swapped; hosts ping over what has come; what is broken behind its back is mended; rollback brings back what was.
. "$(dirname "$0")/tenant.sh"
. "$(dirname "$0")/live.sh"

tenant_start
chmod 777 "$W/leaf1" "$W/leaf2"
wait_for 60 "h1 pings h2" pings h1 10.1.10.12 2

# Another VNI, on both leaves.
was=$(machine leaf1) other=$(machine leaf2)
for i in 1 2; do change "leaf$i" 'tenant red' 'network web vni 10011 vlan 10'; done
devices_are leaf1 "br10011 br10020 vx10011 vx10020 " || fail "leaf1 has the devices $(devices_of leaf1)"
in_bridge leaf1 ph1 br10011 || fail "the port has not followed its network"
wait_for 60 "h1 pings h2 over the new VNI" pings h1 10.1.10.12 2
mended leaf1 vx10011
rolled_back leaf1 "$was"
rolled_back leaf2 "$other"
wait_for 60 "h1 pings h2 over the old one again" pings h1 10.1.10.12 2

# Two VNIs swapped, and a port moved, in one commit.
was=$(machine leaf2)
change leaf2 'tenant red' 'network web vni 10020' 'network app vni 10010' exit \
	'no port ph2 network web' 'port ph2 network app'
in_bridge leaf2 ph2 br10010 && in_bridge leaf2 ph3 br10010 || fail "the ports are not where their networks are"
wait_for 60 "h2 is in VNI 10010 still, by another name: h1 pings it" pings h1 10.1.10.12 2
mended leaf2 br10010
rolled_back leaf2 "$was"
wait_for 60 "h1 pings h2" pings h1 10.1.10.12 2
