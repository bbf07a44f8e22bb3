# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/lab/zl_svd.sh FILTER: the data plane with one VXLAN device for all VNIs; FILTER is vnifilter or nothing.
. "$(dirname "${BASH_SOURCE[0]}")/zl_vlan.sh"
filter=$1
# shellcheck disable=SC2086
zl_vlan_start svd $filter
must "VNI, VLAN and SVI" zl_said leaf1 '^vni 110 up flags=7 .*vxlan=vxs bridge=br0 vid=10 svi=vlan10 '
entries 110 10 vxs 110
zl_mark leaf1
vni_devices 1 120
wait_for 5 "a second VNI" zl_said leaf1 '^vni 120 up flags=7 .*vxlan=vxs bridge=br0 vid=20 svi=vlan20 '
zl_ok leaf1 set mac 120 ${M}1 10.0.0.3
must "the same MAC in two VNIs" fdb_has leaf1 vxs "^${M}1 dst 10.0.0.3 src_vni 120 self"
must "the same MAC in two VNIs" fdb_has leaf1 vxs "^${M}1 dst 10.0.0.2 src_vni 110 self"
zl_ok leaf1 del mac 120 ${M}1 10.0.0.3
must "one of them deleted" fdb_has leaf1 vxs "^${M}1 dst 10.0.0.2 src_vni 110 self"
if [ -n "$filter" ]; then
	zl_mark leaf1
	ns leaf1 bridge vni delete vni 110 dev vxs
	wait_for 5 "filtered out" zl_said leaf1 '^vni 110 down .*why=it is not in the VNI filter of vxs$'
	zl_mark leaf1
	ns leaf1 bridge vni add vni 100-119 dev vxs
	wait_for 5 "in the filter's range" zl_said leaf1 '^vni 110 up '
	must "the other one was not touched" test "$(zl_count leaf1 '^vni 120')" = 0
fi
zl_mark leaf1
ns leaf1 bridge vlan del dev vxs vid 20
wait_for 5 "no mapping, no VNI" zl_said leaf1 '^vni 120 gone '
ns leaf1 bridge vlan add dev vxs vid 20
ns leaf1 bridge vlan add dev vxs vid 20 tunnel_info id 115
wait_for 5 "mapped to another VNI" zl_said leaf1 '^vni 115 up .*vid=20 '
ns leaf1 bridge vlan add dev vxs vid 30-40
ns leaf1 bridge vlan add dev vxs vid 30-40 tunnel_info id 230-240
[ -z "$filter" ] || ns leaf1 bridge vni add vni 230-240 dev vxs
wait_for 5 "a range of VNIs" zl_said leaf1 '^vni 235 up .*vid=35 '
zl_mark leaf1
zl leaf1 resync
wait_for 5 "a dump" zl_said leaf1 '^end$'
must "says the same" zl_said leaf1 '^vni 235 up .*vid=35 '
must "no more and no less" test "$(zl_count leaf1 '^vni ')" = 13
zl_ok leaf1 set mac 110 ${M}1 10.0.0.2
zl_ok leaf1 set flood 110 10.0.0.2
sweep 110 10 vxs
zl_vlan_finish
