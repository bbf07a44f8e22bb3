#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane finds VNIs, local MACs and neighbours, in any order of events.
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/zl.sh"
zl_leaf 110
host h1 1 110 1
zl_run leaf1
must "listens for both families" test "$(zl_count leaf1 '^listen .* 1179 socket$')" = 2
must "runs as another user" zl_said leaf1 "^start .*--fd 3 .*uid=$(id -u nobody)$"
must "VNI up" zl_said leaf1 '^vni 110 up .*local=10.0.0.1 .*vxlan=vx110 bridge=br110 vid=0 svi=br110 svimac=02:01:00:00:6e:fe vrf= port=4789 why=$'
must "the SVI's MAC" zl_said leaf1 '^mac set 110 02:01:00:00:6e:fe dev=br110 vid=0 svi$'
must "the SVI's addresses" zl_said leaf1 '^neigh set 110 10.1.10.201 02:01:00:00:6e:fe svi$'
must "loopback address" zl_said leaf1 '^addr set 10.0.0.1/32 dev=lo loopback$'

must "the host answers" pings leaf1 "$(host4 110 1)"
wait_for 5 "the host's MAC is learnt" zl_said leaf1 "^mac set 110 $(host_mac 110 1) dev=ph1 vid=0\$"
wait_for 5 "and its address" zl_said leaf1 "^neigh set 110 $(host4 110 1) $(host_mac 110 1)"
zl_mark leaf1
ns leaf1 bridge fdb add 02:bb:00:00:00:01 dev ph1 master static
wait_for 5 "a static MAC" zl_said leaf1 '^mac set 110 02:bb:00:00:00:01 dev=ph1 vid=0 static$'
ns leaf1 bridge fdb add 02:bb:00:00:00:02 dev ph1 master static sticky
wait_for 5 "a sticky MAC" zl_said leaf1 '^mac set 110 02:bb:00:00:00:02 dev=ph1 vid=0 static sticky$'
ns leaf1 bridge fdb del 02:bb:00:00:00:01 dev ph1 master
wait_for 5 "gone" zl_said leaf1 '^mac del 110 02:bb:00:00:00:01 '
ipn leaf1 neigh add 10.1.10.77 lladdr 02:bb:00:00:00:77 dev br110 nud permanent
wait_for 5 "a static neighbour" zl_said leaf1 '^neigh set 110 10.1.10.77 02:bb:00:00:00:77 static$'
ipn leaf1 neigh del 10.1.10.77 dev br110
wait_for 5 "gone" zl_said leaf1 '^neigh del 110 10.1.10.77 '
ipn leaf1 addr add 10.1.10.250/24 dev br110
wait_for 5 "an SVI address more" zl_said leaf1 '^neigh set 110 10.1.10.250 02:01:00:00:6e:fe svi$'
ipn leaf1 addr del 10.1.10.250/24 dev br110
wait_for 5 "one less" zl_said leaf1 '^neigh del 110 10.1.10.250 '

# A MAC moves to another port: said again with the new port, not deleted.
ip link add p2 netns "$P"leaf1 type veth peer name q2 netns "$P"leaf1
ipn leaf1 link set p2 master br110 up
ipn leaf1 link set q2 up
# A port that does not forward yet takes no dynamic entry.
forwards() { ns leaf1 bridge link show dev p2 | grep -q 'state forwarding'; }
wait_for 5 "another port" forwards
ns leaf1 bridge fdb add 02:bb:00:00:00:03 dev ph1 master dynamic
wait_for 5 "a dynamic MAC" zl_said leaf1 '^mac set 110 02:bb:00:00:00:03 dev=ph1 '
zl_mark leaf1
ns leaf1 bridge fdb replace 02:bb:00:00:00:03 dev p2 master dynamic
wait_for 5 "moves" zl_said leaf1 '^mac set 110 02:bb:00:00:00:03 dev=p2 '
must "without being deleted" test "$(zl_count leaf1 '^mac del 110 02:bb:00:00:00:03')" = 0
ns leaf1 bridge fdb flush dev br110 >/dev/null 2>&1 || ipn leaf1 link set p2 type bridge_slave fdb_flush
wait_for 5 "flushed" zl_said leaf1 '^mac del 110 02:bb:00:00:00:03 '

