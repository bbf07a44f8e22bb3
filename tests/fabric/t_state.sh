#!/bin/bash
# SPDX-License-Identifier: ISC
# The state in YANG of a leaf at work: every answer is valid by the module, whole or in parts; what happens is told while
# it happens; counters of both processes; numbers for Prometheus.
. "$(dirname "$0")/basic.sh"
have yanglint || skip "needs yanglint"

basic_start evpnd evpnd evpnd 4
basic_learn 4
mac=$(host_mac $V1 2)

yang() { vt leaf1 "show yang $1"; }
valid() { # PATH [TYPE]
	yang "$1" >"$W/state.json" || return 1
	yanglint -p "$EVPND_YANG_PATH" -t "${2:-get}" "$EVPND_YANG_PATH/evpnd.yang" "$W/state.json" >"$W/said" 2>&1 && [ ! -s "$W/said" ] && return
	cat "$W/said"
	return 1
}
state_is() { # PATH JQ-EXPRESSION [JQ-OPTION]...
	local path=$1
	shift
	yang "$path" | json_is "$@"
}

wait_for 30 "leaf1 has leaf2's host in the kernel" state_is "/evpnd:state/vnis/vni[id='$V1']/macs/mac[address='$mac']" \
	'."evpnd:state".vnis.vni[0].macs.mac[0] | .place == "remote" and ."install-state" == "installed" and .vtep == $v' --arg v "$(lo4 2)"
for path in "" /evpnd:state/system /evpnd:state/sessions /evpnd:state/routes/l2vpn-evpn "/evpnd:state/routes/l2vpn-evpn/route[type='3']" \
	"/evpnd:state/vnis/vni[id='$V1']" /evpnd:state/vnis/vni/up /evpnd:state/vrfs /evpnd:state/kernel /evpnd:state/counters /evpnd:state/events; do
	valid "$path" || fail "the state is not valid: $path"
done
ok "every part of the state is valid"
valid /evpnd:bgp getconfig || fail "the configuration is not valid"
json_is '."evpnd:bgp".as == 65000' <"$W/state.json" || fail "the configuration is another one"
for path in / bgp/as /bgp/neighbor "/evpnd:bgp/neighbor[address='10.0.0.100']"; do
	yang "$path" | json_is '."evpnd:bgp" | has("as") or has("neighbor")' || fail "no configuration at $path"
done
vt leaf1 'show yang /evpnd:nothing' >/dev/null && fail "a node that is none was found"
ok "so is the configuration"
vt leaf1 'show yang /evpnd:state/nothing/there' >/dev/null && fail "a path that is none was answered"
state_is '/evpnd:state/routes/l2vpn-evpn limit 2' '."evpnd:state".routes."l2vpn-evpn" | (.route | length == 2) and .count > 2' ||
	fail "the limit is not held"
ok "a long list ends at its limit"

# The other process's counters come by themselves.
has_counters() { vt leaf1 'show counters json' | json_is '.evpnd | length > 10'; }
wait_for 30 "counters of evpnd are shown" has_counters
vt leaf1 'show metrics' >"$W/metrics" || fail "show metrics"
grep -qx "evpnd_vni_up{vni=\"$V1\"} 1" "$W/metrics" || fail "no number says that VNI $V1 is up"
grep -q '^evpnd_counter_total{process="kernel",name="' "$W/metrics" || fail "the numbers lack evpnd's counters"
! grep -vqE '^(# (HELP|TYPE) evpnd_[a-z0-9_]+ .+|evpnd_[a-z0-9_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+)$' "$W/metrics" ||
	fail "a line is none of Prometheus: $(grep -vE '^(#|evpnd_)' "$W/metrics" | head -n 1)"
ok "numbers for Prometheus"

# Events, as they come and later.
vt leaf1 'monitor events json' >"$W/events" 2>&1 &
PIDS+=($!)
told() { # JQ-EXPRESSION
	grep '^{' "$W/events" | jq -se "any(.[]; .event | $1)" >/dev/null
}
# Each try is one more event, in case the first ones came before the monitor was there.
drifts() {
	ns leaf1 bridge fdb del "$mac" dev "$(vxdev $V1)" self
	sleep 1
	told '."evpnd:kernel-drift".key == "'"$mac"'"'
}
wait_for 60 "an entry that somebody removes is told at once" drifts
vt leaf1 'clear bgp *' || fail "clear bgp"
wait_for 60 "so is the session's end" told 'has("evpnd:session-down")'
wait_for 60 "and its start" told 'has("evpnd:session-up")'
ns leaf1 ip link set "$(vxdev $V1)" down
wait_for 60 "and a VNI that goes down" told '."evpnd:vni-state" | .vni == '$V1' and .up == false'
ns leaf1 ip link set "$(vxdev $V1)" up
wait_for 60 "and up" told '."evpnd:vni-state" | .vni == '$V1' and .up'
vt leaf1 'show evpn events' | grep -q 'kernel-drift .*key '"$mac" || fail "show evpn events lacks what was told"
valid /evpnd:state/events || fail "the events are not valid"
ok "and all of it can be read later"
