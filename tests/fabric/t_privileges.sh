#!/bin/bash
# SPDX-License-Identifier: ISC
# The engine has no capability, no root, no new privileges and a seccomp filter; the parent keeps only what it needs.
. "$(dirname "$0")/lib.sh"

status() { sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"; }

check() { # TEXT WANTED GOT
	[ "$2" = "$3" ] || fail "$1: $3, not $2"
	ok "$1: $3"
}

need_all evpnd python3
fab_start
underlay 1
vni_devices 1 110
run_rr evpnd
run evpnd leaf1 < <(conf_leaf 1)
wait_for 25 "leaf1 has its session" session_up leaf1 "$(lo4 100)"

engine=$(engine_of leaf1) || fail "no engine"
for set in CapInh CapPrm CapEff CapAmb; do check "engine, $set" 0000000000000000 "$(status "$engine" $set)"; done
check "engine, no new privileges" 1 "$(status "$engine" NoNewPrivs)"
check "engine, seccomp" 2 "$(status "$engine" Seccomp)"
for id in $(status "$engine" Uid) $(status "$engine" Gid); do [ "$id" != 0 ] || fail "the engine has an id of root"; done
ok "engine, ids: $(status "$engine" Uid | tr '\t' ' ')"
case " $(status "$engine" Groups) " in *" 0 "*) fail "the engine is in root's group" ;; esac
ok "engine, groups: '$(status "$engine" Groups)'"

# The parent holds the network's capabilities and little else, whoever started it.
parent=${PIDOF[leaf1]}
eff=$((16#$(status "$parent" CapEff)))
for cap in 21 19 16 25 18 13; do # SYS_ADMIN SYS_PTRACE SYS_MODULE SYS_TIME SYS_CHROOT NET_RAW
	[ $((eff >> cap & 1)) = 0 ] || fail "the parent kept capability $cap"
done
ok "parent, CapEff: $(status "$parent" CapEff)"
check "parent, no new privileges" 1 "$(status "$parent" NoNewPrivs)"

# No file descriptor of the engine reaches the kernel's tables.
for fd in /proc/"$engine"/fd/*; do
	inode=$(readlink "$fd" | sed -n 's/^socket:\[\(.*\)\]$/\1/p')
	[ -n "$inode" ] || continue
	if ns leaf1 awk -v i="$inode" '$10 == i { found = 1 } END { exit !found }' /proc/net/netlink; then
		fail "the engine holds a netlink socket"
	fi
	if ns leaf1 grep -q " $inode\$" /proc/net/packet; then fail "the engine holds a packet socket"; fi
done
ok "the engine holds no netlink socket, and no packet socket"
[ "$(ns leaf1 tail -n +2 /proc/net/packet | wc -l)" = 2 ] ||
	fail "the parent has not its two packet sockets"
ok "the parent has two packet sockets, and not the capability that it took to open them"

# As a route reflector alone it starts without any capability, on a port that needs none.
stop spine
setpriv --reuid=65534 --regid=65534 --clear-groups true || skip "setpriv does not work here"
mkdir -p "$W/spine/run2"
chown 65534:65534 "$W/spine/run2"
conf_rr >"$W/spine/conf"
chmod 644 "$W/spine/conf"
spawn spine evpnd setpriv --reuid=65534 --regid=65534 --clear-groups env EVPND_ENGINE="$EVPND_ENGINE" \
	EVPND_YANG_PATH="$EVPND_YANG_PATH" "$EVPND_BIN/evpnd" -f "$W/spine/conf" --rundir "$W/spine/run2" --no-kernel -p 1790
wait_for 15 "without a privilege, --no-kernel -p 1790 listens" ns spine bash -c 'exec 3<>/dev/tcp/10.0.0.100/1790'
