# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/zl.sh: evpnd with zl_probe in place of its engine; comes after lib.sh.
#
# zl_run NODE [ARGUMENT]... starts it; zl NODE COMMAND... gives the probe a command; zl_said NODE REGEX looks for
# a line of the probe's since the last zl_mark NODE.
declare -A ZL_MARK

zl_start() {
	fab_start
	EVPND_BUILD=${EVPND_BUILD:-$EVPND_BIN}
	[ -x "$EVPND_BUILD/tests/fabric/zl_probe" ] || skip "zl_probe is not built"
	# Where any user may run it.
	install -m 755 "$EVPND_BUILD/tests/fabric/zl_probe" "$EVPND_BIN/evpnd" "$W/"
}

# One leaf alone, whose VTEP is on its loopback.
zl_leaf() { # VNI
	zl_start
	node leaf1
	ipn leaf1 addr add 10.0.0.1/32 dev lo
	vni_devices 1 "$1"
}

zl_run() {
	local n=$1
	shift
	[ -p "$W/$n/in" ] || mkfifo -m 666 "$W/$n/in"
	: >"$W/$n/out"
	chmod 666 "$W/$n/in" "$W/$n/out"
	spawn "$n" zl env ZL_PROBE_IN="$W/$n/in" ZL_PROBE_OUT="$W/$n/out" EVPND_ENGINE="$W/zl_probe" \
		"$W/evpnd" --rundir "$W/$n/run" -p 1179 "$@"
	ZL_MARK[$n]=1
	wait_for 10 "the probe has seen everything" zl_said "$n" '^end$'
}

zl() {
	local n=$1
	shift
	echo "$*" >"$W/$n/in"
}

zl_mark() { ZL_MARK[$1]=$(($(wc -l <"$W/$1/out") + 1)); }
zl_since() { tail -n "+${ZL_MARK[$1]:-1}" "$W/$1/out"; }
zl_said() { zl_since "$1" | grep -qE -- "$2"; }
zl_count() { zl_since "$1" | grep -cE -- "$2"; }

# zl_want NODE RECORD...: sends it and waits for its result; the last failure is in ZL_FAIL ("" if none).
zl_want() {
	local n=$1
	shift
	zl_mark "$n"
	zl "$n" want "$@"
	wait_quiet 5 zl_said "$n" '^result ' || fail "no answer to: $*"
	ZL_FAIL=$(zl_since "$n" | sed -n 's/^fail [0-9]* [0-9]* //p')
}

zl_ok() { # NODE RECORD...
	zl_want "$@"
	[ -z "$ZL_FAIL" ] || fail "$* ($ZL_FAIL)"
}

zl_refused() { # ERROR NODE RECORD...
	local error=$1
	shift
	zl_want "$@"
	case $ZL_FAIL in "$error "*) ok "refused with $ZL_FAIL: ${*:2}" ;; *) fail "wanted $error for ${*:2}, got '$ZL_FAIL'" ;; esac
}

fdb_has() { # NODE DEVICE REGEX
	ns "$1" bridge fdb show dev "$2" | grep -qE -- "$3"
}
fdb_lacks() { ! fdb_has "$@"; }
neigh_has() { # NODE DEVICE REGEX
	ns "$1" ip neigh show dev "$2" | grep -qE -- "$3"
}
neigh_lacks() { ! neigh_has "$@"; }
must() { # TEXT COMMAND...
	local text=$1
	shift
	if "$@"; then ok "$text"; else fail "$text"; fi
}
