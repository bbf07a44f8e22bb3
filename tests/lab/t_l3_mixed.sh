#!/bin/bash
# SPDX-License-Identifier: ISC
# Symmetric IRB with evpnd and FRR: each device model of evpnd against each of FRR, in one fabric, whoever reflects.
#
# leaf1 to leaf3 are evpnd's: plain bridges, a VLAN-aware one, one VXLAN device for all.  leaf4 and on are FRR's in the same
# order; the last model needs FRR 9.  leafN has the hosts wN in web and aN in app; b1 and b4 of blue have the addresses (and
# MACs) of w1 and w4.
VNIFILTER=vnifilter
. "$(dirname "$0")/l3.sh"
SHAPES=([leaf1]=plain [leaf2]=aware [leaf3]=svd [leaf4]=plain [leaf5]=aware [leaf6]=svd)
FRR=(4 5)
have frr || skip "frr is not there"
if [ "$($FRR_BIN/zebra --version | sed -n 's/^zebra version \([0-9]*\).*/\1/p')" -ge 9 ]; then
	FRR+=(6)
else
	note "this FRR knows no VXLAN device for several VNIs"
fi

web() { echo $((10 + $1)); } # the numbers of leaf N's hosts
app() { echo $((20 + $1)); }

L3_HOSTS=(b1,$BWEB b4,$BWEB)
PLUGS=(b1,1,$BWEB,"$(web 1)" b4,4,$BWEB,"$(web 4)")
for i in 1 2 3 "${FRR[@]}"; do
	L3_HOSTS+=("w$i,$WEB" "a$i,$APP")
	PLUGS+=("w$i,$i,$WEB,$(web "$i")" "a$i,$i,$APP,$(app "$i")")
done

l3_build() {
	l3_leaves $((3 + ${#FRR[@]}))
	node "${L3_HOSTS[@]%,*}"
	at_once l3_plug "${PLUGS[@]}" || fail "the hosts cannot be plugged in"
}

# Bridged in web, and routed once at either leaf from the one's web to the other's app and the other way round.
pair() { # LEAF LEAF
	at_once hops "w$1,$WEB,$(web "$2"),0" "w$1,$APP,$(app "$2"),2" "w$2,$APP,$(app "$1"),2"
}
pair_reaches() { # LEAF LEAF
	wait_for 40 "${KIND[leaf$1]}, ${SHAPES[leaf$1]}, and ${KIND[leaf$2]}, ${SHAPES[leaf$2]}: bridged, and routed both ways" pair "$1" "$2"
}

moves() { # FROM TO: w1, of web
	local i at others
	l3_move w1 "$1" "$2" $WEB "$(web 1)"
	at="w1 moved from leaf$1 (${KIND[leaf$1]}, ${SHAPES[leaf$1]}) to leaf$2 (${KIND[leaf$2]}, ${SHAPES[leaf$2]})"
	others=("a1,$WEB,$(web 1)")
	for i in 2 3 "${FRR[@]}"; do others+=("a$i,$WEB,$(web 1)" "w$i,$WEB,$(web 1)"); done
	wait_for 40 "$at: every leaf's hosts reach it" at_once both "${others[@]}"
}

reflect() { # KIND: in place of the one that dies
	stop spine KILL || fail "the reflector does not end"
	L3_KIND[0]=$1
	run_rr "$1"
	l3_sessions
	note "$1 reflects"
}

# FRR asks no host before the kernel forgets it, which it does soon when there are many; all of this is one kernel.
sysctl -qw net.ipv4.neigh.default.gc_thresh1=4096 net.ipv4.neigh.default.gc_thresh2=8192 net.ipv4.neigh.default.gc_thresh3=16384 \
	net.ipv6.neigh.default.gc_thresh1=4096 net.ipv6.neigh.default.gc_thresh2=8192 net.ipv6.neigh.default.gc_thresh3=16384

l3_start evpnd evpnd evpnd evpnd "${FRR[@]/*/frr}"
for i in 1 2 3; do for j in "${FRR[@]}"; do pair_reaches $i "$j"; done; done
pair_reaches 1 2
pair_reaches 1 3
pair_reaches 2 3
wait_for 40 "b1 reaches b4: blue has red's addresses" both b1 $BWEB "$(web 4)"
for i in 1 4; do
	no_vrf_route leaf$i blue "$(ip4_of $WEB "$(web 2)")" || fail "blue of leaf$i has a route of red"
	! ns b$i ping -n -q -c 1 -W 1 "$(ip4_of $WEB "$(web 2)")" >/dev/null || fail "b$i reaches a host of red"
done
ok "blue has no route of red"

to_frr() { both "$1" $WEB "$(web 4)" && both "$1" $WEB "$(web 5)"; }
l3_suppressed to_frr leaf1,w1,$WEB,"$(web 1)" leaf2,w2,$WEB,"$(web 2)" leaf3,w3,$WEB,"$(web 3)"

moves 1 5
moves 5 3
reflect gobgp
moves 3 4
moves 4 2
reflect frr
moves 2 1
l3_silent w1 5 70 leaf1
l3_silent w4 3 72 leaf4

# Behind FRR's leaves, as evpnd's see it, and behind evpnd's, as FRR's sees it.
l3_ecmp 1 5 4 1,w1 2,w2 3,w3
l3_ecmp 2 3 2 1,w1 4,w4
