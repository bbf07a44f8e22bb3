#!/bin/bash
# SPDX-License-Identifier: ISC
# A bridged tenant from the short form: evpnd makes a bridge and a VXLAN device for each network, places the ports,
# mends what others break, says what it would do, and removes what it made and nothing else.
. "$(dirname "$0")/tenant.sh"

tenant_start
devices_are leaf1 "br10010 br10020 vx10010 vx10020 " || fail "leaf1 has the devices $(devices_of leaf1)"
ok "leaf1 has a bridge and a VXLAN device for each network"
in_bridge leaf1 ph1 br10010 || fail "the port is not in its bridge"
wait_for 40 "h1 pings h2: bridged over devices that evpnd made" pings h1 10.1.10.12 2

vt_has leaf1 'show configuration effective' 'neighbor 10\.0\.0\.100 remote-as 65000' ||
	fail "show configuration effective: $(vt leaf1 'show configuration effective')"
vt_has leaf1 'show configuration effective' '^fabric|^tenant|^port' && fail "the short form is left in it"
ok "show configuration effective says it in the words of the rest"

# What others break.
ipn leaf1 link del vx10010
wait_for 40 "the VXLAN device deleted: it is there again" devices_are leaf1 "br10010 br10020 vx10010 vx10020 "
wait_for 60 "and h1 pings h2" pings h1 10.1.10.12 2
ipn leaf1 link set ph1 nomaster
wait_for 40 "the port taken out: it is in again" in_bridge leaf1 ph1 br10010
ipn leaf1 link set br10020 down
is_up() { ipn "$1" -j link show "$2" | jq -e '.[0].flags | index("UP")' >/dev/null; }
wait_for 40 "the bridge set down: it is up again" is_up leaf1 br10020
ns leaf1 bridge link set dev vx10020 learning on neigh_suppress off
flags_ok() { ns leaf1 bridge -d -j link show dev vx10020 | jq -e '.[0] | (.learning | not) and .neigh_suppress' >/dev/null; }
wait_for 40 "flags of the port flipped: they are as they were" flags_ok
wait_for 40 "and nothing is left to be done" plan_empty leaf1

# A port that comes later.
vt leaf1 'configure terminal' 'port later network app' || fail "a port that is not there yet is refused"
vt_has leaf1 'show plan' 'later .*not there' || fail "show plan does not tell of the missing port: $(vt leaf1 'show plan')"
ok "show plan tells of a port that is not there"
ipn leaf1 link add later type veth peer name later2
wait_for 40 "the port comes: it is placed" in_bridge leaf1 later br10020
vt leaf1 'configure terminal' 'no port later' || fail "no port later"
left() { [ "$(ipn leaf1 -j link show later | jq -r '.[0].master')" = null ]; }
wait_for 40 "no port: it is out of the bridge" left
ipn leaf1 link del later

# A restart of either process touches nothing.
written() { ! grep -q later "$W/leaf1/run/running.conf"; }
wait_for 40 "what runs is written down, for the next engine" written
links() { ipn leaf1 -j link show | jq -c '.[] | [.ifindex, .ifname, .master]' | sort; }
before=$(links)
kill -9 "$(engine_of leaf1)"
wait_for 60 "the engine killed: the session is back" session_up leaf1 "$(lo4 100)"
wait_for 60 "nothing to do" plan_empty leaf1
stop leaf1
run evpnd leaf1 < <(tenant_conf 1)
wait_for 60 "evpnd started again: the session is back" session_up leaf1 "$(lo4 100)"
wait_for 60 "nothing to do" plan_empty leaf1
[ "$(links)" = "$before" ] || fail "devices were made anew: $(diff <(echo "$before") <(links))"
ok "both restarts left every device as it was"

# A draft: what its commit would do, and what keeps it from being made.
vt leaf1 'configure private' 'tenant red' 'network lab vni 10040' 'do show plan' >"$W/said" 2>&1
grep -q 'br10040 .*make the bridge' "$W/said" || fail "the plan of a draft does not tell what it would make: $(cat "$W/said")"
no_device leaf1 br10040 || fail "a plan made a device"
ok "a plan of a draft says what would be made, and makes nothing"
ipn leaf1 link add br10040 type bridge
if vt leaf1 'configure private' 'tenant red' 'network lab vni 10040' 'commit' >"$W/said" 2>&1; then
	fail "a commit took the name of a device that is not evpnd's"
fi
grep -q 'br10040.*not evpnd' "$W/said" || fail "the reason is not said: $(cat "$W/said")"
vt_has leaf1 'show running-config' 'network lab' && fail "the refused commit left something"
ok "a commit that could not be had is refused: $(grep -m 1 br10040 "$W/said")"
ipn leaf1 link del br10040
chmod 777 "$W/leaf1" # a commit is written
vt leaf1 'configure private' 'tenant red' 'network lab vni 10040' 'commit' >"$W/said" 2>&1 || fail "commit: $(cat "$W/said")"
wait_for 40 "without that device it is" devices_are leaf1 "br10010 br10020 br10040 vx10010 vx10020 vx10040 "
vt leaf1 'configure terminal' 'tenant red' 'no network lab' || fail "no network lab"

# What is not ours stays: a bridge of the name that a network would take.
ipn leaf1 link add br10030 type bridge
if vt leaf1 'configure terminal' 'tenant red' 'network db vni 10030' >"$W/said"; then
	vt_has leaf1 'show plan' 'br10030 .*not evpnd' || fail "show plan does not tell of a foreign device"
else
	grep -q 'br10030.*not evpnd' "$W/said" || fail "the reason is not said: $(cat "$W/said")"
fi
ok "a device of somebody else with a name that is wanted: said, and left alone"
vt leaf1 'configure terminal' 'tenant red' 'no network db'

# The end of a network, then of all.
vt leaf1 'configure terminal' 'tenant red' 'no network app' || fail "no network app"
wait_for 40 "no network app: its devices are gone" devices_are leaf1 "br10010 vx10010 "
wait_for 40 "h1 still pings h2" pings h1 10.1.10.12 2
vt leaf1 'configure terminal' 'no port ph1' 'no tenant red' || fail "no tenant red"
wait_for 40 "no tenant: all that evpnd made is gone" devices_are leaf1 ""
for d in br10030 ph1 up0; do no_device leaf1 $d && fail "$d is gone, which evpnd had not made"; done
ok "and nothing else"
