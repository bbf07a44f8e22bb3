#!/bin/sh
# SPDX-License-Identifier: ISC
# A person at vtysh's prompt, typed into terminals of tmux: TAB, `?`, abbreviations, paging, colours, progress, ^C,
# history, resizing, a conflict of two drafts, and a commit that is confirmed and rolls back.
command -v tmux >/dev/null || { echo "skip - tmux is not there"; exit 77; }
. "${srcdir:-.}/tests/engine.sh"
tm() { tmux -S "$W/tmux" -f /dev/null "$@"; }
leave() {
	kill -CONT "$engine" 2>/dev/null
	tm kill-server 2>/dev/null
}
context() {
	for s in a b c; do
		echo "--- terminal $s"
		tm capture-pane -p -t "=$s:" 2>/dev/null
	done
}
S=a # the terminal that is looked at
keys() { tm send-keys -t "=$S:" "$@"; }
on_screen() { tm capture-pane -p -t "=$S:" 2>/dev/null | grep -q -- "$1"; }
# sees TEXT: it comes to stand on the screen.
sees() { within 600 on_screen "$1" || fail "the screen never has \"$1\""; }
off_screen() { ! on_screen "$1"; }
loses() { within 600 off_screen "$1" || fail "the screen keeps \"$1\""; }
# in_colour NUMBER TEXT: it stands on the screen in this colour.
coloured() { tm capture-pane -e -p -t "=$S:" | grep -q -- "$(printf '\033')\\[$1m *$2"; }
in_colour() { within 600 coloured "$1" "$2" || fail "\"$2\" is not in colour $1"; }
# The last line is a prompt with nothing behind it.
at_prompt() { last_line | grep -q '# *$'; }
last_line() { tm capture-pane -p -t "=$S:" 2>/dev/null | sed '/^ *$/d' | tail -n 1; }
is_typed() { last_line | grep -qF -- "# $1"; }
# typed TEXT: it stands behind the prompt.  A line that ^C or a change of the screen has eaten is typed again.
typed() {
	tries=0
	keys -l -- "$1" # some words are names of keys
	until within 50 is_typed "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 10 ] || fail "\"$1\" cannot be typed"
		keys C-u
		keys -l -- "$1"
	done
}
# say LINE...: each when the one before it has been answered.
say() {
	for l in "$@"; do
		within 600 at_prompt || fail "no prompt for \"$l\""
		typed "$l"
		keys Enter
	done
}
alone() {
	keys C-l
	sleep 0.1
	at_prompt && [ "$(tm capture-pane -p -t "=$S:" | grep -c '[^ ]')" = 1 ]
}
# An empty line on an empty screen.
clean() {
	keys C-c
	within 600 alone || fail "no prompt"
}
# open NAME [VARIABLE=VALUE]: a terminal with vtysh at the prompt.
open() {
	S=$1
	tm new-session -d -s "$1" -x 160 -y 24 \
		"env HOME=$W TERM=screen $2 $builddir/vtysh/vtysh --vty_socket $W" || fail "tmux"
	sees '^r1#$'
}

{
	printf 'hostname r1\nrouter bgp 65000\n bgp router-id 10.0.0.1\n'
	i=1
	while [ $i -le 40 ]; do
		printf ' neighbor 192.0.2.%d remote-as 65001\n neighbor 192.0.2.%d passive\n' $i $i
		i=$((i + 1))
	done
} >"$W/conf"
start_engine
unset NO_COLOR VTYSH_PAGER LESS

# ---- two drafts of the same thing, and a commit that waits while the rest is looked at ----

open a
open b
S=a
say 'configure private' 'router bgp 65000' 'neighbor 192.0.2.1 description here'
sees 'r1\[private\](config-router)# *$'
say 'show | compare'
in_colour 32 '+ neighbor 192.0.2.1 description here'
S=b
say 'configure private' 'router bgp 65000' 'neighbor 192.0.2.1 description there'
sees 'r1\[private\](config-router)# *$'
say 'commit comment from b'
sees '^Committed as '
S=a
say 'commit'
sees '^% conflict.*description'
sees '"update force" keeps'
say 'update force' 'commit'
sees '^Committed as '
say 'end'
sees '^r1# *$'
ok "two drafts: the conflict is told with its path, update force settles it"

open c
say 'monitor events'
S=b
say 'update' 'neighbor 192.0.2.2 description for a minute' 'commit confirmed 1'
sees '^Committed, and taken back in 1 minute'
say 'do show running-config | include minute'
sees '^ neighbor 192.0.2.2 description for a minute'
S=a
clean
say 'show configuration pending'
sees 'waits for its confirmation: [0-9]* s are left'
ok "commit confirmed: it is in force, and who waits is told"

# ---- words ----

