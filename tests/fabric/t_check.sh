#!/bin/bash
# SPDX-License-Identifier: ISC
# --check reads a configuration, names every error with its line, and exits; it needs no privilege.
. "$(dirname "$0")/lib.sh"

need_all evpnd
fab_start
check_conf() { # reads the text; leaves what was said in $W/said
	cat >"$W/conf"
	EVPND_YANG_PATH=$EVPND_YANG_PATH EVPND_ENGINE=$EVPND_ENGINE timeout 20 "$EVPND_BIN/evpnd" --check -f "$W/conf" >"$W/said" 2>&1 </dev/null
}

check_conf < <(conf_leaf 1) || { cat "$W/said"; fail "a good leaf is refused"; }
ok "a good leaf passes"
check_conf < <(conf_rr) || { cat "$W/said"; fail "a good route reflector is refused"; }
ok "a good route reflector passes"
check_conf <<-'END' && fail "errors were not seen"
	! line 1
	router bgp 65000
	 bgp router-id 10.0.0.1
	 neighbor 10.0.0.300 remote-as 65000
	 neighbor 10.0.0.2 remote-as 65000
	 address-family l2vpn evpn
	  neighbor 10.0.0.2 activate
	  vni 16777216
	 exit-address-family
	no-such-statement at all
END
for line in 4 8 10; do
	grep -qE "(^|[^0-9.])$line([^0-9.]|\$)" "$W/said" || { cat "$W/said"; fail "line $line is not named"; }
done
for line in 5 6 7; do
	if grep -qE ":$line:" "$W/said"; then cat "$W/said"; fail "line $line is blamed"; fi
done
ok "three errors, each with its line"
sed 's/^/#   /' "$W/said"
rm "$W/conf"
EVPND_YANG_PATH=$EVPND_YANG_PATH "$EVPND_BIN/evpnd" --check -f "$W/conf" >"$W/said" 2>&1 && fail "a missing file passes"
ok "a missing file: $(tail -n 1 "$W/said")"
"$EVPND_BIN/evpnd" --version | grep -q evpnd || fail "--version"
ok "$("$EVPND_BIN/evpnd" --version | head -n 1)"
