#!/bin/bash
# SPDX-License-Identifier: ISC
# SIGHUP takes a new configuration; sessions that it does not change do not flap; a bad one changes nothing.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4

established_count() { # how often leaf1's session came up
	vt leaf1 'show bgp l2vpn evpn summary json' | jq '[.. | objects | .connectionsEstablished? // empty] | add'
}
reload() { kill -HUP "${PIDOF[leaf1]}"; }

[ "$(established_count)" = 1 ] || fail "leaf1's session came up $(established_count) times to begin with"
conf_leaf 1 4 "$(printf '  vni %s\n   rd 10.0.0.1:4242\n   route-target export 65000:999\n   route-target export 65000:%s\n  exit-vni' $V1 $V1)" \
	>"$W/leaf1/conf"
reload
wait_for 10 "a new RD is announced" vt_has spine 'show bgp l2vpn evpn' '10\.0\.0\.1:4242'
wait_for 10 "leaf2 still floods VNI $V1 to leaf1" floods_to leaf2 $V1 "$(lo4 1)"
[ "$(established_count)" = 1 ] || fail "the session flapped"
ok "the session did not flap"

echo 'neighbor 10.0.0.100 remote-as nonsense' >>"$W/leaf1/conf"
reload
sleep 2
vt_has leaf1 'show running-config' 'rd 10\.0\.0\.1:4242' || fail "a bad configuration changed something"
[ "$(established_count)" = 1 ] || fail "a bad configuration hurt the session"
grep -q "conf" "$W/leaf1/log" || fail "nothing was said about the bad configuration"
ok "a bad configuration changes nothing: $(grep -E 'conf.*[0-9]+' "$W/leaf1/log" | tail -n 1)"

line=$(wc -l <"$W/leaf1/conf")
grep -q "conf:$line: " "$W/leaf1/log" || fail "line $line was not named"

# All around the session: policies, groups, other neighbours, timers of others, VRFs, lists.
{
	conf_leaf 1
	cat <<END
ip prefix-list P seq 5 permit 10.0.0.0/8 le 24
bgp community-list standard C permit 65000:1
route-map IN permit 10
 match ip address prefix-list P
exit
vrf red
 vni 7001
exit-vrf
router bgp 65000
 neighbor SPARE peer-group
 neighbor SPARE remote-as 65000
 neighbor SPARE timers 5 15
 neighbor 10.0.0.77 peer-group SPARE
 neighbor 10.0.0.77 route-map IN in
 bgp listen range 10.77.0.0/16 peer-group SPARE
 address-family ipv4 unicast
  network 10.99.0.0/16 route-map IN
 exit-address-family
exit
router bgp 65000 vrf red
 address-family ipv4 unicast
  redistribute static route-map IN
 exit-address-family
exit
END
} >"$W/leaf1/conf"
reload
wait_for 10 "all that is there" vt_has leaf1 'show running-config' 'neighbor 10\.0\.0\.77 peer-group SPARE'
sed -i -e '/^ match ip/d' -e 's/timers 5 15/timers 6 20/' -e 's/vni 7001/vni 7002/' -e '/listen range/d' "$W/leaf1/conf"
reload
wait_for 10 "and was changed" vt_has leaf1 'show running-config' 'vni 7002'
vt_has leaf1 'show running-config' 'timers 6 20' || fail "the group's timers stayed"
[ "$(established_count)" = 1 ] || fail "the session flapped with what is around it"
ok "policies, groups, lists and VRFs come and change around a session that stays"

conf_leaf 1 >"$W/leaf1/conf"
reload
wait_for 10 "the RD is automatic again" vt_has leaf1 'show running-config' 'advertise-all-vni'
never 1 "and the old one is gone" vt_has spine 'show bgp l2vpn evpn' '10\.0\.0\.1:4242'
[ "$(established_count)" = 1 ] || fail "the session flapped"

# One configured line each: it applies at once, or says why not.
vt leaf1 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' 'flooding disable' || fail "flooding disable"
wait_for 10 "flooding disabled: leaf2 has no leaf1 to flood to" floods_to leaf2 $V1
vt leaf1 'configure terminal' 'router bgp 65000' 'address-family l2vpn evpn' 'no flooding disable' || fail "no flooding disable"
wait_for 10 "flooding again" floods_to leaf2 $V1 "$(lo4 1)"
if vt leaf1 'configure terminal' 'router bgp 65000' 'neighbor 10.0.0.100 remote-as nonsense' >"$W/said" 2>&1; then
	fail "a bad line was accepted"
fi
[ -s "$W/said" ] || fail "a bad line was refused without a word"
ok "a bad line is refused: $(tail -n 1 "$W/said")"
[ "$(established_count)" = 1 ] || fail "the session flapped"
ok "in all this the session came up once"