clean
keys 'sh' Tab
sees '^r1# show$'
keys 'vers' Tab
sees '^r1# show version$'
keys Enter
sees '^evpnd '
ok "TAB completes words"

clean
keys 'show bgp nei' Tab '192.0.2.3' Tab Tab
sees '192.0.2.35'
clean
keys 'show bgp neighbors 192.0.2.' Tab
sees '192.0.2.9'
clean
keys 'sho bgp summary' Home Right Right Right Tab 'x'
sees '^r1# show xbgp summary$'
ok "TAB offers the neighbours that there are, and completes in the middle of a line"

clean
keys 'show evpn ?'
sees 'next-hops  *[A-Z]'
clean
keys 'show run | ?'
sees 'exclude  *Lines that do not match'
clean
say 'conf t'
keys 'rollback ?'
sees '^  1  *20..-.*: from b'
clean
say 'end'
sees '^r1# *$'
ok "? says what may come next: words, filters, commits with their time and comment"

clean
say 'sh ru | inc 192.0.2.7 rem'
sees '^ neighbor 192.0.2.7 remote-as 65001$'
clean
say 'show version | json'
sees '^  "[a-z]*": *"'
ok "abbreviations, a filter, JSON"

# ---- the screen ----

clean
say 'show bgp summary'
sees '192.0.2.1 '
sees '^:\|--More--\|(END)\|lines '
in_colour 31 Active
keys q
sees '^r1#$'
ok "a long answer is shown by pages, in colours"

tm resize-window -t =a: -x 160 -y 120
clean
say 'show bgp summary'
sees '^Total number of neighbors 40'
sees '^r1#$'
tm resize-window -t =a: -x 160 -y 24
clean
keys 'show evpn evnets' BSpace BSpace BSpace BSpace 'ents | count' Enter
sees '^[0-9]* lines$'
ok "another size of the terminal: what fits has no pages"

clean
say 'terminal color off' 'show frob'
sees '^% Unknown command'
coloured 31 '% Unknown' && fail "terminal color off"
clean
say 'terminal color on' 'show frob'
in_colour 31 '% Unknown'
vt -c 'terminal color on' -c 'show bgp summary'
grep -q "$(printf '[\021-\024\033]')" "$W/out" && fail "colours in a file"
open n NO_COLOR=1
say 'show frob'
sees '^% Unknown command'
coloured 31 '% Unknown' && fail "NO_COLOR"
ok "colours can be turned off and on, NO_COLOR is heard, no file has any"

S=a
clean
kill -STOP "$engine"
say 'show version'
sees '^Waiting for evpnd: [0-9]* s'
kill -CONT "$engine"
sees '^Running for '
loses '^Waiting'
clean
kill -STOP "$engine"
say 'show bgp neighbors | count'
sees '^Waiting for evpnd: [0-9]* s'
keys C-c
# The terminal forgets what is on its way to the screen when ^C arrives, so that has to be before the answer.
sees '^Waiting for evpnd: [0-9]*[3-9] s'
kill -CONT "$engine"
loses '^Waiting'
sees '^r1#$'
ok "what takes long has a line of progress until it is done"

clean
say 'monitor events'
sleep 1
keys C-c
say 'show version'
sees '^Running for '
clean
say 'terminal length 0' 'show bgp neighbors'
keys C-c
say 'show version'
sees '^Running for '
say 'terminal length 24'
ok "^C ends an answer and nothing else"

clean
say 'router bgp 65000'
sees '^% '
say 'conf t'
sees '^r1(config)#$'
say 'router bgp 65000'
sees '^r1(config-router)#$'
say 'neighbor 192.0.2.1 frob'
sees '^% Unknown command at "frob"'
say 'exit'
sees '^r1(config)#$'
say 'exit'
sees '^r1#$'
ok "the prompt says where one is, a bad line is answered"

clean
keys Up Up
sees 'neighbor 192.0.2.1 frob$'
clean
keys C-r 'bor 192.0.2.1 fr'
sees 'neighbor 192.0.2.1 frob$'
keys C-c
ok "history, by steps and by search"

# ---- the minute is over ----

gone_back() { vt -c 'show running-config' && ! grep -q 'for a minute' "$W/out"; }
within 1200 gone_back || fail "commit confirmed does not roll back"
S=b
clean
say 'do show running-config | include 192.0.2.2 p'
sees '^ neighbor 192.0.2.2 passive'
off_screen 'for a minute' || fail "the description is still there"
S=c
sees 'commit .*not confirmed: taken back'
ok "commit confirmed rolls back by itself, and whoever watches the events sees it"

S=a
clean
say 'exit'
gone() { ! tm has-session -t =a 2>/dev/null; }
within 300 gone || fail "exit does not leave"
grep -q 'show.*version' "$W/.history_evpnd" || fail "no history file"
ok "exit"
