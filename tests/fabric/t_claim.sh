#!/bin/bash
# SPDX-License-Identifier: ISC
# Somebody behind leaf1 says for a moment that he is h2, who is silent behind leaf2.  Leaf2 follows the higher sequence
# number, asks at its own ports whether h2 has really left, and hears that he has not; the question does not leave the leaf.
. "$(dirname "${BASH_SOURCE[0]}")/basic.sh"
. "$(dirname "${BASH_SOURCE[0]}")/capture.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
ns h2 sysctl -qw net.ipv6.conf.eth0.router_solicitations=0
ip=$(host4 $V1 2) ip6=$(host6 $V1 2) mac=$(host_mac $V1 2)
svimac=$(ns leaf2 cat "/sys/class/net/$(svi $V1)/address")

probes() { # LINE
	vt leaf2 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' "$1" >/dev/null || fail "leaf2: $1"
}
here() { mac_local leaf2 $V1 "$mac" ph2; }
home() { # his MAC is at his port, and leaf1 says so
	wait_for 20 "$1: h2 is at his port again" here
	wait_for 15 "$1: leaf1 knows it" mac_at leaf1 $V1 "$mac" "$(lo4 2)"
	wait_for 15 "$1: leaf1 knows his address" neigh_at leaf1 $V1 "$ip" "$mac"
}
number() { vt leaf2 "show evpn mac vni $V1 mac $mac" | sed -n 's/.*Local Seq: \([0-9]*\).*/\1/p'; }
higher() { [ "$(number)" -gt "$before" ] && here; }
said() { ns h2 cat /sys/class/net/eth0/statistics/tx_packets; }
is_silent() { # for longer than his kernel waits before it asks somebody
	local n
	n=$(said)
	sleep 7
	[ "$n" = "$(said)" ]
}
claim() { ns h1 python3 "$FAB/garp.py" "$1" "$mac"; }
# One with his MAC and his address, who speaks once and is gone.
clone() {
	ipn h1 link add twin link eth0 address "$mac" type macvlan mode bridge
	ns h1 sysctl -qw net.ipv6.conf.twin.disable_ipv6=1
	ipn h1 addr add "$ip/24" dev twin
	ipn h1 link set twin up
	ns h1 ping -c1 -W1 -I twin "$(host4 $V1 201)" >/dev/null
	ipn h1 link del twin
}
comes_home() { # TEXT COMMAND...
	wait_for 60 "$1: h2 says nothing" is_silent
	before=$(number)
	"${@:2}"
	wait_for 30 "$1: h2 is asked, and is where he was" higher
	home "$1"
}

# What is asked for no reason but time would wake h2.
probes 'no evpn probe'
wait_for 60 "h2 says nothing" is_silent
claim "$ip"
wait_for 15 "a false claim takes h2 away" mac_at leaf2 $V1 "$mac" "$(lo4 1)"
never 6 "where nobody asks he stays away" here
ns h2 ping -c1 -W1 "$(host4 $V1 202)" >/dev/null
wait_for 15 "until he speaks" here
probes 'evpn probe'
ns h2 ping -c1 -W1 "$(host4 $V1 202)" >/dev/null
home "for good"

capture sought leaf2
comes_home "a claim of his MAC" claim "$ip"
comes_home "a claim by IPv6" claim "$ip6"
comes_home "a clone with his address" clone
captured
[ "$(queries sought "$svimac")" = 0 ] || fail "$(queries sought "$svimac") questions of leaf2 went into tunnels"
ok "leaf2 asked nobody behind another leaf"
