#!/bin/sh
# SPDX-License-Identifier: ISC
# vtysh against an engine without neighbours and data plane: commands, pipes, files, exit statuses, SIGHUP, write.
. "${srcdir:-.}/tests/engine.sh"
context() { cat "$W/out"; }
has() { grep -q -- "$1" "$W/out" || fail "no \"$1\""; }
hasnt() { if grep -q -- "$1" "$W/out"; then fail "\"$1\" is there"; fi; }

vt -c 'show version' && fail "an engine that does not run answers"
has 'cannot reach'
cat >"$W/conf" <<END
hostname r1
router bgp 65000
 bgp router-id 10.0.0.1
 frobnicate
 neighbor 192.0.2.1 remote-as 65001
 neighbor 192.0.2.1 shutdown
END
start_engine
grep -q 'conf:4: Unknown command: frobnicate' "$W/log" || fail "the bad line was not told"
ok "a file with a bad line: the rest applies, the line is told"

vt -c 'show running-config' || fail "show running-config"
has '^router bgp 65000$'
has '^ neighbor 192.0.2.1 shutdown$'
vt -c 'show running-config json' || fail "json"
has '"hostname": *"r1"'
ok "show running-config"

if command -v python3 >/dev/null; then
	python3 "$srcdir/tests/show_json.py" "$builddir/doc/commands.md" "$builddir/vtysh/vtysh" "$W" >"$W/out" 2>&1 ||
		fail "a show without good JSON"
	ok "json of every show command: $(tail -n 1 "$W/out")"
fi

vt -c 'configure terminal' -c 'router bgp 65000' -c 'neighbor 192.0.2.2 remote-as 65002' -c 'do show run' || fail "-c"
has 'neighbor 192.0.2.2 remote-as 65002'
vt -c 'conf t
router bgp 65000
neighbor 192.0.2.2 description in one -c' || fail "several lines in one -c"
ok "several -c are one session"

vt -c 'configure terminal' -c 'router bgp 65000' -c 'neighbor 192.0.2.3 port 99' -c 'neighbor 192.0.2.3 remote-as 1' &&
	fail "a line that cannot be applied is no error"
has 'no remote-as'
vt -c 'show running-config'
hasnt 192.0.2.3
vt -c 'show frob' && fail "an unknown command is no error"
vt -c 'show running-config | include ^router' || fail "| include"
[ "$(cat "$W/out")" = 'router bgp 65000' ] || fail "| include"
vt -c 'show version | json | count' || fail "| json"
has '^[0-9]* lines$'
vt -c 'show version | include (' && fail "a bad expression is no error"
vt -c 'conf t' -c 'do show frob | include x' && fail "an unknown command is no error behind a filter"
has 'Unknown'
ok "filters behind a command"
if [ -c /dev/full ]; then
	"$builddir/vtysh/vtysh" --vty_socket "$W" -c 'show running-config' >/dev/full 2>/dev/null &&
		fail "an answer that cannot be written is no error"
	ok "an answer that cannot be written is an error"
fi
ok "a command that fails ends the session with a status"
vt -c 'router bgp 65000'
has 'statement of the configuration: "configure terminal" first'
vt -c 'show bgp l2vpn evpn route type 9'
has '^  expected: 1 2 3 4 5 ead es macip multicast prefix$'
vt -c 'conf t' -c 'router bgp 65000' -c 'neighbor 192.0.2.1 remote-as foo'
has '^  expected: external internal ASNUM$'
vt -c 'conf t' -c 'router bgp 65000' -c 'neighbor 192.0.2.1 p 5'
has '^  expected: passive password peer-group port$'
vt -c 'conf t' -c 'router bgp 65000' -c 'address-family l2vpn'
has '^  expected: evpn$'
vt -c 'conf t' -c 'sh ru | include ^hostname' || fail "an abbreviation of show in the configuration"
has '^hostname r1$'
ok "an error says what would be right"

printf 'conf t\nrouter bgp 65000\n\n! comment\nno neighbor 192.0.2.2\nend\nshow running-config\n' >"$W/in"
vt <"$W/in" || fail "standard input"
hasnt 'neighbor 192.0.2.2'
printf 'frob\nshow version\n' >"$W/in"
vt <"$W/in" && fail "a bad line on standard input is no error"
has evpnd
ok "standard input"

printf 'hostname r2\nrouter bgp 65000\n nonsense\n' >"$W/part"
vt -f "$W/part" && fail "a file with an error is taken"
has 'line 3: Unknown command: nonsense'
vt -c 'show running-config'
has 'hostname r1'
vt -C -f "$W/part" && fail "-C does not see the error"
printf 'hostname r2\nrouter bgp 65000\n address-family l2vpn evpn\n  advertise-all-vni\n' >"$W/part"
vt -C -f "$W/part" || fail "-C"
vt -c 'show running-config'
has 'hostname r1'
vt -f "$W/part" || fail "-f"
vt -c 'show running-config'
has 'hostname r2'
has 'advertise-all-vni'
has 'neighbor 192.0.2.1'
ok "-f is one transaction, -C tries it"

vt -c 'write' || fail "write"
grep -q '^hostname r2$' "$W/conf" || fail "the file was not written"
grep -q frobnicate "$W/conf.sav" || fail "the old file was not kept"
vt -c 'show startup-config' || fail "startup"
has 'hostname r2'
ok "write keeps the old file"

sed -i 's/hostname r2/hostname r3/' "$W/conf"
kill -HUP "$engine"
renamed() { vt -c 'show running-config' && grep -q 'hostname r3' "$W/out"; }
within 300 renamed || fail "SIGHUP"
ok "SIGHUP loads the file again"

kill -TERM "$engine"
wait "$engine" || fail "the engine ended with an error"
engine=
[ ! -e "$W/evpnd.vty" ] || fail "the socket is left"
ok "SIGTERM ends it"
