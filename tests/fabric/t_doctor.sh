#!/bin/bash
# SPDX-License-Identifier: ISC
# `show evpn doctor`: each wrong setting is found, said with what to do, and forgotten once it is mended.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
says() { vt_has leaf1 'show evpn doctor' "$1"; }
clean() { [ "$(vt leaf1 'show evpn doctor json' | jq -r '[.findings[].code] | join(" ")')" = "$1" ]; }
# The kernel tells nobody of a changed sysctl; any change of an interface makes evpnd look again.
look() {
	ipn leaf1 link add look type bridge
	ipn leaf1 link del look
}

# Kernels before 5.19 have no accept_untracked_na.
for v in $V1 $V2; do ns leaf1 sysctl -qw "net.ipv6.conf.br$v.accept_untracked_na=1" 2>/dev/null; done
# The lab's underlay has an MTU of 1600 and its bridges 1500; arp_accept is the kernel's default, 0.
wait_for 30 "a leaf of the lab lacks arp_accept alone" clean 'arpAcceptOff arpAcceptOff'
says 'To do: sysctl -w net.ipv4.conf.br110.arp_accept=1' || fail "it does not say what to do"
ok "and it is said what to do"
ns leaf1 sysctl -qw net.ipv4.conf.all.arp_accept=1
look
wait_for 35 "it is forgotten when it is set" says 'Nothing found'

# trouble CODE HOW MENDED: the finding comes and goes.
trouble() {
	eval "$2"
	look
	wait_for 35 "$1 is found" clean "$1"
	eval "$3"
	look
	wait_for 35 "$1 is mended" clean ''
}
trouble learning "ns leaf1 bridge link set dev vx$V1 learning on" "ns leaf1 bridge link set dev vx$V1 learning off"
trouble neighSuppressOff "ns leaf1 bridge link set dev vx$V1 neigh_suppress off" \
	"ns leaf1 bridge link set dev vx$V1 neigh_suppress on"
trouble forwardingOff "ns leaf1 sysctl -qw net.ipv4.conf.br$V1.forwarding=0" \
	"ns leaf1 sysctl -qw net.ipv4.conf.br$V1.forwarding=1"
if ns leaf1 sysctl -n net.ipv6.conf.br$V1.accept_untracked_na >/dev/null 2>&1; then
	trouble untrackedNaOff "ns leaf1 sysctl -qw net.ipv6.conf.br$V1.accept_untracked_na=0" \
		"ns leaf1 sysctl -qw net.ipv6.conf.br$V1.accept_untracked_na=1"
fi
trouble noLinkLocal "ipn leaf1 addr flush dev br$V1 scope link" "ipn leaf1 addr add fe80::1/64 dev br$V1 nodad"
trouble 'underlayMtu underlayMtu' "ipn leaf1 link set up0 mtu 1540" "ipn leaf1 link set up0 mtu 1600"
# A bridge whose MTU somebody set does not follow that of its ports.
ipn leaf1 link set br$V1 mtu 1490
ipn leaf1 link set br$V1 mtu 1500
trouble vxlanMtu "ipn leaf1 link set vx$V1 mtu 1400" "ipn leaf1 link set vx$V1 mtu 1500"
trouble vniDown "ipn leaf1 link set vx$V1 down" "ipn leaf1 link set vx$V1 up"
# A device on a port of its own, which a program has taken before.
background leaf1 python3 -c 'import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("0.0.0.0", 4999))
time.sleep(1000)'
ipn leaf1 link add br140 type bridge
ipn leaf1 link add vx140 type vxlan id 140 local 10.0.0.1 dstport 4999 nolearning
ipn leaf1 link set vx140 master br140
ipn leaf1 link set br140 up
wait_for 35 "a taken port is found" clean 'vniDown udpPortTaken'
ipn leaf1 link del vx140
wait_for 35 "and forgotten" clean ''

ipn leaf1 addr add 10.0.0.201/32 dev lo
ipn leaf1 link add vx130 type vxlan id 130 local 10.0.0.201 dstport 4789 nolearning
ipn leaf1 link add br130 type bridge
ipn leaf1 link set vx130 master br130 up
ipn leaf1 link set br130 up
wait_for 10 "a third VNI" vt_has leaf1 'show evpn vni' '^130 '
wait_for 35 "its port as the kernel makes it" clean 'learning neighSuppressOff'
ns leaf1 bridge link set dev vx130 learning off neigh_suppress on
wait_for 35 "all is well" clean ''
ipn leaf1 addr del 10.0.0.201/32 dev lo
look
wait_for 35 "its VTEP address is missed" clean 'vtepAddressAbsent'

# A new engine hears of what was found before it came.
kill -9 "$(pgrep -P "${PIDOF[leaf1]}" | head -n 1)" 2>/dev/null
wait_for 30 "after the engine's restart it is known again" clean 'vtepAddressAbsent'
ipn leaf1 link del vx130
wait_for 35 "the finding went with the device" clean ''
stop spine
wait_for 30 "a session that is down is named" says 'neighbours are not established'
