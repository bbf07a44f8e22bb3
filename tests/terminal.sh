#!/bin/sh
# SPDX-License-Identifier: ISC
# A person at vtysh's prompt, typed into a terminal of tmux: TAB, `?`, abbreviations, paging, ^C, history, filters.
command -v tmux >/dev/null || { echo "skip - tmux is not there"; exit 77; }
. "${srcdir:-.}/tests/engine.sh"
tm() { tmux -S "$W/tmux" -f /dev/null "$@"; }
leave() { tm kill-server 2>/dev/null; }
context() { tm capture-pane -p 2>/dev/null; }
keys() { tm send-keys "$@"; }
on_screen() { tm capture-pane -p 2>/dev/null | grep -q -- "$1"; }
# sees TEXT: it comes to stand on the screen.
sees() { within 300 on_screen "$1" || fail "the screen never has \"$1\""; }
clean() {
	keys C-c
	keys C-l
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
tm new-session -d -x 120 -y 24 "HOME=$W TERM=screen $builddir/vtysh/vtysh --vty_socket $W" || fail "tmux"
sees '^r1#$'

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
ok "TAB offers the neighbours that there are"

clean
keys 'show evpn ?'
sees 'next-hops  *[A-Z]'
clean
keys 'show run | ?'
sees 'exclude  *Lines that do not match'
ok "? says what may come next, behind a bar too"

clean
keys 'sh ru | inc 192.0.2.7 rem' Enter
sees '^ neighbor 192.0.2.7 remote-as 65001$'
ok "abbreviations and a filter"

clean
keys 'show bgp summary' Enter
sees '192.0.2.1 '
sees '^:\|--More--\|(END)\|lines '
keys q
sees '^r1#$'
ok "a long answer is shown by pages"

clean
keys 'conf t' Enter
sees '^r1(config)#$'
keys 'router bgp 65000' Enter
sees '^r1(config-router)#$'
keys 'neighbor 192.0.2.1 frob' Enter
sees '^% '
keys 'exit' Enter
sees '^r1(config)#$'
keys 'exit' Enter
sees '^r1#$'
ok "the prompt says where one is, a bad line is answered"

clean
keys Up Up
sees 'neighbor 192.0.2.1 frob$'
clean
keys 'exit' Enter
gone() { ! tm has-session 2>/dev/null; }
within 300 gone || fail "exit does not leave"
grep -q 'show.*version' "$W/.history_evpnd" || fail "no history file"
ok "history, exit"
