#!/bin/bash
# SPDX-License-Identifier: ISC
# OpenBGPD: Debian's portable 7.7 knows IPv4 and IPv6 unicast, VPN and Flowspec, and no EVPN, so a session cannot come up:
# each side must read the other's OPEN and hear which family is missing, over IPv4 and IPv6.  A version that knows EVPN (and resets on types other than 2 and 3) is told only those by
# `evpn route-types 2 3`, and must keep its session.
. "$(dirname "$0")/lib.sh"

need_all evpnd bgpd bgpctl python3 jq
# FRR has a program of that name too.
bgpd -V 2>&1 | grep -q OpenBGPD || skip "openbgpd is not there"
fab_start
node spine
node obgpd
link spine v0 obgpd v1
ipn spine addr add 10.0.0.100/24 dev v0
ipn spine addr add 10.0.0.2/24 dev v0
ipn spine addr add fd00::100/64 dev v0 nodad
ipn obgpd addr add 10.0.0.1/24 dev v1
ipn obgpd addr add fd00::1/64 dev v1 nodad
ipn spine route add 10.9.9.9/32 dev v0 # towards the next hop of what is announced
run evpnd spine <<-END
	router bgp 65000
	 bgp router-id 10.0.0.100
	 no bgp default ipv4-unicast
	 neighbor 10.0.0.2 remote-as 65000
	 neighbor 10.0.0.2 passive
	 neighbor 10.0.0.1 remote-as 4200000001
	 neighbor 10.0.0.1 timers connect 1
	 neighbor fd00::1 remote-as 4200000001
	 neighbor fd00::1 passive
	 neighbor fd00::1 password sesame
	 no bgp ebgp-requires-policy
	 address-family l2vpn evpn
	  neighbor 10.0.0.2 activate
	  neighbor 10.0.0.1 activate
	  neighbor 10.0.0.1 evpn route-types 2 3
	  neighbor fd00::1 activate
	  neighbor fd00::1 evpn route-types 2 3
	 exit-address-family
	exit
END
wait_for 10 "evpnd listens" ns spine bash -c 'exec 3<>/dev/tcp/10.0.0.100/179'

obgpd_conf() { # LINES FOR EACH NEIGHBOUR
	cat <<-END
		AS 4200000001
		router-id 10.0.0.1
		socket "$W/obgpd/ctl"
		fib-update no
		neighbor 10.0.0.100 {
			remote-as 65000
			local-address 10.0.0.1
			$1
		}
		neighbor fd00::100 {
			remote-as 65000
			local-address fd00::1
			tcp md5sig password sesame
			$1
		}
		allow from any
		allow to any
	END
}
run_openbgpd() { # NODE
	chmod 600 "$W/$1/conf"
	# Its processes lock themselves up in a directory of /run that an init system would have made.
	spawn "$1" openbgpd unshare -m sh -c "mount -t tmpfs tmpfs /run && mkdir -p $(getent passwd _openbgpd | cut -d: -f6) &&
		exec bgpd -d -v -f $W/$1/conf"
}
understands() { # CONF: whether OpenBGPD reads it
	bgpd -n -f "$1" >/dev/null 2>&1
}

obgpd_conf "announce evpn" >"$W/try"
chmod 600 "$W/try"
if understands "$W/try"; then
	run openbgpd obgpd < <(obgpd_conf "announce evpn")
	wait_for 30 "OpenBGPD, which knows EVPN, has its session" session_up spine 10.0.0.1
	background spine /usr/bin/python3 "$FAB/route_types.py" 10.0.0.100 10.0.0.2 >"$W/types.log" 2>&1
	wait_for 10 "all types are announced" grep -q announced "$W/types.log"
	got() { [ "$(vt spine 'show bgp l2vpn evpn summary json' | jq '[.. | .peers? // empty] | .[0]["10.0.0.1"].pfxSnt')" = 2 ]; }
	wait_for 10 "it is told of type 2 and type 3 and of nothing else" got
	never 3 "its session stays" eval '! session_up spine 10.0.0.1'
	exit 0
fi
note "this OpenBGPD does not know EVPN: no session can come up"
run openbgpd obgpd < <(obgpd_conf "")
reason() { vt_json spine "show bgp neighbors $1" ".[\"$1\"].lastResetDueTo == \"$2\""; }
wait_for 30 "IPv4: the family is what is missing" reason 10.0.0.1 'the peer does not offer L2VPN EVPN'
wait_for 30 "IPv6 with an MD5 key: the family is what is missing" reason fd00::1 'the peer does not offer L2VPN EVPN'
obgpd_says() { ns obgpd bgpctl -s "$W/obgpd/ctl" show neighbor "$1" | grep -qE "$2"; }
for a in 10.0.0.100 fd00::100; do
	wait_for 10 "OpenBGPD heard why from $a" obgpd_says $a 'Last error received: .*unsupported capability'
done
wait_for 10 "OpenBGPD read our EVPN and graceful restart" grep -q 'Received graceful restart capa: .*AFI 25, safi 70' "$W/obgpd/log"
obgpd_says 10.0.0.100 '4-byte AS numbers' && obgpd_says 10.0.0.100 'Route Refresh' || fail "what was agreed on"
ok "both agree on four-octet AS numbers and route refresh"

# Without capabilities at all it is a speaker of the year 1995, whose AS is too long to say.
opens() { vt spine 'show bgp neighbors 10.0.0.1 json' | jq '.["10.0.0.1"].messageStats.opensRecv'; }
before=$(opens)
stop obgpd
run openbgpd obgpd < <(obgpd_conf "announce capabilities no")
more_opens() { [ "$(opens)" -gt "$before" ]; }
wait_for 30 "an OPEN without capabilities comes" more_opens
wait_for 10 "AS_TRANS alone says of nobody who it is" reason 10.0.0.1 'AS_TRANS as own AS'
kill -0 "${PIDOF[spine]}" && engine_of spine >/dev/null || fail "evpnd is gone"
echo "neighbor opens-in reason"
vt spine 'show bgp neighbors json' | jq -r 'to_entries[] | select(.value | type == "object") | "\(.key) \(.value.messageStats.opensRecv) \(.value.lastResetDueTo // "-")"'
