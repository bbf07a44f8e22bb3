#!/bin/bash
# SPDX-License-Identifier: ISC
# A host that the kernel has dropped is asked before its route is withdrawn: it stays while it has the
# address, and goes when it has it no more.
. "$(dirname "$0")/basic.sh"

basic_start evpnd evpnd evpnd 4
basic_learn 4
ip=$(host4 $V1 1) mac=$(host_mac $V1 1)
known() { neigh_at leaf2 $V1 "$ip" "$mac"; }
unknown() { ! known; }
drop() { ns leaf1 ip neigh del "$ip" dev "$(svi $V1)"; }
learnt() { ns leaf1 ip neigh show dev "$(svi $V1)" to "$ip" | grep -q lladdr; }

wait_for 20 "leaf2 knows the host's address" known
drop
wait_for 15 "leaf1's kernel drops it: the host is asked, and answers" learnt
never 5 "leaf2 has not lost it" unknown
ipn h1 addr del "$ip/24" dev eth0
drop
never 2 "the host has given the address up: it is asked first" unknown
wait_for 40 "and then leaf2 hears of it" unknown
