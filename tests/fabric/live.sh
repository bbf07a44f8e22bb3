# SPDX-License-Identifier: ISC
# shellcheck shell=bash
# tests/fabric/live.sh: changes of tenants that run: VNIs, VLANs, ports and gateways in one commit; what is broken behind
# its back is mended after each, and rollback brings each back.  Needs tenant.sh; chmod 777 of the node's folder.

# The devices and what is at them, without what the kernel numbers or throws dice for.
machine() { # NODE
	ipn "$1" -d -j link show | jq -c '[.[] | {key: .ifindex, value: .ifname}] as $n | .[] |
		select((.ifalias // "") | startswith("evpnd:")) |
		[.ifname, .master, .mtu, (select(.ifname | test("^svi")) | .address) // null, .linkinfo.info_kind, .linkinfo.info_data.id, .linkinfo.info_data.local]' | sort
	ipn "$1" -j addr show | jq -c '.[] | select(.ifname | test("^(svi|br)[0-9]")) | [.ifname, [.addr_info[] | [.local, .prefixlen]]]' | sort
	ns "$1" bridge -j vlan show | jq -c '.[] | select(.ifname | test("^(br-fabric|vx-fabric|ph)")) | [.ifname, [.vlans[] | [.vlan, .vlanEnd]]]' | sort
	ipn "$1" -j link show | jq -c '.[] | select(.ifname | test("^ph")) | [.ifname, .master]' | sort
}

# One commit of these lines, then nothing is left to be done.
change() { # NODE LINE...
	local n=$1
	shift
	vt "$n" 'configure private' "$@" 'commit' >"$W/said" 2>&1 || fail "commit of \"$*\": $(cat "$W/said")"
	wait_for 60 "$n: $* : nothing is left to be done" plan_empty "$n"
}

# Breaks a device, waits until it is mended, and that the machine is as it was.
mended() { # NODE DEVICE
	local was
	was=$(machine "$1")
	ipn "$1" link del "$2" || fail "there is no $2 to break"
	same_machine() { plan_empty "$1" && [ "$(machine "$1")" = "$was" ]; }
	wait_for 60 "$1: $2 deleted behind its back: as it was" same_machine "$1"
}

# rollback 1 of the last change brings back this machine.
rolled_back() { # NODE MACHINE
	local was=$2
	vt "$1" 'configure private' 'rollback 1' 'commit' >"$W/said" 2>&1 || fail "rollback 1: $(cat "$W/said")"
	back() { plan_empty "$1" && [ "$(machine "$1")" = "$was" ]; }
	wait_for 60 "$1: rollback 1: as before the change" back "$1" ||
		fail "rollback left $(diff <(echo "$was") <(machine "$1"))"
}
