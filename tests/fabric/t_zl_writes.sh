#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane writes what is wanted, leaves alone what is not ours, and sees what others do to ours.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
host h1 1 110 1
zl_run leaf1
M=02:00:00:00:00:0

# Flooding: exactly the wanted set.
zl_ok leaf1 set flood 110 10.0.0.2
zl_ok leaf1 set flood 110 10.0.0.3
zl_ok leaf1 set flood 110 10.0.0.3
must "flood entries" test "$(ns leaf1 bridge fdb show dev vx110 | grep -c '^00:00:00:00:00:00 dst 10.0.0.[23] self ')" = 2
zl_ok leaf1 del flood 110 10.0.0.2
must "one less" test "$(ns leaf1 bridge fdb show dev vx110 | grep -c '^00:00:00:00:00:00 ')" = 1
zl_ok leaf1 del flood 110 10.0.0.9

# MACs: both tables, moved, deleted.
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
must "MAC in the VXLAN table" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.2 self extern_learn"
must "MAC in the bridge" fdb_has leaf1 vx110 "^${M}1 extern_learn master br110"
zl_ok leaf1 set mac 110 ${M}1 10.0.0.3
must "moved to another VTEP" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.3 self"
must "alone" test "$(ns leaf1 bridge fdb show | grep -c "^${M}1 ")" = 2
zl_ok leaf1 del mac 110 ${M}1 10.0.0.3
must "deleted" test "$(ns leaf1 bridge fdb show | grep -c "^${M}1 ")" = 0
zl_ok leaf1 del mac 110 ${M}1 10.0.0.3

# Neighbours of both families.
zl_ok leaf1 set neigh 110 10.1.10.5 ${M}5
zl_ok leaf1 set neigh 110 fd01:6e::5 ${M}5 router
must "IPv4 neighbour" neigh_has leaf1 br110 "^10.1.10.5 lladdr ${M}5 .*extern_learn +NOARP proto 179"
must "IPv6 neighbour" neigh_has leaf1 br110 "^fd01:6e::5 lladdr ${M}5 .*router extern_learn +NOARP proto 179"
zl_ok leaf1 set neigh 110 10.1.10.5 ${M}6
must "another MAC" neigh_has leaf1 br110 "^10.1.10.5 lladdr ${M}6 "
zl_mark leaf1
zl_ok leaf1 del neigh 110 10.1.10.5 ${M}6
zl_ok leaf1 del neigh 110 fd01:6e::5 ${M}5
must "gone" neigh_lacks leaf1 br110 "lladdr $M"

# Sticky, and back.
zl_ok leaf1 set mac 110 ${M}7 10.0.0.2 sticky
must "sticky" fdb_has leaf1 vx110 "^${M}7 extern_learn sticky master br110 static"
zl_ok leaf1 set mac 110 ${M}7 10.0.0.2
must "not sticky any more" fdb_has leaf1 vx110 "^${M}7 extern_learn master br110 *$"
zl_ok leaf1 del mac 110 ${M}7 10.0.0.2
must "no entry of ours was called lost" test "$(grep -c '^lost' "$W/leaf1/out")" = 0

# Local MACs: a learnt one is taken over, and comes back when the host speaks.
H=$(host_mac 110 1)
must "the host speaks" pings leaf1 "$(host4 110 1)"
wait_for 5 "a learnt MAC" grep -q "^mac set 110 $H dev=ph1" "$W/leaf1/out"
zl_ok leaf1 set mac 110 "$H" 10.0.0.2
must "is taken over" fdb_has leaf1 vx110 "^$H extern_learn master br110"
must "and told" zl_said leaf1 "^mac del 110 $H "
zl_mark leaf1
must "the host speaks" pings h1 "$(host4 110 201)"
wait_for 5 "and comes back" zl_said leaf1 "^mac set 110 $H dev=ph1"
zl_ok leaf1 del mac 110 "$H" 10.0.0.2
must "deleting the remote one" fdb_lacks leaf1 vx110 "^$H "
must "leaves the local one" fdb_has leaf1 ph1 "^$H "

