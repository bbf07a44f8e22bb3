# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/capture.sh: which questions leave a leaf inside VXLAN.
command -v tshark >/dev/null || skip "tshark is not there"

capture() { # FILE LEAF: all that goes out of its uplink or comes in
	: >"$W/$1"
	chmod 666 "$W/$1"
	background "$2" tshark -q -l -n -i up0 -f "udp dst port 4789" -w "$W/$1" 2>"$W/$1.err"
	CAP=$BG
	wait_for 15 "the capture $1 runs" test -s "$W/$1"
}

captured() { # ends it
	sleep 0.5
	kill "$CAP"
	await_end "$CAP" 5
}

queries() { # FILE MAC: the number of requests and solicitations that this one sent
	tshark -r "$W/$1" -n -d udp.port==4789,vxlan -Y "(arp.opcode == 1 || icmpv6.type == 135) && vxlan && eth.src == $2" 2>/dev/null | wc -l
}
