#!/bin/bash
# SPDX-License-Identifier: ISC
# The guide's chapters "A tenant from nothing" and "Anycast gateways", typed as they stand there: the commands for the kernel
# and the configuration, on two leaves; then hosts of two subnets reach each other, and every question has its answer.
. "$(dirname "$0")/../fabric/lib.sh"

GUIDE=$FAB/../../doc/guide.md

# block CHAPTER KIND: the first block ```KIND of that chapter.
block() {
	awk -v chapter="## $1" -v fence="\`\`\`$2" '
		/^## / { inside = $0 == chapter }
		inside && !found && $0 == fence { found = reading = 1; next }
		/^```/ { reading = 0 }
		reading { print }' "$GUIDE"
}

# The guide speaks of leaf1: what it says must differ on every leaf differs here.
of_leaf() { # NUMBER
	sed "s/10\.0\.0\.11/10.0.0.1$1/g; s/\(02:00:00:00:..\):0b/\1:1$1/g; s/hostname leaf1/hostname leaf$1/"
}

type_in() { # NODE < COMMANDS
	cat >"$W/$1.sh"
	ns "$1" bash -e "$W/$1.sh" >"$W/$1.out" 2>&1 || fail "$1: $(tail -n 3 "$W/$1.out")"
}

guide_host() { # NAME LEAF SUBNET NUMBER
	node "$1"
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=0
	link "$1" eth0 "leaf$2" eth1
	ipn "$1" link set eth0 mtu 1500
	ipn "$1" addr add "10.1.$3.$4/24" dev eth0
	ipn "$1" addr add "2001:db8:$3::$4/64" dev eth0 nodad
	ipn "$1" route add default via "10.1.$3.1"
	ipn "$1" -6 route add default via "2001:db8:$3::1"
}

answers() { # LEAF COMMAND WORDS
	wait_for 30 "$1: $2 has $3" vt_has "$1" "$2" "$3"
}

need_all evpnd
fab_start
node rr
ipn rr addr add 10.0.0.1/32 dev lo
for i in 1 2; do
	node leaf$i
	link leaf$i eth0 rr down$i
	ipn leaf$i addr add 10.0.0.1$i/32 dev lo
	ipn leaf$i addr add 172.16.$i.1/31 dev eth0
	ipn rr addr add 172.16.$i.0/31 dev down$i
	ipn leaf$i route add 10.0.0.0/24 via 172.16.$i.0 src 10.0.0.1$i
	ipn rr route add 10.0.0.1$i/32 via 172.16.$i.1 src 10.0.0.1
done
ipn leaf1 link add probe type vrf table 9 || skip "this kernel has no VRF"
ipn leaf1 link del probe
guide_host h12 1 10 12
guide_host h13 2 20 13
run evpnd rr < <(conf_rr | sed "s/$(lo4 100)/10.0.0.1/g")

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
