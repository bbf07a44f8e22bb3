# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/lab/zl_vlan.sh: what the data plane's tests on VLAN-aware bridges have in common.
. "$(dirname "${BASH_SOURCE[0]}")/../fabric/lib.sh"
. "$(dirname "${BASH_SOURCE[0]}")/../fabric/zl.sh"
zl_start
M=02:00:00:00:00:0

# entries VNI VID DEVICE [SRC_VNI]: what is wanted is written for that VLAN, and observed in it.
entries() {
	local v=$1 vid=$2 dev=$3 src=${4:+ src_vni $4}
	zl_ok leaf1 set flood "$v" 10.0.0.2
	zl_ok leaf1 set mac "$v" ${M}1 10.0.0.2
	zl_ok leaf1 set mac "$v" ${M}7 10.0.0.2 sticky
	zl_ok leaf1 set neigh "$v" "$(host4 "$v" 5)" ${M}1
	zl_ok leaf1 set neigh "$v" "$(host6 "$v" 5)" ${M}1
	must "flood entry of $v" fdb_has leaf1 "$dev" "^00:00:00:00:00:00 dst 10.0.0.2$src self"
	must "VXLAN entry of $v" fdb_has leaf1 "$dev" "^${M}1 dst 10.0.0.2$src self extern_learn"
	must "bridge entry of $v" fdb_has leaf1 "$dev" "^${M}1 vlan $vid extern_learn master br0"
	must "sticky entry of $v" fdb_has leaf1 "$dev" "^${M}7 vlan $vid extern_learn sticky master br0 static"
	must "neighbour of $v" neigh_has leaf1 "vlan$vid" "^$(host4 "$v" 5) lladdr ${M}1 .*NOARP proto 179"
	zl_mark leaf1
	ns leaf1 bridge fdb add 02:bb:00:00:00:01 dev "ph$v" master static vlan "$vid"
	wait_for 5 "local MAC of $v" zl_said leaf1 "^mac set $v 02:bb:00:00:00:01 dev=ph$v vid=$vid static\$"
	zl_refused EEXIST leaf1 set mac "$v" 02:bb:00:00:00:01 10.0.0.2
	zl_mark leaf1
	ns leaf1 bridge fdb del ${M}1 dev "$dev" master vlan "$vid"
	wait_for 5 "lost in the bridge" zl_said leaf1 "^lost mac $v mac=${M}1 "
	zl_ok leaf1 set mac "$v" ${M}1 10.0.0.2
	zl_mark leaf1
	# shellcheck disable=SC2086
	ns leaf1 bridge fdb del ${M}1 dev "$dev" self $src
	wait_for 5 "lost in the VXLAN device" zl_said leaf1 "^lost mac $v mac=${M}1 .*vtep=10.0.0.2"
	zl_ok leaf1 set mac "$v" ${M}1 10.0.0.2
}

# sweep VNI VID DEVICE: another engine wants nothing of it.
sweep() {
	zl_mark leaf1
	zl leaf1 crash
	wait_for 10 "another engine" zl_said leaf1 '^end$'
	must "entries outlive the engine" fdb_has leaf1 "$3" "^${M}1 dst 10.0.0.2 "
	zl leaf1 sync
	wait_for 5 "VXLAN entries swept" fdb_lacks leaf1 "$3" "^(${M}1|${M}7|00:00:00:00:00:00) dst"
	wait_for 5 "bridge entries swept" fdb_lacks leaf1 "$3" "^${M}. vlan"
	wait_for 5 "neighbours swept" neigh_lacks leaf1 "vlan$2" "lladdr ${M}1 "
	must "local MAC stays" fdb_has leaf1 "ph$1" "^02:bb:00:00:00:01 vlan $2 master br0 static"
}

zl_vlan_start() { # SHAPE [vnifilter]
	SHAPE=$1
	VNIFILTER=${2:-}
	note "$SHAPE $VNIFILTER"
	node leaf1
	ipn leaf1 addr add 10.0.0.1/32 dev lo
	vni_devices 1 110
	host h110 1 110 1
	zl_run leaf1
}

zl_vlan_finish() {
	stop leaf1
	must "clean exit" wait "${PIDOF[leaf1]}"
	must "nothing malformed" test "$(grep -c malformed "$W/leaf1/out")" = 0
}