# What somebody else put there stays.
ns leaf1 bridge fdb add ${M}a dev ph1 master static
ns leaf1 bridge fdb add ${M}b dev vx110 self static dst 10.9.9.9
ns leaf1 bridge fdb add ${M}c dev vx110 master static
ns leaf1 bridge fdb append 00:00:00:00:00:00 dev vx110 dst 10.9.9.9
ipn leaf1 neigh add 10.1.10.10 lladdr ${M}a dev br110 nud permanent
wait_for 5 "a static MAC of somebody" zl_said leaf1 "^mac set 110 ${M}a .* static"
zl_refused EEXIST leaf1 set mac 110 ${M}a 10.0.0.2
zl_refused EEXIST leaf1 set mac 110 ${M}b 10.0.0.2
zl_refused EEXIST leaf1 set mac 110 ${M}c 10.0.0.2
zl_refused EEXIST leaf1 set mac 110 "$(mac_of 1 110 253)" 10.0.0.2
zl_refused EEXIST leaf1 set mac 110 "$(mac_of 1 110 254)" 10.0.0.2
zl_refused EEXIST leaf1 set neigh 110 10.1.10.10 ${M}1
for m in a b c; do zl_ok leaf1 del mac 110 ${M}$m 10.0.0.2; done
zl_ok leaf1 del neigh 110 10.1.10.10 ${M}a
zl_ok leaf1 set flood 110 10.9.9.9
zl_ok leaf1 del flood 110 10.9.9.9
must "static MAC" fdb_has leaf1 ph1 "^${M}a master br110 static"
must "static VXLAN entry" fdb_has leaf1 vx110 "^${M}b dst 10.9.9.9 self static"
must "static MAC on the VXLAN port" fdb_has leaf1 vx110 "^${M}c master br110 static"
must "flood entry" fdb_has leaf1 vx110 '^00:00:00:00:00:00 dst 10.9.9.9 self'
must "static neighbour" neigh_has leaf1 br110 "^10.1.10.10 lladdr ${M}a PERMANENT"

# What cannot be.
zl_refused ENODEV leaf1 set mac 999 ${M}1 10.0.0.2
zl_ok leaf1 del mac 999 ${M}1 10.0.0.2
zl_refused EINVAL leaf1 set mac 110 01:00:5e:00:00:01 10.0.0.2
zl_refused EAFNOSUPPORT leaf1 set mac 110 ${M}1 fd00::2

# Behind our back.
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set flood 110 10.0.0.4
zl_ok leaf1 set neigh 110 10.1.10.5 ${M}1
zl_mark leaf1
ns leaf1 bridge fdb del ${M}1 dev vx110 self dst 10.0.0.2
wait_for 5 "a VXLAN entry is lost" zl_said leaf1 "^lost mac 110 mac=${M}1 ip=.* vtep=10.0.0.2\$"
zl_mark leaf1
ns leaf1 bridge fdb del ${M}1 dev vx110 master
wait_for 5 "a bridge entry is lost" zl_said leaf1 "^lost mac 110 mac=${M}1 "
ns leaf1 bridge fdb del 00:00:00:00:00:00 dev vx110 dst 10.0.0.4
wait_for 5 "a flood entry is lost" zl_said leaf1 '^lost flood 110 .* vtep=10.0.0.4$'
ipn leaf1 neigh del 10.1.10.5 dev br110
wait_for 5 "a neighbour is lost" zl_said leaf1 '^lost neigh 110 .* ip=10.1.10.5 '
zl_ok leaf1 set neigh 110 10.1.10.5 ${M}1
ipn leaf1 neigh replace 10.1.10.5 lladdr ${M}2 dev br110 nud permanent
wait_for 5 "a neighbour that is replaced is lost" zl_said leaf1 '^lost neigh 110 .* ip=10.1.10.5 '
zl_refused EEXIST leaf1 set neigh 110 10.1.10.5 ${M}1
ipn leaf1 neigh del 10.1.10.5 dev br110

