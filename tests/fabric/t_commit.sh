#!/bin/bash
# SPDX-License-Identifier: ISC
# Transactions by several operators at once, and what is left of them when something dies.
. "$(dirname "$0")/basic.sh"

# --- operators at their prompts -----------------------------------------------------------------

declare -A AT OPERATOR # descriptor to type into; process
TYPED=0 FROM=0

arrive() { # NAME
	mkfifo "$W/$1.in"
	"$EVPND_BIN/vtysh" --vty_socket "$W/leaf1/run" <"$W/$1.in" >"$W/$1.out" 2>&1 &
	OPERATOR[$1]=$!
	PIDS+=($!)
	exec {fd}>"$W/$1.in"
	AT[$1]=$fd
}

# Lines, and then one that nobody understands: its error ends the answer.
say() { # NAME LINE...
	local name=$1 line
	shift
	FROM=$(wc -l <"$W/$name.out")
	for line in "$@"; do printf '%s\n' "$line" >&"${AT[$name]}"; done
	TYPED=$((TYPED + 1))
	printf 'frob%d\n' "$TYPED" >&"${AT[$name]}"
	wait_quiet 30 grep -q "Unknown command: frob$TYPED" "$W/$name.out" || fail "$name has no answer to $*"
	ANSWER=$(tail -n "+$((FROM + 1))" "$W/$name.out" | grep -v "frob$TYPED")
}

hears() { # TEXT EXTENDED-REGULAR-EXPRESSION
	if grep -qE -- "$2" <<<"$ANSWER"; then ok "$1"; else
		printf '%s\n' "$ANSWER"
		fail "$1"
	fi
}

go() { # NAME
	kill "${OPERATOR[$1]}"
	await_end "${OPERATOR[$1]}" 5
	rm -f "$W/$1.in"
}

leaf_runs() { vt_has leaf1 'show running-config' "$1"; }
leaf_does_not() { ! leaf_runs "$1"; }
on_disk() { grep -qE -- "$1" "$W/leaf1/conf"; }
sessions_came_up() {
	vt leaf1 'show bgp l2vpn evpn summary json' | jq '[.. | objects | .connectionsEstablished? // empty] | add'
}
new_engine() { # OLD
	local pid
	pid=$(engine_of leaf1) && [ "$pid" != "$1" ] && vt leaf1 'show version'
}
kill_engine() {
	local old
	old=$(engine_of leaf1) || fail "leaf1 has no engine"
	kill -9 "$old"
	wait_for 30 "another engine runs" new_engine "$old"
}

basic_start evpnd evpnd evpnd 4
# The engine writes beside its file.
chown -R nobody "$W/leaf1"

# --- two drafts ---------------------------------------------------------------------------------

arrive ann
arrive bob
say ann 'configure private' 'hostname first'
say bob 'configure private' 'router bgp 65000' 'address-family l2vpn evpn' "vni $V1" 'rd 10.0.0.1:4242'
leaf_does_not 'hostname first' || fail "a draft applies before its commit"
say ann 'show | compare'
hears "a draft is compared with what runs" '^\+hostname first'
say ann 'commit comment by ann'
hears "the first draft is committed" 'Committed'
say bob 'commit comment by bob'
hears "and the other one, which changes other things" 'Committed'
leaf_runs 'hostname first' && leaf_runs 'rd 10\.0\.0\.1:4242' || fail "one of both is lost"
on_disk 'hostname first' && on_disk 'rd 10\.0\.0\.1:4242' || fail "a commit is not in the file"
wait_for 20 "the fabric hears of it" vt_has spine 'show bgp l2vpn evpn' '10\.0\.0\.1:4242'
say ann 'hostname ann'
say bob 'end' 'configure private' 'hostname bob'
say ann 'commit'
say bob 'commit'
hears "a conflict is told with its path" 'conflict.*/evpnd:system/hostname'
leaf_runs 'hostname ann' || fail "a conflict changed something"
say bob 'update force' 'commit'
hears "and decided when wanted" 'Committed'
say bob 'rollback 1' 'commit comment back'
leaf_runs 'hostname ann' || fail "rollback"
say bob 'end' 'show configuration history'
hears "the history knows who and why" 'by bob'

# --- the candidate for one alone ----------------------------------------------------------------

