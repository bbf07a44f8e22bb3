# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/lib.sh: network namespaces with bridges, VXLAN devices and BGP speakers, for tests and the demo.
#
# A node is a network namespace whose name starts with this process's id, so that tests may run side by
# side.  Every process is started here, remembered by its id, and ended by it.  Whatever happens, the
# trap on EXIT takes everything down again.  Nothing listens outside of the namespaces.
#
# A test: . lib.sh, build, `wait_for SECONDS TEXT COMMAND...`, `ok TEXT`, `fail TEXT`; `skip TEXT` exits with 77.
# Where the programs are: EVPND_BIN (evpnd, vtysh), EVPND_ENGINE, EVPND_YANG_PATH.
set -u
LC_ALL=C.UTF-8
PATH=$PATH:/usr/sbin:/sbin
FAB=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
P=e$$-
W=
NODES=()
PIDS=()
declare -A KIND PIDOF LOGOF # of a node: which daemon runs there, its process, its log
FRR_BIN=/usr/lib/frr

# The engine's filter lets no tracer run, so leaks are not looked for at its end.
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=0}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

note() { printf '# %s\n' "$*"; }
ok() { printf 'ok - %s\n' "$*"; }

# The state first and the reason last: a report keeps only the end.
fail() {
	[ -n "${FAB_QUIET:-}" ] || dump_state
	printf 'not ok - %s\n' "$*"
	exit 1
}

skip() {
	printf '%s\n' "$*"
	exit 77
}

fab_start() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	# A root in a container may not be allowed to.
	if ! ip netns add "${P}probe" 2>/dev/null; then skip "this root may not make network namespaces"; fi
	ip netns del "${P}probe"
	W=$(mktemp -d "${TMPDIR:-/tmp}/evpnd-fab.XXXXXX") || exit 1
	chmod 755 "$W"
	trap fab_exit EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# The processes in the nodes' namespaces, whoever started them.
inhabitants() {
	awk 'NR == FNR { ours[$1]; next } $1 in ours { split($2, path, "/"); print path[3] }' \
		<(stat -L -c '%d:%i' "${NODES[@]/#//run/netns/$P}" 2>/dev/null) \
		<(stat -L -c '%d:%i %n' /proc/[0-9]*/ns/net 2>/dev/null)
}

# Ends every process and removes every namespace; a test may then build anew.
fab_down() {
	local pid n
	for pid in "${PIDS[@]}" $(inhabitants); do kill "$pid" 2>/dev/null; done
	for pid in "${PIDS[@]}"; do await_end "$pid" 3 || kill -9 "$pid" 2>/dev/null; done
	for pid in $(inhabitants); do kill -9 "$pid" 2>/dev/null; done
	for n in "${NODES[@]}"; do
		ip netns del "$P$n" 2>/dev/null
		[ -e "$W/$n/log" ] && cat "$W/$n/log" >>"$W/$n.log"
		rm -rf "${W:?}/$n"
	done
	NODES=() PIDS=() KIND=() PIDOF=() LOGOF=()
}

