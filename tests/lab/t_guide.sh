#!/bin/bash
# SPDX-License-Identifier: ISC
# The guide's chapters "A tenant from nothing" and "Anycast gateways", typed as they stand there: the commands for the kernel
# and the configuration, on two leaves; then hosts of two subnets reach each other, and every question has its answer.
. "$(dirname "$0")/guide.sh"

guide_build
# The second leaf has its host in the other subnet.
type_in leaf1 < <(block 'A tenant from nothing' sh | of_leaf 1)
type_in leaf2 < <(block 'A tenant from nothing' sh | of_leaf 2 | sed 's/dev eth1 vid 10/dev eth1 vid 20/')
for i in 1 2; do run evpnd leaf$i < <(block 'A tenant from nothing' evpnd | of_leaf $i); done
for i in 1 2; do wait_for 60 "leaf$i has a session" session_up leaf$i 10.0.0.1; done

wait_for 60 "h12 reaches its gateway" pings h12 10.1.10.1
wait_for 60 "h12 reaches h13 in the other subnet, behind the other leaf" pings h12 10.1.20.13
wait_for 60 "by IPv6 too" pings h12 2001:db8:20::13
answers leaf1 'show vrf vni' 'red +4001 .* Up'
answers leaf1 'show bgp l2vpn evpn vni 4001' '65000:4001'
answers leaf1 'show evpn next-hops vni 4001' '10\.0\.0\.12'
answers leaf1 'show evpn rmac vni 4001' '02:00:00:00:40:12'
answers leaf1 'show ip route vrf red 10.1.20.13' '10\.0\.0\.12'
answers leaf1 'show bgp vrf red ipv4 unicast 10.1.20.13' '10\.0\.0\.12'
answers leaf1 'show bgp l2vpn evpn route type prefix self-originate' '10\.1\.20\.0'
vt_json leaf1 'show evpn doctor' '[.findings[] | select(.severity == "error")] == []' ||
	fail "the doctor finds errors: $(vt leaf1 'show evpn doctor')"
ok "the doctor has no error to tell of"

# The other way to make a gateway: a macvlan above the SVI, which gets an address of its own.
ipn leaf1 addr flush dev vlan10
type_in leaf1 < <(block 'Anycast gateways' sh | of_leaf 1)
wait_for 60 "h12 reaches the gateway on the macvlan" pings h12 10.1.10.1
wait_for 60 "h12 reaches h13 through it" pings h12 10.1.20.13
wait_for 60 "by IPv6 too" pings h12 2001:db8:20::13
answers leaf1 'show evpn mac vni 10010' '02:00:5e:00:01:0a.* S'
answers leaf1 'show evpn arp-cache vni 10010 ip 10.1.10.1' '[Gg]ateway'
