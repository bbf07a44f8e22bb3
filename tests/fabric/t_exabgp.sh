#!/bin/bash
# SPDX-License-Identifier: ISC
# ExaBGP: a session with families, graceful restart and hold times as it offers them; routes of types 1 to 5 that its
# encoders wrote, shown by evpnd; and the same, reflected, as it reads them.  It says what it understood in JSON.
. "$(dirname "$0")/lib.sh"

need_all evpnd exabgp python3 jq
/usr/bin/python3 -c 'import exabgp.bgp.message.update.nlri.evpn' 2>/dev/null || skip "exabgp's library is not there"
fab_start
node spine
node exa
link spine v0 exa v1
ipn spine addr add 10.0.0.100/24 dev v0
ipn exa addr add 10.0.0.2/24 dev v1
ipn exa addr add 10.0.0.3/24 dev v1
ipn spine route add 10.9.9.9/32 dev v0 # towards the next hop of what is announced
run evpnd spine <<-END
	router bgp 65000
	 bgp router-id 10.0.0.100
	 no bgp default ipv4-unicast
	 neighbor ALL peer-group
	 neighbor ALL remote-as 65000
	 neighbor ALL passive
	 neighbor 10.0.0.2 peer-group ALL
	 neighbor 10.0.0.3 peer-group ALL
	 address-family l2vpn evpn
	  neighbor ALL activate
	  neighbor ALL route-reflector-client
	 exit-address-family
	exit
END
wait_for 10 "evpnd listens" ns spine bash -c 'exec 3<>/dev/tcp/10.0.0.100/179'

run_exabgp() {
	spawn "$1" exabgp env exabgp.daemon.user=root exabgp.api.cli=false exabgp.api.ack=false exabgp.log.destination=stderr \
		exabgp "$W/$1/conf"
}
# Its process does nothing but to keep what it is told.
# (Its standard input does not block, so cat would end at once.)
cat >"$W/exa.keep" <<-END
	import os, select, sys
	with open(sys.argv[1], "ab", 0) as f:
	    while select.select([0], [], []):
	        data = os.read(0, 65536)
	        if not data:
	            break
	        f.write(data)
END
cat >"$W/exa.conf" <<-END
	process keep {
		run /usr/bin/python3 $W/exa.keep $W/exa/told;
		encoder json;
	}
	neighbor 10.0.0.100 {
		router-id 10.0.0.3;
		local-address 10.0.0.3;
		local-as 65000;
		peer-as 65000;
		hold-time 30;
		capability { graceful-restart 60; route-refresh enable; }
		family { l2vpn evpn; }
		api { processes [ keep ]; neighbor-changes; receive { parsed; update; notification; } }
	}
END
run exabgp exa <"$W/exa.conf"
wait_for 30 "ExaBGP has its session" session_up spine 10.0.0.3
mkfifo "$W/tell"
exec 9<>"$W/tell"
ip netns exec "${P}exa" /usr/bin/python3 "$FAB/exabgp_routes.py" 10.0.0.100 10.0.0.2 <"$W/tell" >"$W/routes.log" 2>&1 &
PIDS+=($!)
wait_for 20 "routes of types 1 to 5, written by ExaBGP's encoders, are announced" grep -q announced "$W/routes.log"

# type, what names it
shown() { vt spine 'show bgp l2vpn evpn' | sed -nE 's/^ ?[*>i ]+(\[[1-5]\][^ ]*).*/\1/p' | sort -u; }
cat >"$W/want" <<-END
	[1]:[0]:[00:01:02:03:04:05:06:07:08:09]:[32]:[0.0.0.0]:[0]
	[1]:[4294967295]:[00:01:02:03:04:05:06:07:08:09]:[32]:[0.0.0.0]:[0]
	[2]:[0]:[48]:[02:00:00:00:00:01]
	[2]:[0]:[48]:[02:00:00:00:00:03]:[128]:[fd01::3]
	[2]:[5]:[48]:[02:00:00:00:00:02]:[32]:[10.1.0.2]
	[3]:[0]:[128]:[fd00::9]
	[3]:[0]:[32]:[10.9.9.9]
	[4]:[00:01:02:03:04:05:06:07:08:09]:[32]:[10.9.9.9]
	[5]:[0]:[16]:[10.2.0.0]
	[5]:[0]:[32]:[fd02::]
