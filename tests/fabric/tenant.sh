# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/tenant.sh: leaves whose devices evpnd makes, from the short form of the configuration.
#
# Tenant red has the networks web (VNI 10010) and app (VNI 10020); hosts h1 in web at leaf1, h2 in web at leaf2,
# h3 in app at leaf2.  ROUTED=1: with layer-3 VNI and gateways, which takes a kernel with VRFs.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

ROUTED=${ROUTED:-}
VXLAN=${VXLAN:-per-vni}
FAM=${FAM:-4} # of VTEPs and sessions

tenant_fabric() { # NUMBER
	cat <<-END
		hostname leaf$1
		frr defaults datacenter
		fabric
		 asn 65000
		 vtep $([ "$FAM" = 4 ] && echo lo || lo6 "$1")
		 anycast-mac 02:00:5e:00:00:01
		 vxlan $VXLAN
		 peer spine $(lo"$FAM" 100)
		exit
	END
}

tenant_red() {
	cat <<-END
		tenant red${ROUTED:+ vni 4001}
		 network web vni 10010 vlan 10${ROUTED:+ gateway 10.1.10.1/24 2001:db8:10::1/64}
		 network app vni 10020${ROUTED:+ gateway 10.1.20.1/24 2001:db8:20::1/64}
		exit
	END
}

tenant_ports() { # NUMBER
	case $1 in
	1) echo "port ph1 network web" ;;
	2) printf 'port ph2 network web\nport ph3 network app\n' ;;
	esac
}

tenant_conf() { # NUMBER
	tenant_fabric "$1"
	tenant_red
	tenant_ports "$1"
}

# A host whose port at the leaf is nobody's yet.
tenant_host() { # NAME LEAF-NUMBER NETWORK NUMBER
	node "$1"
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=0
	ip link add "p$1" netns "${P}leaf$2" type veth peer name eth0 netns "$P$1" || fail "cannot make a veth pair"
	ipn "$1" link set eth0 address "02:aa:00:00:$3:$4" mtu 1500 up
	ipn "$1" addr add "10.1.$3.$4/24" dev eth0
	ipn "$1" addr add "2001:db8:$3::$4/64" dev eth0 nodad
	ipn "$1" route add default via "10.1.$3.1"
	ipn "$1" route add default via "2001:db8:$3::1"
}

tenant_start() {
	need_all evpnd
	command -v jq >/dev/null || skip "jq is not there"
	fab_start
	MTU=1700 underlay 2
	for i in 1 2; do
		# What evpnd has to do itself.
		ns "leaf$i" sysctl -qw net.ipv6.conf.all.forwarding=0 net.ipv6.conf.default.forwarding=0
		ns "leaf$i" sysctl -qw net.ipv4.conf.default.arp_accept=0
	done
	run evpnd spine < <(conf_rr)
	tenant_host h1 1 10 11
	tenant_host h2 2 10 12
	tenant_host h3 2 20 13
	for i in 1 2; do run evpnd "leaf$i" < <(tenant_conf "$i"); done
	for i in 1 2; do wait_for 60 "leaf$i has a session to the spine" session_up "leaf$i" "$(lo"$FAM" 100)"; done
	for i in 1 2; do wait_for 60 "leaf$i: nothing is left to be done" plan_empty "leaf$i"; done
}

plan_empty() { vt_json "$1" 'show plan' '.steps == 0 and .problems == 0'; }

# Devices that carry our mark.
devices_of() { ipn "$1" -d -j link show | jq -r '.[] | select((.ifalias // "") | startswith("evpnd:")) | .ifname' | sort | tr '\n' ' '; }
devices_are() { [ "$(devices_of "$1")" = "$2" ]; }
no_device() { ! ipn "$1" link show "$2" >/dev/null 2>&1; }
in_bridge() { [ "$(ipn "$1" -j link show "$2" | jq -r '.[0].master')" = "$3" ]; }

# ---- what a commit may not do ----

# Configuration and devices, to compare.
state_of() {
	vt "$1" 'show running-config' 2>/dev/null
	ipn "$1" -d -j link show | jq -c '.[] | [.ifindex, .ifname, .master, .mtu, .ifalias, .link]' | sort
}

# A commit of these lines is refused with this reason and this path, `commit check` says the same, and nothing has changed.
refused() { # NODE REASON PATH LINE...
	local n=$1 why=$2 path=$3 before how
	shift 3
	before=$(state_of "$n")
	for how in 'commit check' commit; do
		if vt "$n" 'configure private' "$@" "$how" >"$W/said" 2>&1; then
			fail "$how took $*"
		fi
		grep -qE -- "$why" "$W/said" || fail "$how of \"$*\": the reason is not said: $(cat "$W/said")"
		grep -qF -- "$path" "$W/said" || fail "$how of \"$*\": the path $path is not said: $(cat "$W/said")"
	done
	[ "$(state_of "$n")" = "$before" ] || fail "\"$*\" was refused, and has left something: $(diff <(echo "$before") <(state_of "$n"))"
	ok "refused: $(grep -m 1 -E -- "$why" "$W/said")"
}

# With the obstacle away the same is fine; checked, not made.
accepted() { # NODE LINE...
	local n=$1
	shift
	vt "$n" 'configure private' "$@" 'commit check' >"$W/said" 2>&1 || fail "commit check of \"$*\": $(cat "$W/said")"
}
