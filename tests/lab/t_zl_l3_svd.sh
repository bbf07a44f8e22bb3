#!/bin/bash
# SPDX-License-Identifier: ISC
# The data plane of routing with one `external` VXLAN device: the L3VNI's SVI, and tunnels with a label of their own.
. "$(dirname "$0")/../fabric/lib.sh"
. "$(dirname "$0")/../fabric/zl.sh"
zl_start
SHAPE=svd
M=02:00:00:00:00:0
underlay 1
node leaf2
# The other end, by hand: three VNIs, each with its router MAC and an address behind it; answers go to the VNI of leaf1.
link leaf2 up0 spine down2
ipn leaf2 addr add 10.0.0.2/32 dev lo
ipn leaf2 addr add fd00::2/128 dev lo nodad
ipn spine addr add 172.16.2.0/31 dev down2
ipn leaf2 addr add 172.16.2.1/31 dev up0
ipn leaf2 route add 10.0.0.0/24 via 172.16.2.0
ipn spine route add 10.0.0.2/32 via 172.16.2.1
for v in 500 600 700; do
	ipn leaf2 link add red$v type vrf table $v 2>/dev/null || skip "this kernel has no VRFs"
	ipn leaf2 link set red$v up
	ipn leaf2 link add br$v type bridge mcast_snooping 0
	ipn leaf2 link add vx$v type vxlan id $v local 10.0.0.2 dstport 4789 nolearning
	vxlan_port leaf2 vx$v 02:00:00:00:0$((v / 100)):53 br$v
	ipn leaf2 link set br$v address 02:00:00:00:0$((v / 100)):02 addrgenmode none master red$v up
	ns leaf2 bridge fdb add 02:00:00:00:05:01 dev vx$v self dst 10.0.0.1
	ns leaf2 bridge fdb add 02:00:00:00:05:01 dev vx$v master static
	ipn leaf2 neigh add 10.0.0.1 lladdr 02:00:00:00:05:01 dev br$v nud permanent
	ipn leaf2 neigh add ::ffff:10.0.0.1 lladdr 02:00:00:00:05:01 dev br$v nud permanent
	ipn leaf2 addr add "10.$((v / 100)).0.1/32" dev red$v
	ipn leaf2 addr add "fd0$((v / 100))::1/128" dev red$v nodad
	ipn leaf2 route add 10.1.0.1/32 vrf red$v via 10.0.0.1 dev br500 onlink
	ipn leaf2 -6 route add fd01::1/128 vrf red$v via ::ffff:10.0.0.1 dev br500 onlink
done

vni_devices 1 500
ipn leaf1 addr flush dev vlan400
ipn leaf1 link add red type vrf table 100
ipn leaf1 link set red up
ipn leaf1 link set vlan400 address 02:00:00:00:05:01 master red
ipn leaf1 addr add 10.1.0.1/32 dev red
ipn leaf1 addr add fd01::1/128 dev red nodad
zl_run leaf1
wait_for 10 "the L3VNI" zl_said leaf1 '^vni 500 up .*vxlan=vxs bridge=br0 vid=400 svi=vlan400 .*vrf=red '

# Through the SVI.
zl_ok leaf1 set mac 500 02:00:00:00:05:02 10.0.0.2
zl_ok leaf1 set hop 2 500 10.0.0.2 02:00:00:00:05:02
zl_ok leaf1 set hop 4 500 ::ffff:10.0.0.2 02:00:00:00:05:02
zl_ok leaf1 set route 100 10.5.0.1/32 2
zl_ok leaf1 set route 100 fd05::1/128 4
must "the bridge knows the SVI's MAC" test -n "$(ns leaf1 bridge fdb show br br0 | grep -E '^02:00:00:00:05:01 dev br0 vlan 400 .*permanent')"
ns leaf1 ping -n -c 3 -i 0.3 -W 2 -I red 10.5.0.1 >"$W/ping" 2>&1
must "routed over the L3VNI" grep -q ' 0% packet loss' "$W/ping"
ns leaf1 ping -n -c 3 -i 0.3 -W 2 -I red fd05::1 >"$W/ping" 2>&1
must "IPv6 over an IPv4 VTEP" grep -q ' 0% packet loss' "$W/ping"

# With a label of its own.
zl_ok leaf1 set hop 6 500 10.0.0.2 02:00:00:00:06:02 10.0.0.2 600
zl_ok leaf1 set hop 8 500 ::ffff:10.0.0.2 02:00:00:00:06:02 10.0.0.2 600
must "a tunnel" grep -qE 'encap ip id 600 .*dst 10.0.0.2 .*dev vxs .*proto 179' <<<"$(ipn leaf1 nexthop show)"
must "its neighbour" neigh_has leaf1 vxs '^fe80::ff:fe00:602 lladdr 02:00:00:00:06:02 .*proto 179'
zl_ok leaf1 set route 100 10.6.0.1/32 6
zl_ok leaf1 set route 100 fd06::1/128 8
ns leaf1 ping -n -c 3 -i 0.3 -W 2 -I red 10.6.0.1 >"$W/ping" 2>&1
cat "$W/ping"
ip -n "$P"leaf2 -s link show vx600 | sed -n 3,6p
must "routed into the other VNI" grep -q ' 0% packet loss' "$W/ping"
ns leaf1 ping -n -c 3 -i 0.3 -W 2 -I red fd06::1 >"$W/ping" 2>&1
must "IPv6 into the other VNI" grep -q ' 0% packet loss' "$W/ping"

