# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/talk.sh: how the demos speak to who watches.  After lib.sh, whose `ok` it replaces.

# Colour for a person, plain text for a pipe.  FAB_COLOUR (yes, no) decides where the terminal is not ours to see.
if [ -t 1 ] && [ "${FAB_COLOUR:-yes}" = yes ]; then
	BOLD=$'\033[1m' CYAN=$'\033[36m' PLAIN=$'\033[0m'
else
	BOLD='' CYAN='' PLAIN=''
fi
bold() { printf '\n%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }
cyan() { printf '\n%s%s%s\n' "$CYAN" "$*" "$PLAIN"; }
say() { printf '%s\n' "$@"; }
ok() { say "   done: $*"; }

# show NODE COMMAND: as the operator would type it there
show() {
	cyan "$1# $2"
	vt "$1" "$2"
}

# try NODE COMMAND...: a command of the shell there
try() {
	local n=$1
	shift
	cyan "$n# $*"
	ns "$n" "$@"
}

# vtysh_for NODE TEXT...: on a terminal, the person goes on alone in the node's vtysh; TEXT says what to try.
vtysh_for() {
	local n=$1
	shift
	[ -t 0 ] && [ -t 1 ] || return 0
	bold "$1"
	shift
	say "$@"
	trap : INT # ^C is for vtysh
	"$EVPND_BIN/vtysh" --vty_socket "$W/$n/run"
	trap 'exit 130' INT
}
