#!/bin/bash
# SPDX-License-Identifier: ISC
# The guide's chapter "From ifupdown2": a leaf on the devices that ifupdown2 makes, then on those of its own, typed as it
# stands there; the leaf on the other side does not change.
. "$(dirname "$0")/guide.sh"

CHAPTER='From ifupdown2'
tree=${EVPND_VM_CACHE:-/var/cache/evpnd-vm}/ifupdown2
[ -d "$tree" ] || skip "the package ifupdown2 could not be fetched"
# Its paths are fixed, and it is not installed here: only in a guest, whose root is thrown away, it may be put there.
[ -e /run/ctl/started ] || skip "not in a guest"
cp -a "$tree/etc" "$tree/usr" "$tree/var" /
cp -a "$tree/sbin/." /sbin/
mkdir -p /run/network

ifupdown() { # ifup|ifdown ARGUMENT...
	ns leaf1 python3 "/sbin/$1" -i "$W/interfaces" "${@:2}" >"$W/ifupdown.out" 2>&1 || fail "$*: $(tail -n 5 "$W/ifupdown.out")"
}

guide_build
block "$CHAPTER" interfaces >"$W/interfaces"
ifupdown ifup -a
run evpnd leaf1 < <(block 'A tenant from nothing' evpnd)
# The other leaf is made by evpnd from the start.
run evpnd leaf2 < <(block "$CHAPTER" evpnd | of_leaf 2 | sed 's/^port eth1 network web/port eth1 network app/')
for i in 1 2; do wait_for 60 "leaf$i has a session" session_up leaf$i 10.0.0.1; done
wait_for 60 "on the devices of ifupdown2: h12 reaches its gateway" pings h12 10.1.10.1
wait_for 60 "and h13 in the other subnet, behind the other leaf" pings h12 10.1.20.13
answers leaf1 'show evpn mac vni 10010' '02:00:5e:00:00:01.* S'
vt_json leaf1 'show evpn doctor' '[.findings[] | select(.severity == "error")] == []' ||
	fail "the doctor finds errors: $(vt leaf1 'show evpn doctor')"
ok "the doctor has no error to tell of"

block "$CHAPTER" evpnd >"$W/new.conf"
"$EVPND_BIN/evpnd" --check -f "$W/new.conf" >"$W/said" 2>&1 || fail "$(cat "$W/said")"
# shellcheck disable=SC2046
ifupdown $(grep -o 'ifdown vlan10 [a-z0-9 ]*' "$GUIDE")
for d in vlan10 vx10010 br0 red; do ! ipn leaf1 link show $d >/dev/null 2>&1 || fail "$d is still there"; done
cp "$W/new.conf" "$W/leaf1/conf"
kill -HUP "${PIDOF[leaf1]}"
wait_for 60 "nothing is left to be done" vt_json leaf1 'show plan' '.steps == 0 and .problems == 0'
wait_for 60 "on the devices of evpnd: h12 reaches its gateway" pings h12 10.1.10.1
wait_for 60 "and h13 in the other subnet" pings h12 10.1.20.13
