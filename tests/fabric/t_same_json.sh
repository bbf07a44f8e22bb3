#!/bin/bash
# SPDX-License-Identifier: ISC
# What a tool reads in the JSON of an FRR leaf it finds in that of an evpnd leaf, in the same fabric: every member, of
# the same type.  FRR is Debian's 8.4; where FRR 10 changed a shape evpnd has the new one (`changed` below), and
# what is about things that evpnd does not do is not there (`absent`).
. "$(dirname "$0")/basic.sh"

commands=(
	"show bgp l2vpn evpn summary"
	"show bgp l2vpn evpn summary established"
	"show bgp summary"
	"show bgp l2vpn evpn"
	"show bgp l2vpn evpn route"
	"show bgp l2vpn evpn route type macip"
	"show bgp l2vpn evpn route type multicast"
	"show bgp l2vpn evpn route detail"
	"show bgp l2vpn evpn route rd RD"
	"show bgp l2vpn evpn route rd RD mac MAC"
	"show bgp l2vpn evpn route vni $V1"
	"show bgp l2vpn evpn route vni all"
	"show bgp l2vpn evpn route vni $V1 vtep VTEP"
	"show bgp l2vpn evpn route vni $V1 mac MAC"
	"show bgp l2vpn evpn all overlay"
	"show bgp l2vpn evpn neighbors PEER routes"
	"show bgp l2vpn evpn neighbors PEER advertised-routes"
	"show bgp l2vpn evpn vni"
	"show bgp l2vpn evpn vni $V1"
	"show bgp neighbors"
	"show bgp neighbors PEER"
	"show evpn"
	"show evpn vni"
	"show evpn vni $V1"
	"show evpn vni detail"
	"show evpn mac vni $V1"
	"show evpn mac vni all"
	"show evpn mac vni $V1 mac MAC"
	"show evpn mac vni $V1 vtep VTEP"
	"show evpn mac vni all vtep VTEP"
	"show evpn arp-cache vni $V1"
	"show evpn arp-cache vni all"
	"show evpn arp-cache vni $V1 ip IP"
	"show evpn arp-cache vni $V1 vtep VTEP"
	"show evpn mac vni 999"
	"show bgp l2vpn evpn vni 999"
)

# COMMAND: MEMBER TYPE, as FRR 8.4 has it.  FRR 10 renamed it or gave it another type.
changed='
show bgp l2vpn evpn vni: VNI/vni number
show bgp l2vpn evpn vni: VNI/importRTs array
show bgp l2vpn evpn vni: VNI/importRTs/N string
show bgp l2vpn evpn vni: VNI/exportRTs array
show bgp l2vpn evpn vni: VNI/exportRTs/N string
show bgp l2vpn evpn vni VNI: vni number
show evpn vni VNI: vrf string
show evpn vni VNI: ifindex number
show evpn vni VNI: numRemoteVteps array
show evpn vni VNI: numRemoteVteps/N string
show evpn vni detail: N/vrf string
show evpn vni detail: N/ifindex number
show evpn vni detail: N/numRemoteVteps array
show evpn vni detail: N/numRemoteVteps/N string
'
# Roles, additional paths, long-lived restart, domain names, timers that are not there, BGP over an interface;
# why an EVPN multihoming port would be down.
absent='localRole|remoteRole|addPath|longLivedGracefulRestart|longLivedGracefulRestartByPeer
rcvDomainName|addressFamiliesByPeer|capabilitySent|capabilityRecv|extendedOptionalParametersLength
bgpTimerConfiguredConditionalAdvertisementsSec|bgpTimerLastWrite|bgpInUpdateElapsedTimeMsecs
nexthopGlobal|nexthopLocal|bgpConnection|internalBgpNbrMaxHopsAway|lastResetCode|protodownReasons/N
lastResetTimerMsecs|lastResetDueTo'

# Members of the JSON on standard input with their types; keys that are data become words.
shape() {
	jq -r 'paths as $p | ($p | map(if type == "number" then "N" else gsub("[/ ]"; "_") end) | join("/"))
		+ " " + (getpath($p) | type)' |
		sed -E 's#\[([0-9])\]:[^/ ]*#PREFIX\1#g
			s#(^|/)([0-9]+\.){3}[0-9]+:[0-9]+#\1RD#g
			s#(^|/)(([0-9]+\.){3}[0-9]+|[0-9a-f]*:[0-9a-f:]*:[0-9a-f:]*)(/| )#\1IP\4#g
			s#(^|/)([0-9a-f]{2}:){5}[0-9a-f]{2}#\1MAC#g
			s#(^|/)('"$V1|$V2"')(/| )#\1VNI\3#g' | sort -u
}

# The command with the words that stand for this fabric's values.
spell() { # KIND COMMAND
	local rd peer
	rd=$(vt leaf1 "show bgp l2vpn evpn vni json" | jq -r ".[\"$V1\"].rd")
	peer=$(lo4 100)
	printf '%s\n' "$1" | sed "s/RD/$rd/; s/PEER/$peer/; s/MAC/$(host_mac $V1 1)/; s/VTEP/$(lo4 2)/; s/IP\$/$(host4 $V1 2)/"
}

shapes_of() { # KIND
	local c
	basic_build 4
	run_rr frr
	run "$1" leaf1 < <(conf_leaf 1)
	run "$1" leaf2 < <(conf_leaf 2)
	basic_sessions 4
	basic_flood 4
	wait_for 20 "$1: h1 reaches h2" pings h1 "$(host4 $V1 2)"
	ns leaf1 ping -c1 -W1 "$(host4 $V1 1)" >/dev/null
	ns leaf2 ping -c1 -W1 "$(host4 $V1 2)" >/dev/null
	wait_for 15 "$1: leaf1 has h2" neigh_at leaf1 $V1 "$(host4 $V1 2)" "$(host_mac $V1 2)"
	for c in "${commands[@]}"; do
		vt leaf1 "$(spell "$c") json" >"$W/out" || fail "$1: $c: no answer"
		jq -e . >/dev/null 2>&1 <"$W/out" || fail "$1: $c: no JSON: $(head -c 300 "$W/out")"
		shape <"$W/out" | sed "s/^/$(printf '%s' "$c" | sed "s/$V1/VNI/"): /"
	done >"$W/shape.$1"
}

command -v jq >/dev/null || skip "jq is not there"
need_all frr evpnd
fab_start
for kind in frr evpnd; do
	shapes_of $kind
	fab_down
done
missing=$(comm -23 <(sort -u "$W/shape.frr") <(sort -u "$W/shape.evpnd") |
	grep -vxF -f <(printf '%s\n' "$changed" | grep .) |
	grep -vE "[ /]($(printf '%s' "$absent" | tr '\n' '|'))( |/|\$)")
[ -z "$missing" ] || {
	printf '%s\n' "$missing"
	fail "FRR has members that evpnd has not"
}
ok "$(wc -l <"$W/shape.frr") members of ${#commands[@]} commands: evpnd has what FRR has, but for what is listed here"