# Devices, and at once what an operator puts into them.  Their tables are told by another socket, which is also read
# after each write: before the devices are known.
zl_mark leaf1
kill -STOP "${PIDOF[leaf1]}"
zl leaf1 want set mac 110 02:bb:00:00:00:10 10.0.0.2
ipn leaf1 link add br120 address 02:01:00:00:00:78 type bridge
ipn leaf1 link add vx120 type vxlan id 120 local 10.0.0.1 dstport 4789 nolearning
ipn leaf1 link set vx120 master br120 up
ipn leaf1 link set br120 up
ipn leaf1 neigh add 10.1.20.77 lladdr 02:bb:00:00:00:77 dev br120 nud permanent
ns leaf1 bridge fdb add 02:bb:00:00:00:05 dev vx120 master static
ns leaf1 bridge fdb add 02:bb:00:00:00:06 dev vx120 self static dst 10.0.0.9
kill -CONT "${PIDOF[leaf1]}"
wait_for 10 "a write" zl_said leaf1 '^result '
wait_for 10 "devices that were made meanwhile" zl_said leaf1 '^vni 120 up '
wait_for 10 "a neighbour of theirs" zl_said leaf1 '^neigh set 120 10.1.20.77 02:bb:00:00:00:77 static$'
must "a MAC at a VXLAN port is no local one" test "$(zl_count leaf1 '^mac set 120 02:bb:00:00:00:05 ')" = 0
zl_refused EEXIST leaf1 set mac 120 02:bb:00:00:00:06 10.0.0.2
ipn leaf1 link del vx120
ipn leaf1 link del br120
wait_for 5 "all gone" zl_said leaf1 '^vni 120 gone '

# A device whose lower one is in another namespace: the number is of a device there, not of our bridge.
zl_mark leaf1
node else
I=$(ns leaf1 cat /sys/class/net/br110/ifindex)
ipn else link add d0 index "$I" type bridge
ipn else link set d0 up
ipn else link add link d0 name mv0 address 02:bb:00:00:00:20 type macvlan mode bridge
ipn else link set mv0 netns "$P"leaf1
ipn leaf1 link set mv0 up
ipn leaf1 addr add 10.1.10.99/24 dev mv0
wait_for 5 "an address of a foreign macvlan" zl_said leaf1 '^addr set 10.1.10.99/24 dev=mv0'
ipn leaf1 addr add 10.1.10.251/24 dev br110
wait_for 5 "and one of the bridge" zl_said leaf1 '^neigh set 110 10.1.10.251 '
must "the macvlan is no gateway of ours" test "$(zl_count leaf1 '^(neigh set 110 10.1.10.99|mac set 110 02:bb:00:00:00:20) ')" = 0
ipn leaf1 link del mv0
ipn leaf1 addr del 10.1.10.251/24 dev br110

# Down and up again.
zl_mark leaf1
ns leaf1 bridge fdb add 02:bb:00:00:00:04 dev ph1 master static
ipn leaf1 link set vx110 down
wait_for 5 "VNI down, with its reason" zl_said leaf1 '^vni 110 down .*why=vx110 is administratively down$'
zl_mark leaf1
ipn leaf1 link set vx110 up
wait_for 5 "VNI up" zl_said leaf1 '^vni 110 up '
wait_for 5 "its MACs are said again" zl_said leaf1 '^mac set 110 02:bb:00:00:00:04 dev=ph1 vid=0 static$'
ipn leaf1 link set vx110 nomaster
wait_for 5 "out of the bridge" zl_said leaf1 '^vni 110 down .*bridge= .*why=vx110 is not in a bridge$'
zl_mark leaf1
ipn leaf1 link del vx110
wait_for 5 "gone" zl_said leaf1 '^vni 110 gone '

# The other way round: the bridge has ports and MACs before the VXLAN device comes.
zl_mark leaf1
ipn leaf1 link add vx110 type vxlan id 110 local 10.0.0.1 dstport 4789 nolearning
ipn leaf1 link set vx110 up
wait_for 5 "a device without bridge" zl_said leaf1 '^vni 110 down .*why=vx110 is not in a bridge$'
zl_mark leaf1
ipn leaf1 link set vx110 master br110
wait_for 5 "up" zl_said leaf1 '^vni 110 up '
wait_for 5 "with MACs from before" zl_said leaf1 '^mac set 110 02:bb:00:00:00:04 dev=ph1 vid=0 static$'
must "learning of the port, and no suppression, are told" zl_said leaf1 '^vni 110 up flags=25 '

# Into another bridge: down in between, even if nobody looked.
zl_mark leaf1
ipn leaf1 link add brx type bridge
ipn leaf1 link set brx up
ipn leaf1 link set vx110 master brx
wait_for 5 "another bridge" zl_said leaf1 '^vni 110 up .*bridge=brx '
must "down in between" zl_said leaf1 '^vni 110 down '

# Two VNIs in one bridge: the second is refused, until the first is gone.
zl_mark leaf1
ipn leaf1 link add vx111 type vxlan id 111 local 10.0.0.1 dstport 4789 nolearning
ipn leaf1 link set vx111 master brx up
wait_for 5 "a second VNI in the bridge is down" zl_said leaf1 '^vni 111 down .*why=another VNI has brx and its VLAN$'
zl_mark leaf1
ipn leaf1 link del vx110
wait_for 5 "the first one gone" zl_said leaf1 '^vni 111 up '
ipn leaf1 link set brx down
wait_for 5 "bridge down" zl_said leaf1 '^vni 111 down .*why=its bridge brx is administratively down$'
zl_mark leaf1
ipn leaf1 link del brx
wait_for 5 "no bridge" zl_said leaf1 '^vni 111 down .*why=vx111 is not in a bridge$'
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