fab_exit() {
	local rc=$? f
	trap - EXIT
	fab_down
	# What a sanitizer found is a failure wherever the test looked.
	for f in "$W"/*.log; do
		[ -e "$f" ] && grep -qE 'ERROR: AddressSanitizer|: runtime error: ' "$f" || continue
		printf 'not ok - a sanitizer complains in %s\n' "${f#"$W"/}"
		grep -nE -A 25 -m 1 'ERROR: AddressSanitizer|: runtime error: ' "$f"
		[ "$rc" = 0 ] && rc=1
	done
	if [ -n "${FAB_KEEP:-}" ]; then note "kept $W"; else rm -rf "$W"; fi
	exit "$rc"
}

await_end() { # PID SECONDS
	local end=$((SECONDS + $2))
	while kill -0 "$1" 2>/dev/null; do
		# A zombie of ours has ended too.
		case $(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) in Z* | '') return 0 ;; esac
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
	return 0
}

# wait_for SECONDS TEXT COMMAND...: until the command succeeds; a failed wait ends the test.
wait_for() {
	local limit=$1 text=$2 end
	shift 2
	# A slow machine or guest gets more time by FAB_SLOW.
	end=$((SECONDS + limit * ${FAB_SLOW:-1}))
	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then fail "$text (waited $limit s for: $*)"; fi
		sleep 0.1
	done
	ok "$text"
}

# never SECONDS TEXT COMMAND...: the command must go on failing for so long.
never() {
	local end=$((SECONDS + $1)) text=$2
	shift 2
	while [ "$SECONDS" -lt "$end" ]; do
		if "$@" >/dev/null 2>&1; then fail "$text (happened: $*)"; fi
		sleep 0.2
	done
	ok "$text"
}

dump_state() {
	local n
	for n in "${NODES[@]}"; do
		[ -n "${KIND[$n]:-}" ] || continue
		echo "--- $n (${KIND[$n]}): end of its log"
		tail -n 25 "${LOGOF[$n]}" 2>/dev/null
		case ${KIND[$n]} in
		evpnd | frr) vt "$n" 'show bgp l2vpn evpn summary' 'show bgp l2vpn evpn' 'show evpn vni' 'show evpn mac vni all' 'show evpn kernel errors' 'show bgp ipv4 unicast' 'show ip route' 'show bgp ipv6 unicast' 'show bgp summary' 2>&1 | tail -n 110 ;;
		esac
		echo "--- $n: kernel"
		ns "$n" bridge fdb show 2>/dev/null | grep -v ' permanent$' | grep -vE '^(33:33|01:00)' | head -n 40
		ns "$n" ip neigh show 2>/dev/null | head -n 20
	done
}

# --- nodes and links ----------------------------------------------------------------------------

ns() {
	local n=$1
	shift
	ip netns exec "$P$n" "$@"
}

node() {
	local n
	for n in "$@"; do
		ip netns add "$P$n" || fail "cannot make a network namespace"
		NODES+=("$n")
		mkdir -p "$W/$n"
		ip -n "$P$n" link set lo up
		ns "$n" sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1 \
			net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0 \
			net.ipv6.conf.default.accept_dad=0 net.ipv6.conf.all.accept_dad=0
	done
}

ipn() {
	local n=$1
	shift
	ip -n "$P$n" "$@"
}

# ips NODE <<LINES: many commands of ip by one process, for a slow guest.
ips() { ip -n "$P$1" -batch -; }

# link NODE IF NODE IF: a veth pair, both ends up.
link() {
	ip link add "$2" netns "$P$1" type veth peer name "$4" netns "$P$3" || fail "cannot make a veth pair"
	ipn "$1" link set "$2" mtu "${MTU:-1600}" up
	ipn "$3" link set "$4" mtu "${MTU:-1600}" up
}

lo4() { echo "10.0.0.$1"; }
lo6() { echo "fd00::$1"; }

# underlay LEAVES: a spine at .100 with a link to each of leaf1..leafN; loopbacks reach each other.
underlay() {
	local i
	node spine
	ipn spine addr add "$(lo4 100)/32" dev lo
	ipn spine addr add "$(lo6 100)/128" dev lo nodad
	for ((i = 1; i <= $1; i++)); do
		node "leaf$i"
		link "leaf$i" up0 spine "down$i"
		ips spine <<-END
			addr add 172.16.$i.0/31 dev down$i
			addr add fd16:$i::0/127 dev down$i nodad
			route add $(lo4 "$i")/32 via 172.16.$i.1 src $(lo4 100)
			route add $(lo6 "$i")/128 via fd16:$i::1 src $(lo6 100)
		END
		ips "leaf$i" <<-END
			addr add $(lo4 "$i")/32 dev lo
			addr add $(lo6 "$i")/128 dev lo nodad
			addr add 172.16.$i.1/31 dev up0
			addr add fd16:$i::1/127 dev up0 nodad
			route add 10.0.0.0/24 via 172.16.$i.0 src $(lo4 "$i")
			route add fd00::/64 via fd16:$i::0 src $(lo6 "$i")
		END
	done
}

# The kernel's devices for a VNI come in three shapes, chosen by SHAPE:
#   plain   a VXLAN device and a bridge for each VNI; the bridge is the SVI
#   aware   a VXLAN device for each VNI on one VLAN-aware bridge; a VLAN device is the SVI
#   svd     one `external` VXLAN device for all on a VLAN-aware bridge; VNIFILTER=vnifilter filters it too
# The last two need a kernel with bridge VLAN filtering.
# Leaves of different shapes: SHAPES[NODE] is that of one that has another one.  Whoever is given a node finds it there and
# makes it SHAPE for the functions below, which are given none.
SHAPE=${SHAPE:-plain}
declare -A SHAPES
VNIFILTER=${VNIFILTER:-}

vid_of() { echo $(($1 - 100)); }
vxdev() { if [ "$SHAPE" = svd ]; then echo vxs; else echo "vx$1"; fi; }
brdev() { if [ "$SHAPE" = plain ]; then echo "br$1"; else echo br0; fi; }
svi() { if [ "$SHAPE" = plain ]; then echo "br$1"; else echo "vlan$(vid_of "$1")"; fi; }

# With VRF=NAME the SVIs of vni_devices are in a VRF of that name.
VRF=${VRF:-}

# vni_devices LEAF-NUMBER VNI [4|6]: the last says which loopback is the VTEP's address.
vni_devices() {
	local n=leaf$1 v=$2
	local vtep
	vtep=$(lo"${3:-4}" "$1")
	"devices_$SHAPE" "$n" "$1" "$v" "$vtep"
	if [ -n "$VRF" ]; then
		ipn "$n" link show "$VRF" >/dev/null 2>&1 || ipn "$n" link add "$VRF" type vrf table 1001 || skip "this kernel has no VRF"
		ipn "$n" link set "$VRF" up
		ipn "$n" link set "$(svi "$v")" master "$VRF"
	fi
	ipn "$n" link set "$(svi "$v")" address "$(mac_of "$1" "$v" 254)" up
	ipn "$n" addr add "$(host4 "$v" $((200 + $1)))/24" dev "$(svi "$v")"
	ipn "$n" addr add "$(host6 "$v" "f$1")/64" dev "$(svi "$v")" nodad
}

vxlan_port() { # NODE DEVICE MAC BRIDGE
	ipn "$1" link set "$2" address "$3" master "$4" addrgenmode none
	bridge -n "$P$1" link set dev "$2" learning off neigh_suppress "${SUPPRESS:-on}"
	ipn "$1" link set "$2" up
}

devices_plain() { # NODE LEAF-NUMBER VNI LOCAL
	ipn "$1" link add "br$3" type bridge mcast_snooping 0
	ipn "$1" link add "vx$3" type vxlan id "$3" local "$4" dstport 4789 nolearning
	vxlan_port "$1" "vx$3" "$(mac_of "$2" "$3" 253)" "br$3"
}

aware_bridge() { # NODE LEAF-NUMBER
	ipn "$1" link show br0 >/dev/null 2>&1 && return
	ipn "$1" link add br0 type bridge vlan_filtering 1 vlan_default_pvid 0 mcast_snooping 0 ||
		skip "this kernel has no VLAN-aware bridge"
	ipn "$1" link set br0 address "$(mac_of "$2" 0 254)" addrgenmode none up
}

aware_svi() { # NODE VNI
	local vid
	vid=$(vid_of "$2")
	ns "$1" bridge vlan add dev br0 vid "$vid" self
	ipn "$1" link add link br0 name "vlan$vid" type vlan id "$vid"
}

devices_aware() {
	aware_bridge "$1" "$2"
	ipn "$1" link add "vx$3" type vxlan id "$3" local "$4" dstport 4789 nolearning
	vxlan_port "$1" "vx$3" "$(mac_of "$2" "$3" 253)" br0
	ns "$1" bridge vlan add dev "vx$3" vid "$(vid_of "$3")" pvid untagged
	aware_svi "$1" "$3"
}

devices_svd() {
	local vid
	vid=$(vid_of "$3")
	aware_bridge "$1" "$2"
	if ! ipn "$1" link show vxs >/dev/null 2>&1; then
		# shellcheck disable=SC2086
		ipn "$1" link add vxs type vxlan external $VNIFILTER local "$4" dstport 4789 nolearning
		vxlan_port "$1" vxs "$(mac_of "$2" 0 253)" br0
		ns "$1" bridge link set dev vxs vlan_tunnel on
	fi
	ns "$1" bridge vlan add dev vxs vid "$vid"
	ns "$1" bridge vlan add dev vxs vid "$vid" tunnel_info id "$3"
	if [ -n "$VNIFILTER" ]; then ns "$1" bridge vni add vni "$3" dev vxs; fi
	aware_svi "$1" "$3"
}

host4() { echo "10.$(($1 / 100 % 256)).$(($1 % 100)).$2"; }     # VNI NUMBER
host6() { printf 'fd01:%x::%s\n' "$1" "$2"; }                   # VNI NUMBER
mac_of() { printf '02:%02x:00:%02x:%02x:%02x\n' "$1" $(($2 / 256)) $(($2 % 256)) "$3"; } # LEAF VNI NUMBER

host_mac() { printf '02:aa:00:%02x:%02x:%02x\n' $(($1 / 256)) $(($1 % 256)) "$2"; } # VNI NUMBER

# host NAME LEAF-NUMBER VNI NUMBER: a namespace with eth0 in the VNI's bridge at that leaf.
host() {
	node "$1"
	ns "$1" sysctl -qw net.ipv6.conf.all.forwarding=0
	host_attach "$@"
}

host_attach() { # NAME LEAF-NUMBER VNI NUMBER
	ip link add "p$1" netns "$P""leaf$2" type veth peer name eth0 netns "$P$1" || fail "cannot make a veth pair"
	ipn "leaf$2" link set "p$1" master "$(brdev "$3")" addrgenmode none up
	if [ "$SHAPE" != plain ]; then ns "leaf$2" bridge vlan add dev "p$1" vid "$(vid_of "$3")" pvid untagged; fi
	ipn "$1" link set eth0 address "$(host_mac "$3" "$4")" mtu 1500 up
	ipn "$1" addr add "$(host4 "$3" "$4")/24" dev eth0
	ipn "$1" addr add "$(host6 "$3" "$4")/64" dev eth0 nodad
}

# host_move NAME FROM TO VNI NUMBER: the host keeps its addresses and shows up behind another leaf.
host_move() {
	ipn "leaf$2" link del "p$1"
	host_attach "$1" "$3" "$4" "$5"
}

pings() { # NODE ADDRESS [COUNT]: every packet answered, and answered once
	local said
	said=$(ns "$1" ping -n -q -c "${3:-1}" -i 0.2 -W 1 "$2") || return 1
	case $said in *duplicates*) return 1 ;; *' 0% packet loss'*) ;; *) return 1 ;; esac
}

# --- daemons ------------------------------------------------------------------------------------

spawn() { # NODE KIND COMMAND...: in the namespace, its output to the node's log
	local n=$1
	KIND[$n]=$2
	shift 2
	LOGOF[$n]=$W/$n/log
	# In a session of its own: a ^C that was meant for the demo's vtysh is not for the daemons.
	setsid ip netns exec "$P$n" "$@" >>"$W/$n/log" 2>&1 </dev/null &
	PIDOF[$n]=$!
	disown
	PIDS+=($!)
}

# background NODE COMMAND...: BG is its process id.  (`ns ... &` would give that of a shell.)
background() {
	ip netns exec "$P$1" "${@:2}" </dev/null &
	BG=$!
	PIDS+=("$BG")
}

have() {
	case $1 in
	evpnd) [ -x "${EVPND_BIN:-}/evpnd" ] && [ -x "${EVPND_ENGINE:-}" ] && [ -x "${EVPND_BIN:-}/vtysh" ] ;;
	frr) [ -x $FRR_BIN/bgpd ] && [ -x $FRR_BIN/zebra ] ;;
	gobgp) command -v gobgpd >/dev/null ;;
	*) command -v "$1" >/dev/null ;;
	esac
}

need_all() {
	local k
	for k in "$@"; do have "$k" || skip "$k is not there"; done
}

# run KIND NODE [ARGUMENT]... < TEXT: starts a daemon there with that configuration.  (Not behind a pipe: what it
# notes about the process would stay in the subshell.)
run() {
	local kind=$1 n=$2
	shift 2
	mkdir -p "$W/$n/run"
	cat >"$W/$n/conf"
	"run_$kind" "$n" "$@"
}

run_evpnd() {
	local n=$1
	shift
	spawn "$n" evpnd env EVPND_ENGINE="$EVPND_ENGINE" EVPND_YANG_PATH="$EVPND_YANG_PATH" \
		"$EVPND_BIN/evpnd" -f "$W/$n/conf" --rundir "$W/$n/run" "$@"
}

run_frr() {
	local n=$1 d=$W/$1/run
	chown -R frr:frr "$W/$n"
	chmod 755 "$W/$n"
	# What FRR's vtysh would tell zebra: the layer-3 VNIs.
	sed -n '/^vrf /,/^exit-vrf/p' "$W/$n/conf" >"$d/zebra.conf"
	setsid ip netns exec "$P$n" $FRR_BIN/zebra -f "$d/zebra.conf" -z "$d/zserv.api" --vty_socket "$d" -i "$d/zebra.pid" \
		-A 127.0.0.1 -P 0 --log "file:$d/zebra.log" >>"$d/start.log" 2>&1 </dev/null &
	PIDS+=($!)
	wait_quiet 10 test -S "$d/zserv.api"
	spawn "$n" frr $FRR_BIN/bgpd -f "$W/$n/conf" -z "$d/zserv.api" --vty_socket "$d" -i "$d/bgpd.pid" -A 127.0.0.1 -P 0 \
		--log stdout
	wait_quiet 10 test -S "$d/bgpd.vty"
}

run_gobgp() {
	spawn "$1" gobgp gobgpd -f "$W/$1/conf" -t toml --api-hosts 127.0.0.1:50051 -l info
}

run_bird() {
	spawn "$1" bird bird -f -c "$W/$1/conf" -s "$W/$1/run/bird.ctl" -P "$W/$1/run/bird.pid"
}

wait_quiet() { # SECONDS COMMAND...
	local end=$((SECONDS + $1 * ${FAB_SLOW:-1}))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$SECONDS" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# stop NODE [SIGNAL]: ends the node's daemon, by its id.
stop() {
	kill "-${2:-TERM}" "${PIDOF[$1]}" 2>/dev/null
	await_end "${PIDOF[$1]}" 10
}

# vt NODE COMMAND...: the commands through that node's vtysh.
vt() {
	local n=$1 args=() c
	shift
	for c in "$@"; do args+=(-c "$c"); done
	case ${KIND[$n]} in
	frr) vtysh --vty_socket "$W/$n/run" "${args[@]}" ;;
	*) timeout 20 "$EVPND_BIN/vtysh" --vty_socket "$W/$n/run" "${args[@]}" ;;
	esac
}

vt_has() { # NODE COMMAND EXTENDED-REGULAR-EXPRESSION
	vt "$1" "$2" 2>/dev/null | grep -qE -- "$3"
}

vt_json() { # NODE COMMAND JQ-EXPRESSION: true if the expression is
	vt "$1" "$2 json" 2>/dev/null | json_is "$3"
}

# True if there is JSON on the standard input and the expression holds; jq alone is content with nothing.
json_is() { # JQ-EXPRESSION [JQ-OPTION]...
	local expr=$1
	shift
	jq -es "$@" "length > 0 and (.[0] | $expr)" >/dev/null 2>&1
}

session_up() { # NODE PEER
	case ${KIND[$1]} in
	frr | evpnd) vt_json "$1" 'show bgp l2vpn evpn summary' ".peers[\"$2\"].state == \"Established\" or .l2VpnEvpn.peers[\"$2\"].state == \"Established\"" ;;
	gobgp) ns "$1" gobgp neighbor -j | json_is "any(.[]; .state.neighbor_address == \"$2\" and .state.session_state == 6)" ;;
	esac
}

# The engine's process below an evpnd.
engine_of() { # NODE
	local pid
	for pid in $(ip netns pids "$P$1"); do
		[ "$pid" != "${PIDOF[$1]}" ] && [ "$(ps -o ppid= -p "$pid" | tr -d ' ')" = "${PIDOF[$1]}" ] && echo "$pid" && return 0
	done
	return 1
}

# --- configurations, in the one dialect of FRR and evpnd ----------------------------------------

conf_leaf() { # NUMBER [4|6] [LINES OF THE EVPN FAMILY]
	local peer
	peer=$(lo"${2:-4}" 100)
	cat <<-END
		hostname leaf$1
		router bgp 65000
		 bgp router-id $(lo4 "$1")
		 no bgp default ipv4-unicast
		 bgp graceful-restart restart-time 10
		 timers bgp 3 9
		 neighbor $peer remote-as 65000
		 neighbor $peer update-source $(lo"${2:-4}" "$1")
		 neighbor $peer timers connect 1
		 address-family l2vpn evpn
		  neighbor $peer activate
		  advertise-all-vni${3:+
		$3}
		 exit-address-family
		exit
	END
}

conf_rr() {
	cat <<-END
		hostname spine
		router bgp 65000
		 bgp router-id $(lo4 100)
		 bgp cluster-id $(lo4 100)
		 no bgp default ipv4-unicast
		 timers bgp 3 9
		 neighbor LEAVES peer-group
		 neighbor LEAVES remote-as 65000
		 bgp listen range 10.0.0.0/24 peer-group LEAVES
		 bgp listen range fd00::/64 peer-group LEAVES
		 address-family l2vpn evpn
		  neighbor LEAVES activate
		  neighbor LEAVES route-reflector-client
		 exit-address-family
		exit
	END
}

conf_rr_gobgp() {
	cat <<-END
		[global.config]
		  as = 65000
		  router-id = "$(lo4 100)"
		[[peer-groups]]
		  [peer-groups.config]
		    peer-group-name = "leaves"
		    peer-as = 65000
		  [peer-groups.route-reflector.config]
		    route-reflector-client = true
		    route-reflector-cluster-id = "$(lo4 100)"
		  [[peer-groups.afi-safis]]
		    [peer-groups.afi-safis.config]
		      afi-safi-name = "l2vpn-evpn"
		[[dynamic-neighbors]]
		  [dynamic-neighbors.config]
		    prefix = "10.0.0.0/24"
		    peer-group = "leaves"
	END
}

run_rr() { # KIND
	case $1 in
	gobgp) run gobgp spine < <(conf_rr_gobgp) ;;
	*) run "$1" spine < <(conf_rr) ;;
	esac
}

# --- the kernel's tables ------------------------------------------------------------------------

# The entries of a VNI on its VXLAN device, as JSON, whatever the shape.
fdb_of() { # NODE VNI
	local SHAPE=${SHAPES[$1]:-$SHAPE}
	ns "$1" bridge -j fdb show dev "$(vxdev "$2")" | case $SHAPE in
	svd) jq --argjson v "$2" --argjson d "$(vid_of "$2")" '[.[] | select(.src_vni == $v or .vlan == $d)]' ;;
	*) cat ;;
	esac
}

# The remote VTEPs that BUM traffic of a VNI goes to, sorted.
flood_list() { # NODE VNI
	fdb_of "$1" "$2" | jq -r '.[] | select(.mac == "00:00:00:00:00:00" and .dst != null) | .dst' | sort
}

floods_to() { # NODE VNI VTEP...: exactly these
	local n=$1 v=$2
	shift 2
	[ "$(flood_list "$n" "$v" | tr '\n' ' ')" = "$(printf '%s\n' "$@" | sort | sed '/^$/d' | tr '\n' ' ')" ]
}

# Where a MAC is according to the VXLAN device's and to the bridge's FDB: "VTEP MASTER".
remote_mac() { # NODE VNI MAC
	fdb_of "$1" "$2" | jq -r --arg m "$3" \
		'[.[] | select(.mac == $m)] | (map(.dst // empty) | first // "-") + " " + (map(.master // empty) | first // "-")'
}

mac_at() { # NODE VNI MAC VTEP: both FDBs send it there
	local SHAPE=${SHAPES[$1]:-$SHAPE}
	[ "$(remote_mac "$1" "$2" "$3")" = "$4 $(brdev "$2")" ]
}

mac_gone() { # NODE VNI MAC: not remote any more
	[ "$(remote_mac "$1" "$2" "$3")" = "- -" ]
}

mac_local() { # NODE VNI MAC PORT
	local SHAPE=${SHAPES[$1]:-$SHAPE}
	ns "$1" bridge -j fdb show br "$(brdev "$2")" |
		json_is 'any(.[]; .mac == $m and .ifname == $p)' --arg m "$3" --arg p "$4"
}

neigh_at() { # NODE VNI IP MAC: a neighbour of the control plane on the SVI
	local SHAPE=${SHAPES[$1]:-$SHAPE}
	ns "$1" ip -j neigh show dev "$(svi "$2")" to "$3" |
		json_is 'any(.[]; .lladdr == $m and has("extern_learn"))' --arg m "$4"
}

neigh_gone() { # NODE VNI IP
	local SHAPE=${SHAPES[$1]:-$SHAPE}
	! ns "$1" ip -j neigh show dev "$(svi "$2")" to "$3" | json_is 'any(.[]; has("extern_learn"))'
}

# All that a control plane put into a leaf, one sorted line each, without marks of who did it.
remote_tables() { # NODE
	local d
	for d in $(ipn "$1" -j link show type vxlan | jq -r '.[].ifname'); do
		ns "$1" bridge -j fdb show dev "$d" | jq -r --arg d "$d" '.[]
			| select(.dst != null or ((.flags // []) | index("extern_learn")))
			| "fdb \($d) \(.mac) vlan \(.vlan // 0) vni \(.src_vni // 0) \(.dst // "-") \(.master // "-")"'
	done | sort
	ns "$1" ip -j neigh show | jq -r '.[] | select(has("extern_learn"))
		| "neigh \(.dev) \(.dst) \(.lladdr) \((.state // []) | join(","))"' | sort
}
