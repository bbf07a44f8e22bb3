# SPDX-License-Identifier: ISC
# Read by tests that drive vtysh: an engine of their own, without neighbours and data plane, in a directory $W that goes
# with them.  They may say `leave`, what else is to be ended, and `context`, what a failure shows besides the log.
builddir=$(cd "${builddir:-.}" && pwd)
srcdir=$(cd "${srcdir:-.}" && pwd)
export EVPND_YANG_PATH="${EVPND_YANG_PATH:-$srcdir/yang}"
W=$(mktemp -d "${TMPDIR:-/tmp}/evpnd-test.XXXXXX") || exit 1
engine=
leave() { :; }
context() { :; }
cleanup() {
	leave
	[ -z "$engine" ] || kill "$engine" 2>/dev/null
	wait
	rm -rf "$W"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

ok() { echo "ok - $*"; }
fail() {
	context
	cat "$W/log" 2>/dev/null
	echo "not ok - $*"
	exit 1
}
# within TENTHS COMMAND...: it comes true within so many tenths of a second.
within() {
	left=$1
	shift
	until "$@"; do
		left=$((left - 1))
		[ $left -gt 0 ] || return 1
		sleep 0.1
	done
}
vt() { "$builddir/vtysh/vtysh" --vty_socket "$W" "$@" >"$W/out" 2>&1; }
# The engine with the configuration $W/conf.
start_engine() {
	"$builddir/evpnd-engine" -f "$W/conf" --rundir "$W" -p 0 --no-kernel 2>"$W/log" &
	engine=$!
	within 600 vt -c 'show version' || fail "the engine does not answer"
}
