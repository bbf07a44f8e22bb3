#!/bin/bash
# SPDX-License-Identifier: ISC
# Edits of a living leaf's configuration, line by line and whole: each ends where a fresh start with the result does.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4

rr=$(lo4 100)
# leaf1's configuration edited: a router's worth of lines.
edit() {
	local l args=('configure terminal' 'router bgp 65000')
	for l in "$@"; do args+=("$l"); done
	vt leaf1 "${args[@]}" >"$W/said" 2>&1 || { cat "$W/said"; fail "refused: $*"; }
}
af() { edit 'address-family l2vpn evpn' "$@"; }

# What leaf1 knows, says and has written; without versions, and without hosts' link-local addresses, which come and
# go as the hosts please.
picture() {
	picture_all | awk '/:\[fe80:/ { skip = 3 } skip > 0 { skip--; next } 1'
}
picture_all() {
	echo "== rib of leaf1"
	vt leaf1 'show bgp l2vpn evpn route' | grep -vE '^BGP table version|^Displayed'
	echo "== rib of the spine"
	vt spine 'show bgp l2vpn evpn' | grep -vE '^BGP table version|^Displayed|local router ID'
	echo "== vni"
	vt leaf1 'show bgp l2vpn evpn vni'
	vt leaf1 'show evpn vni json' | jq 'del(.[].numArpNd)'
	echo "== kernel of leaf1"
	remote_tables leaf1 | grep -v fe80
	echo "== kernel of leaf2"
	remote_tables leaf2 | grep -v fe80
}
steady() { # until two pictures at a distance are equal, and nothing is stale
	local end=$((SECONDS + 25)) a b
	a=$(picture)
	while [ "$SECONDS" -lt "$end" ]; do
		sleep 1
		b=$(picture)
		if [ "$a" = "$b" ] && ! grep -qE '^S[ *>d]' <<<"$b"; then
			printf '%s\n' "$b"
			return
		fi
		a=$b
	done
	diff <(cat <<<"$a") <(picture)
	return 1
}

# The living leaf against a fresh one with the configuration that it shows.
compare() { # TEXT
	steady >"$W/live" || fail "$1: never steady: $(tail "$W/live")"
	vt leaf1 'show running-config' | sed '/^Building/d;/^Current/d;/^end$/d' >"$W/fresh.conf"
	stop leaf1
	run evpnd leaf1 <"$W/fresh.conf"
	wait_quiet 10 vt leaf1 'show version'
	wait_quiet "${2:-15}" session_up leaf1 "$rr"
	sleep 1
	steady >"$W/fresh" || fail "$1: never steady: $(tail "$W/fresh")"
	if ! diff -u "$W/live" "$W/fresh"; then fail "$1: a fresh start gives another picture"; fi
	ok "$1: as after a fresh start"
}

vni_edits() {
	af "vni $V1" "rd 10.0.0.1:777" "route-target export 65000:901" "route-target import 65000:$V1" 'route-target import 65000:902'
	af "vni $V1" "no route-target import 65000:902"
	af "vni $V2" "rd 10.0.0.1:778"
	af "vni $V2" "no rd"
	wait_for 10 "the RD that was configured and removed is gone" \
		bash -c "! timeout 10 $EVPND_BIN/vtysh --vty_socket $W/spine/run -c 'show bgp l2vpn evpn' | grep -q 10.0.0.1:778"
	compare "RD and route targets of VNIs"
	af "no vni $V1" "no vni $V2"
	wait_for 10 "no vni: reached again" pings h1 "$(host4 $V1 2)"
}

toggles() {
	af 'no advertise-all-vni'
	wait_for 10 "no advertise-all-vni: leaf2 floods to nobody" floods_to leaf2 $V1
	wait_for 10 "no advertise-all-vni: leaf1 floods to nobody" floods_to leaf1 $V1
	compare "no advertise-all-vni"
	af 'advertise-all-vni' 'advertise-svi-ip' 'flooding disable'
	wait_for 10 "advertise-all-vni, flooding disabled: leaf1 has h2" mac_at leaf1 $V1 "$(host_mac $V1 2)" "$(lo4 2)"
	compare "advertise-all-vni, advertise-svi-ip, flooding disable"
	af 'no advertise-svi-ip' 'no flooding disable'
	wait_for 10 "flooding again" floods_to leaf2 $V1 "$(lo4 1)"
	wait_for 10 "pings" pings h1 "$(host4 $V1 2)"
}

router_id() {
	edit 'bgp router-id 10.9.9.9'
	wait_for 25 "another router id: new RDs" vt_has spine 'show bgp l2vpn evpn' '10\.9\.9\.9:110'
	wait_for 25 "and no old one" bash -c "! timeout 10 $EVPND_BIN/vtysh --vty_socket $W/spine/run -c 'show bgp l2vpn evpn' | grep -q '10.0.0.1:110'"
	compare "another router id"
	edit 'bgp router-id 10.0.0.1'
}

# Sessions: removed, added, moved to a peer group, shut down, cleared.
sessions() {
	edit "no neighbor $rr"
	wait_for 10 "neighbour removed: leaf2 floods to nobody" floods_to leaf2 $V1
	wait_for 10 "and leaf1 has nothing remote" floods_to leaf1 $V1
	edit 'neighbor RR peer-group' 'neighbor RR remote-as internal' "neighbor RR update-source $(lo4 1)" 'neighbor RR timers connect 1' \
		"neighbor $rr peer-group RR" 'address-family l2vpn evpn' 'neighbor RR activate'
	wait_for 15 "by a peer group: there again" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
	edit "neighbor $rr shutdown message back at noon"
	wait_for 10 "shut down: leaf2 floods to nobody" floods_to leaf2 $V1
	edit "no neighbor $rr shutdown"
	wait_for 15 "there again" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
	vt leaf1 'clear bgp l2vpn evpn * soft' >/dev/null || fail "clear soft"
	vt leaf1 'clear bgp *' >/dev/null || fail "clear"
	wait_for 15 "cleared: there again" session_up leaf1 "$rr"
	compare "peer group, shutdown, clear"
}

whole() {
	vt leaf1 'configure terminal' 'no router bgp 65000' || fail "no router bgp"
	wait_for 10 "no router bgp: leaf2 floods to nobody" floods_to leaf2 $V1
	wait_for 10 "and leaf1 has nothing remote" floods_to leaf1 $V1
	compare "no router bgp" 1
	# A file with one wrong line changes nothing, one without does all of it.
	conf_leaf 1 >"$W/good"
	sed 's/activate$/actuvate/' "$W/good" >"$W/bad"
	if "$EVPND_BIN/vtysh" --vty_socket "$W/leaf1/run" -f "$W/bad" >"$W/said" 2>&1; then fail "a bad file was taken"; fi
	vt_has leaf1 'show running-config' 'router bgp' && fail "a bad file changed something"
	ok "a bad file changes nothing: $(head -n 1 "$W/said")"
	"$EVPND_BIN/vtysh" --vty_socket "$W/leaf1/run" -f "$W/good" || fail "a good file was refused"
	wait_for 15 "a good file does all" mac_at leaf2 $V1 "$(host_mac $V1 1)" "$(lo4 1)"
	compare "vtysh -f"
}

steps=("$@")
# (toggles and router_id take long, and hosts' neighbours may age meanwhile: by hand.)
[ $# -gt 0 ] || steps=(vni_edits sessions whole)
for step in "${steps[@]}"; do "$step"; done
wait_for 20 "h1 reaches h2 in the end" pings h1 "$(host4 $V1 2)"