END
all_shown() { diff <(shown) "$W/want" >"$W/diff"; }
wait_quiet 10 all_shown || { cat "$W/diff"; fail "evpnd shows other routes"; }
ok "evpnd shows all ten of them"

# What ExaBGP made of the reflected ones.
told() { # announce|withdraw
	jq -r --arg what "$1" 'select(.type == "update") | .neighbor.message.update[$what]? // {} | .. | objects |
		select(has("code")) | [.code, .rd, .esi // "-", ."ethernet-tag" // "-", .mac // "-", .ip // "-"] | join(" ")' "$W/exa/told" |
		sort -u
}
cat >"$W/want-told" <<-END
	1 10.9.9.9:7 00:01:02:03:04:05:06:07:08:09 0 - -
	1 10.9.9.9:7 00:01:02:03:04:05:06:07:08:09 4294967295 - -
	2 10.9.9.9:7 - 0 02:00:00:00:00:01 -
	2 10.9.9.9:7 - 0 02:00:00:00:00:03 fd01::3
	2 10.9.9.9:7 00:01:02:03:04:05:06:07:08:09 5 02:00:00:00:00:02 10.1.0.2
	3 10.9.9.9:7 - 0 - 10.9.9.9
	3 10.9.9.9:7 - 0 - fd00::9
	4 10.9.9.9:7 00:01:02:03:04:05:06:07:08:09 - - 10.9.9.9
	5 10.9.9.9:7 - 0 - 10.2.0.0
	5 10.9.9.9:7 - 0 - fd02::
END
as_told() { diff <(told "$1") "$W/want-told" >"$W/diff"; }
wait_quiet 10 as_told announce || { cat "$W/diff"; fail "ExaBGP read other routes"; }
ok "ExaBGP reads all ten of them"
attributes_of() { # CODE: what it read beside routes of that type
	jq -c --argjson code "$1" 'select(.type == "update") | .neighbor.message.update | select([.announce? | .. | objects | .code?] | index($code)) |
		.attribute | [.origin, ."local-preference", ."originator-id", ."cluster-list", .pmsi // "-", (."extended-community" | map(.string))]' "$W/exa/told" |
		head -n 1
}
is() { [ "$2" = "$3" ] && ok "$1" || fail "$1: $2"; }
is "type 2: route target, encapsulation, mobility, originator and cluster" "$(attributes_of 2)" \
	'["igp",100,"10.0.0.2",["10.0.0.100"],"-",["target:65000:100","encap:VXLAN","mac-mobility:7:sticky"]]'
is "type 3: the PMSI tunnel" "$(attributes_of 3)" \
	'["igp",100,"10.0.0.2",["10.0.0.100"],"pmsi:ingressreplication:0:6(100):10.9.9.9",["target:65000:100"]]'
vt_json spine 'show bgp neighbors 10.0.0.3' '.["10.0.0.3"] | .bgpTimerHoldTimeMsecs == 30000 and .bgpState == "Established"' ||
	fail "the hold time is not ExaBGP's"
ok "the hold time is ExaBGP's"

# The ESI of type 2 is no part of the key, and a withdrawal names only the key.
sed -i 's/^\(2 10.9.9.9:7\) 00:01[^ ]*/\1 -/' "$W/want-told"
echo withdraw >&9
wait_quiet 10 as_told withdraw || { cat "$W/diff"; fail "ExaBGP read other withdrawals"; }
ok "ExaBGP reads ten withdrawals"
wait_for 10 "evpnd has none of them" eval '[ -z "$(shown)" ]'
jq -es 'all(.[]; .type != "notification")' "$W/exa/told" >/dev/null || fail "a NOTIFICATION was sent"
session_up spine 10.0.0.3 || fail "the session is gone"
ok "all of it in one session"

# It restarts, and says that its forwarding goes on.
stop exa
restarting() { vt_json spine 'show bgp neighbors 10.0.0.3' '.["10.0.0.3"].bgpState != "Established"'; }
wait_for 20 "ExaBGP is gone" restarting
run exabgp exa <"$W/exa.conf"
wait_for 30 "ExaBGP is back" session_up spine 10.0.0.3
kill -0 "${PIDOF[spine]}" && engine_of spine >/dev/null || fail "evpnd is gone"
vt spine 'show bgp l2vpn evpn summary'
