# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/lab/guide.sh: the guide's own commands and configurations, for tests that type them: two leaves of the guide with a
# reflector, 10.0.0.1, and the hosts h12 and h13 in its two subnets.
. "$(dirname "${BASH_SOURCE[0]}")/../fabric/lib.sh"

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

# The machines and the underlay; the leaves have nothing of a tenant yet.
guide_build() {
	local i
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
}