# Two router MACs behind one VTEP, by two labels.
zl_ok leaf1 set hop 20 500 10.0.0.2 02:00:00:00:07:02 10.0.0.2 700
zl_ok leaf1 set hop 22 500 ::ffff:10.0.0.2 02:00:00:00:07:02 10.0.0.2 700
zl_ok leaf1 set route 100 10.7.0.1/32 20
zl_ok leaf1 set route 100 fd07::1/128 22
for a in 10.7.0.1 fd07::1 10.6.0.1 fd06::1; do
	ns leaf1 ping -n -c 3 -i 0.3 -W 2 -I red $a >"$W/ping" 2>&1
	must "two router MACs behind one VTEP: $a" grep -q ' 0% packet loss' "$W/ping"
done
# Another MAC for one of them, and back; the other's neighbour stays.
zl_ok leaf1 set hop 20 500 10.0.0.2 02:00:00:00:07:03 10.0.0.2 700
zl_ok leaf1 set hop 22 500 ::ffff:10.0.0.2 02:00:00:00:07:03 10.0.0.2 700
must "its new neighbour" neigh_has leaf1 vxs '^fe80::ff:fe00:703 lladdr 02:00:00:00:07:03 .*proto 179'
must "without the old one" neigh_lacks leaf1 vxs '^fe80::ff:fe00:702 '
must "beside the other's" neigh_has leaf1 vxs '^fe80::ff:fe00:602 lladdr 02:00:00:00:06:02 .*proto 179'
zl_ok leaf1 del route 100 10.7.0.1/32 20
zl_ok leaf1 del route 100 fd07::1/128 22
zl_ok leaf1 del hop 22 500 ::ffff:10.0.0.2 02:00:00:00:07:03
must "which two share" neigh_has leaf1 vxs '^fe80::ff:fe00:703 '
zl_ok leaf1 del hop 20 500 10.0.0.2 02:00:00:00:07:03
must "and both leave" neigh_lacks leaf1 vxs '^fe80::ff:fe00:703 '
must "nothing was lost by all that" test "$(zl_count leaf1 '^lost ')" = 0

# Another engine, and one that wants nothing.
{ ipn leaf1 nexthop show && ipn leaf1 neigh show dev vxs && ipn leaf1 route show table 100; } >"$W/before"
zl_mark leaf1
zl leaf1 crash
wait_for 20 "another engine" zl_said leaf1 '^end$'
zl_ok leaf1 set mac 500 02:00:00:00:05:02 10.0.0.2
zl_ok leaf1 set hop 12 500 10.0.0.2 02:00:00:00:05:02
zl_ok leaf1 set hop 14 500 ::ffff:10.0.0.2 02:00:00:00:05:02
zl_ok leaf1 set hop 16 500 10.0.0.2 02:00:00:00:06:02 10.0.0.2 600
zl_ok leaf1 set hop 18 500 ::ffff:10.0.0.2 02:00:00:00:06:02 10.0.0.2 600
zl_ok leaf1 set route 100 10.5.0.1/32 12
zl_ok leaf1 set route 100 fd05::1/128 14
zl_ok leaf1 set route 100 10.6.0.1/32 16
zl_ok leaf1 set route 100 fd06::1/128 18
zl leaf1 sync
sleep 2
{ ipn leaf1 nexthop show && ipn leaf1 neigh show dev vxs && ipn leaf1 route show table 100; } >"$W/after"
must "the kernel is as it was" cmp "$W/before" "$W/after"
zl_mark leaf1
ipn leaf1 neigh del fe80::ff:fe00:602 dev vxs
wait_for 10 "a lost neighbour of a tunnel" zl_said leaf1 '^lost hop 16 '
zl_mark leaf1
zl leaf1 crash
wait_for 20 "a third engine" zl_said leaf1 '^end$'
zl leaf1 sync
no_nexthops() { [ -z "$(ipn leaf1 nexthop show)" ]; }
wait_for 10 "nexthops are swept" no_nexthops
wait_for 10 "neighbours of tunnels too" neigh_lacks leaf1 vxs 'proto 179'

# Without IPv6 on the device there is one neighbour for each VTEP: a second router MAC is refused.
ns leaf1 sysctl -qw net.ipv6.conf.vxs.disable_ipv6=1
zl_ok leaf1 set hop 30 500 10.0.0.2 02:00:00:00:06:02 10.0.0.2 600
must "by the VTEP's address" neigh_has leaf1 vxs '^10.0.0.2 lladdr 02:00:00:00:06:02 .*proto 179'
zl_refused EEXIST leaf1 set hop 32 500 10.0.0.2 02:00:00:00:07:02 10.0.0.2 700
must "the first one stays" neigh_has leaf1 vxs '^10.0.0.2 lladdr 02:00:00:00:06:02 .*proto 179'
zl_ok leaf1 del hop 30 500 10.0.0.2 02:00:00:00:06:02
zl_ok leaf1 set hop 32 500 10.0.0.2 02:00:00:00:07:02 10.0.0.2 700
stop leaf1
must "clean exit" wait "${PIDOF[leaf1]}"
must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
