#!/bin/bash
# SPDX-License-Identifier: ISC
# BIRD 2: what OPENs of two strangers agree on.  Debian 12's BIRD has no EVPN, so no session can come up; but both must
# read the other's OPEN (four-octet AS, graceful restart, extended messages, refresh), and who is right about
# everything else must hear about the family, who is wrong about the AS of that: the OPEN's checks have an order.
# The transport is shared too: IPv4, IPv6, MD5 keys, GTSM.
. "$(dirname "$0")/lib.sh"

need_all evpnd bird tshark jq
fab_start
node spine
node bird
link spine v0 bird v1
ipn spine addr add 10.0.0.100/24 dev v0
ipn spine addr add fd00::100/64 dev v0 nodad
# BIRD has one protocol at a time use a remote address, so each has one of its own.
for i in {1..7}; do
	ipn spine addr add 10.0.0.10$i/24 dev v0
	ipn bird addr add 10.0.0.$i/24 dev v1
done
ipn bird addr add fd00::8/64 dev v1 nodad

neighbors() {
	local a
	for a in 10.0.0.{1..7} fd00::8; do
		echo "neighbor $a remote-as $([ "$a" = 10.0.0.3 ] && echo 4200000000 || echo 4200000001)"
		echo "neighbor $a passive"
	done
	echo "address-family l2vpn evpn"
	for a in 10.0.0.{1..7} fd00::8; do echo "neighbor $a activate"; done
	echo "exit-address-family"
}
run evpnd spine <<-END
	router bgp 4200000000
	 bgp router-id 10.0.0.100
	 no bgp default ipv4-unicast
	 $(neighbors)
	 neighbor 10.0.0.4 password sesame
	 neighbor 10.0.0.5 password sesame
	 neighbor 10.0.0.6 ttl-security hops 1
	 neighbor 10.0.0.7 ttl-security hops 1
	exit
END
background bird tshark -i v1 -w "$W/wire.pcap" 'tcp port 179' 2>"$W/tshark.err"
wait_for 20 "the wire is watched" test -s "$W/wire.pcap"
wait_for 10 "evpnd listens" ns spine bash -c 'exec 3<>/dev/tcp/10.0.0.100/179'
run bird bird <<-END
	router id 10.0.0.1;
	log stderr all;
	protocol device {}
	template bgp any {
		ipv4 { import all; export none; };
		graceful restart on;
		enable extended messages on;
		connect delay time 1;
		connect retry time 2;
		error wait time 1, 2;
	}
	protocol bgp p_good from any { local 10.0.0.1 as 4200000001; neighbor 10.0.0.101 as 4200000000; }
	protocol bgp p_other_as from any { local 10.0.0.2 as 4200000009; neighbor 10.0.0.102 as 4200000000; }
	protocol bgp p_inner from any { local 10.0.0.3 as 4200000000; neighbor 10.0.0.103 as 4200000000; }
	protocol bgp p_key from any { local 10.0.0.4 as 4200000001; neighbor 10.0.0.104 as 4200000000; password "sesame"; }
	protocol bgp p_other_key from any { local 10.0.0.5 as 4200000001; neighbor 10.0.0.105 as 4200000000; password "x"; }
	protocol bgp p_near from any { local 10.0.0.6 as 4200000001; neighbor 10.0.0.106 as 4200000000; ttl security on; }
	protocol bgp p_far from any { local 10.0.0.7 as 4200000001; neighbor 10.0.0.107 as 4200000000; multihop 5; }
	protocol bgp p_six from any { local fd00::8 as 4200000001; neighbor fd00::100 as 4200000000; }
END

# What evpnd says of each, and goes on saying when connections come and go.
reason() { vt_json spine "show bgp neighbors $1" ".[\"$1\"].lastResetDueTo == \"$2\""; }
opens_in() { # ADDRESS TEST
	vt_json spine "show bgp neighbors $1" ".[\"$1\"].messageStats.opensRecv $2"
}
FAMILY='the peer does not offer L2VPN EVPN'
OTHER='another AS than configured: 4200000009'
for a in 10.0.0.1 10.0.0.3 10.0.0.4 10.0.0.6 fd00::8; do
	wait_for 20 "$a: the family is what is missing" reason $a "$FAMILY"
done
wait_for 20 "10.0.0.2: another AS of four octets" reason 10.0.0.2 "$OTHER"
for a in 10.0.0.1 10.0.0.2 10.0.0.4; do wait_for 20 "$a tries again" opens_in $a '>= 2'; done
for a in 10.0.0.5 10.0.0.7; do opens_in $a '== 0' || fail "$a came through without the key or from afar"; done
ok "a wrong MD5 key and a packet from afar bring nobody in"
reason 10.0.0.1 "$FAMILY" && reason 10.0.0.2 "$OTHER" || fail "the reasons were forgotten"
ok "the reasons stay"

# What both said on the wire, as a third reads it.
bird_says() { ns bird birdc -s "$W/bird/run/bird.ctl" show protocols all "$1" | grep -q "Last error: .*$2"; }
wait_for 10 "BIRD misses a capability" bird_says p_good 'Required capability missing'
sleep 1
dissect() { tshark -r "$W/wire.pcap" -Y "$1" -T fields -e ip.src -E occurrence=f 2>/dev/null | sort -u | tr '\n' ' '; }
has_open() { # SOURCE FILTER TEXT
	case " $(dissect "bgp.type == 1 && ip.src == $1 && $2")" in *" $1 "*) ok "$3" ;; *) fail "$3: not on the wire" ;; esac
}
for a in 10.0.0.1 10.0.0.101; do
	has_open $a 'bgp.cap.type == 65 && bgp.cap.type == 64 && bgp.cap.type == 6 && bgp.cap.type == 2 && bgp.cap.type == 70' \
		"$a offers four-octet AS, graceful restart, extended messages, route refresh and enhanced refresh"
done
has_open 10.0.0.101 'bgp.cap.mp.afi == 25 && bgp.cap.mp.safi == 70' "evpnd offers EVPN"
[ -z "$(dissect '_ws.malformed')" ] || fail "tshark finds a malformed message"
[ -z "$(dissect 'bgp.type == 3 && !(bgp.notify.major_error == 2)')" ] || fail "a NOTIFICATION that is not about an OPEN"
ok "nothing is malformed, every NOTIFICATION is about an OPEN"

kill -0 "${PIDOF[spine]}" && engine_of spine >/dev/null || fail "evpnd is gone"
echo "neighbor opens-in reason"
vt spine 'show bgp neighbors json' | jq -r 'to_entries[] | select(.value | type == "object") | "\(.key) \(.value.messageStats.opensRecv) \(.value.lastResetDueTo // "-")"'
