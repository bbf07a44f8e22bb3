#!/bin/bash
# SPDX-License-Identifier: ISC
# Several evpnd on one machine, each with its own run directory, port and address; a second in one directory is refused.
. "$(dirname "$0")/lib.sh"

need_all evpnd jq
fab_start
node box
ipn box addr add 10.0.0.100/24 dev lo
conf_peer() { # NUMBER PEER
	cat <<-END
		router bgp 65000
		 bgp router-id 10.0.0.$1
		 no bgp default ipv4-unicast
		 neighbor 10.0.0.$2 remote-as 65000
		 neighbor 10.0.0.$2 port 20$2
		 neighbor 10.0.0.$2 update-source 10.0.0.$1
		 neighbor 10.0.0.$2 timers connect 1
		 address-family l2vpn evpn
		  neighbor 10.0.0.$2 activate
	END
}
for pair in "11 12" "12 11"; do
	read -r i j <<<"$pair"
	mkdir -p "$W/d$i"
	conf_peer "$i" "$j" >"$W/d$i/conf"
	ip netns exec "${P}box" env EVPND_ENGINE="$EVPND_ENGINE" EVPND_YANG_PATH="$EVPND_YANG_PATH" "$EVPND_BIN/evpnd" \
		-f "$W/d$i/conf" --rundir "$W/d$i/run" -p "20$i" -l "10.0.0.$i" --no-kernel >"$W/d$i/log" 2>&1 </dev/null &
	PIDS+=($!)
	eval "pid$i=$!"
done
established() { # NUMBER PEER
	timeout 10 "$EVPND_BIN/vtysh" --vty_socket "$W/d$1/run" -c 'show bgp l2vpn evpn summary json' |
		json_is ".peers[\"10.0.0.$2\"].state == \"Established\""
}
wait_for 20 "the first has a session to the second" established 11 12
wait_for 5 "and the second to the first" established 12 11

timeout 10 ip netns exec "${P}box" env EVPND_ENGINE="$EVPND_ENGINE" EVPND_YANG_PATH="$EVPND_YANG_PATH" "$EVPND_BIN/evpnd" \
	-f "$W/d11/conf" --rundir "$W/d11/run" -p 3000 --no-kernel >"$W/third.log" 2>&1 </dev/null
rc=$?
case $rc in 0 | 124) fail "a third evpnd ran in the first one's run directory (status $rc)" ;; esac
ok "a second evpnd in one run directory is refused: $(tail -n 1 "$W/third.log")"
established 11 12 >/dev/null || fail "and broke the first"

# shellcheck disable=SC2154
kill -TERM "$pid11"
await_end "$pid11" 10 || fail "SIGTERM did not end it"
wait "$pid11" && ok "SIGTERM ends it with status 0" || fail "SIGTERM ended it with status $?"
never 1 "the second still runs" eval '! kill -0 "$pid12"'