say ann 'end' 'configure exclusive' 'hostname nobody'
say bob 'configure exclusive'
hears "the second one is told who has it" 'locked by vtysh .*session'
go ann
wait_for 10 "the lock went with its session, and so did the changes" vt leaf1 'configure exclusive' 'hostname next' 'commit'
leaf_runs 'hostname next' || fail "exclusive"

# --- waiting for a confirmation -----------------------------------------------------------------

say bob 'configure private' 'hostname waits' 'commit confirmed 5'
hears "a confirmed commit says that it waits" 'taken back in 5 minutes'
leaf_runs 'hostname waits' || fail "it does not apply"
on_disk 'hostname next' || fail "it is in the file"
if vt leaf1 'configure terminal' 'hostname other' >"$W/said" 2>&1; then fail "somebody else changes what waits"; fi
grep -q 'waits for its confirmation' "$W/said" || fail "no clear word: $(cat "$W/said")"
go bob
wait_for 20 "it is taken back with its session" leaf_runs 'hostname next'

vt leaf1 'configure private' 'hostname waits' 'commit confirmed 5 persist word' || fail "persist"
leaf_runs 'hostname waits' || fail "persist does not outlive its session"
vt leaf1 'commit confirm persist-id wrong' && fail "a wrong word confirms"
vt leaf1 'commit confirm persist-id word' || fail "the word does not confirm"
on_disk 'hostname waits' || fail "confirmed, and not in the file"
ok "with a word any session confirms it"

[ "$(sessions_came_up)" = 1 ] || fail "the BGP session flapped"
ok "in all this the BGP session came up once"

# --- reload -------------------------------------------------------------------------------------

sed 's/hostname waits/hostname reloaded/' "$W/leaf1/conf" >"$W/other"
EVPND_VTYSH=$EVPND_BIN/vtysh "$EVPND_BIN/evpnd" --rundir "$W/leaf1/run" --reload "$W/other" || fail "--reload"
leaf_runs 'hostname reloaded' || fail "--reload did not apply"
echo 'frob' >>"$W/other"
sed -i 's/hostname reloaded/hostname wrong/' "$W/other"
if EVPND_VTYSH=$EVPND_BIN/vtysh "$EVPND_BIN/evpnd" --rundir "$W/leaf1/run" --reload "$W/other" >"$W/said" 2>&1; then
	fail "a bad file is no error"
fi
grep -q "line $(wc -l <"$W/other")" "$W/said" || fail "without its line: $(cat "$W/said")"
leaf_runs 'hostname reloaded' || fail "a bad file changed something"
[ "$(sessions_came_up)" = 1 ] || fail "the BGP session flapped"
ok "evpnd --reload: all of a file or nothing, and no flap"

# --- deaths -------------------------------------------------------------------------------------

vt leaf1 'configure terminal' 'hostname unsaved' || fail "a line"
wait_for 10 "what is in no file is noted" grep -q 'hostname unsaved' "$W/leaf1/run/running.lines"
vt leaf1 'configure private' 'hostname waits' 'commit confirmed 5 persist word' || fail "persist"
kill_engine
leaf_runs 'hostname unsaved' || fail "the engine's death: $(vt leaf1 'show running-config' | grep hostname)"
ok "an engine that dies takes back what waited, and keeps lines that were not saved"
vt leaf1 'configure private' 'hostname waits' 'commit confirmed 5 persist word' || fail "persist"
stop leaf1
run_evpnd leaf1
wait_for 20 "evpnd runs again" vt leaf1 'show version'
leaf_runs 'hostname waits' && on_disk 'hostname waits' || fail "a restart: $(vt leaf1 'show running-config' | grep hostname)"
vt leaf1 'configure private' 'hostname saved' 'commit' || fail "commit"
vt leaf1 'configure private' 'hostname late' 'commit confirmed 5 persist word' || fail "persist"
stop leaf1 KILL
run_evpnd leaf1
wait_for 20 "evpnd runs again" vt leaf1 'show version'
leaf_runs 'hostname saved' || fail "a killed evpnd comes back with something else"
ok "a restart comes back to what was committed for good"

vt leaf1 'configure private' 'hostname late' 'commit confirmed 1 persist word' || fail "persist"
wait_for 120 "nobody confirms: taken back by itself" leaf_runs 'hostname saved'