# A device that is down: nothing is set, everything can be deleted.
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
ipn leaf1 link set vx110 down
wait_for 5 "VNI down" zl_said leaf1 '^vni 110 down '
must "entries outlive it" fdb_has leaf1 vx110 "^${M}1 dst 10.0.0.2 self"
zl_refused ENODEV leaf1 set mac 110 ${M}2 10.0.0.2
zl_ok leaf1 del mac 110 ${M}1 10.0.0.2
must "deleted while down" test "$(ns leaf1 bridge fdb show | grep -c "^${M}1 ")" = 0
zl_mark leaf1
ipn leaf1 link set vx110 up
wait_for 5 "VNI up" zl_said leaf1 '^vni 110 up '

# Another VNI, clean: an engine dies, the next wants less.
vni_devices 1 120
wait_for 5 "another VNI" zl_said leaf1 '^vni 120 up '
for v in 2 3; do
	zl_ok leaf1 set flood 120 10.0.0.$v
	zl_ok leaf1 set mac 120 ${M}$v 10.0.0.$v
	zl_ok leaf1 set mac 120 ${M}e 10.0.0.$v sticky
	zl_ok leaf1 set neigh 120 10.1.20.$v ${M}$v
	zl_ok leaf1 set neigh 120 fd01:78::$v ${M}$v
done
ns leaf1 bridge fdb show dev vx120 >"$W/before"
ipn leaf1 neigh show dev br120 nud noarp | sort >>"$W/before"
ns leaf1 bridge monitor fdb >"$W/monitor" &
PIDS+=($!)
sleep 0.3
zl_mark leaf1
zl leaf1 crash
wait_for 10 "another engine" zl_said leaf1 '^end$'
ns leaf1 bridge fdb show dev vx120 >"$W/after"
ipn leaf1 neigh show dev br120 nud noarp | sort >>"$W/after"
must "the kernel's tables are as they were" cmp "$W/before" "$W/after"
zl_ok leaf1 set flood 120 10.0.0.3
zl_ok leaf1 set mac 120 ${M}3 10.0.0.3
zl_ok leaf1 set neigh 120 10.1.20.3 ${M}3
must "no flicker" test ! -s "$W/monitor"
zl leaf1 sync
wait_for 5 "stale flood entry swept" fdb_lacks leaf1 vx120 '^00:.* dst 10.0.0.2 '
wait_for 5 "stale MAC swept" fdb_lacks leaf1 vx120 "^${M}2 "
wait_for 5 "stale sticky MAC swept" fdb_lacks leaf1 vx120 "^${M}e "
wait_for 5 "stale neighbour swept" neigh_lacks leaf1 br120 '^10.1.20.2 '
wait_for 5 "stale IPv6 neighbour swept" neigh_lacks leaf1 br120 '^fd01:78::[23] '
must "wanted flood entry stays" fdb_has leaf1 vx120 '^00:.* dst 10.0.0.3 '
must "wanted MAC stays" fdb_has leaf1 vx120 "^${M}3 dst"
must "wanted MAC stays in the bridge" fdb_has leaf1 vx120 "^${M}3 .*master"
must "wanted neighbour stays" neigh_has leaf1 br120 '^10.1.20.3 '
must "theirs stay" fdb_has leaf1 vx110 "^${M}b dst 10.9.9.9 self static"
must "theirs stay" fdb_has leaf1 vx110 "^${M}c master br110 static"
must "theirs stay" fdb_has leaf1 vx110 '^00:00:00:00:00:00 dst 10.9.9.9 self'
must "a sweep loses nothing" test "$(zl_count leaf1 '^lost')" = 0
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
