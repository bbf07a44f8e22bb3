#!/bin/bash
# SPDX-License-Identifier: ISC
# The same fabric; the engine of a leaf dies during a ping, and the whole program is started again: what it had put into
# the main table stays and is taken over, so no packet is lost.
. "$(dirname "$0")/underlay.sh"

underlay_fabric evpnd evpnd evpnd evpnd
underlay_learnt
underlay_evpn

installed() { vt_json "$1" 'show ip route bgp' ".[\"$(lo4 2)/32\"][0].installed == true and (.[\"$(lo4 2)/32\"][0].nexthops | length) == 2"; }
through() { # TEXT COMMAND...: no packet of a ping is lost while and after the command runs
	local text=$1 said
	shift
	background h1 ping -n -q -c 60 -i 0.1 -W 1 "$(host4 $V1 2)" >"$W/ping"
	sleep 0.5
	"$@"
	await_end "$BG" 20 || fail "$text: ping does not end"
	said=$(cat "$W/ping")
	case $said in *' 0% packet loss'*) ok "$text: no packet is lost" ;; *) fail "$text: $said" ;; esac
}
kill_engine() { kill -9 "$(engine_of leaf1)"; }
again() {
	stop leaf1
	run evpnd leaf1 < <(conf_fabric_leaf 1)
}

wait_for 10 "leaf1 has leaf2's loopback installed" installed leaf1
through "the engine is killed" kill_engine
wait_for 20 "leaf1 has it installed again" installed leaf1
through "evpnd is started again" again
wait_for 20 "and again" installed leaf1
