#!/bin/bash
# SPDX-License-Identifier: ISC
# The service units under a real systemd, as the first process of a guest's PID namespace: evpnd.service starts, tells
# that it is ready, reloads, and comes back from a kill and a restart; with its sandbox it makes devices and writes
# sysctls and the configuration.  evpnd-netconf.service comes up and is let in at the control socket.
. "$(dirname "$0")/../fabric/lib.sh"

need_all evpnd
[ -x /lib/systemd/systemd ] || skip "systemd is not installed"
command -v jq >/dev/null || skip "jq is not there"
[ "$(ps -o comm= -p 1)" != systemd ] && [ -d /run/ctl ] || skip "this is no guest of tests/lab/vm, whose files may be written"
src=$(cd "$(dirname "$0")/../.." && pwd)
W=/run/systemd-test
mkdir -p $W

# What an installation does; /tmp and the builder's folders are hidden from services.
sbin=/usr/local/sbin libexec=/usr/local/libexec/evpnd etc=/usr/local/etc share=/usr/local/share/evpnd
mkdir -p $sbin $libexec $etc/evpnd $etc/default $share
install "$EVPND_BIN/evpnd" $sbin/evpnd
install "$EVPND_BIN/evpnd-engine" $libexec/evpnd-engine
cp -r "${EVPND_YANG_PATH:-$src/yang}" $share/yang
systemd-sysusers "$src/zebra-lite/sysusers.d/evpnd.conf" || fail "systemd-sysusers"
chown evpnd: $etc/evpnd
unit() { sed "s|@sbindir@|$sbin|g; s|@sysconfdir@|$etc|g; s|@pkglibexecdir@|$libexec|g" "$1"; }
unit "$src/zebra-lite/evpnd.service.in" >/etc/systemd/system/evpnd.service
cat >$etc/evpnd/evpnd.conf <<-END
	hostname lab
	fabric
	 asn 65000
	 vtep 10.0.0.1
	tenant red vni 4001
	 network web vni 10010 vlan 10 gateway 10.1.10.1/24 2001:db8:10::1/64
	exit
END
chown evpnd: $etc/evpnd/evpnd.conf
{
	echo "EVPND_YANG_PATH=$share/yang"
	echo "EVPND_ENGINE=$libexec/evpnd-engine"
	echo "EVPND_OPTIONS=-f $etc/evpnd/evpnd.conf --rundir /run/evpnd"
	env | grep '^[AUL]*SAN_OPTIONS='
} >$etc/default/evpnd
ip addr add 10.0.0.1/32 dev lo

# Only what the unit asks for: no login, no devices, no disks.
for u in systemd-udevd systemd-udev-trigger systemd-logind systemd-networkd systemd-timesyncd systemd-resolved getty@tty1 \
	systemd-modules-load systemd-random-seed systemd-update-utmp systemd-remount-fs e2scrub_reap systemd-binfmt \
	systemd-firstboot systemd-machine-id-commit systemd-sysctl keyboard-setup console-setup networking; do
	ln -sf /dev/null "/etc/systemd/system/$u.service"
done
# Nor what every service waits for, which takes an emulated machine minutes.
mkdir -p /etc/systemd/system/evpnd.service.d /etc/systemd/system/evpnd-netconf.service.d
for u in evpnd evpnd-netconf; do printf '[Unit]\nDefaultDependencies=no\n' >/etc/systemd/system/$u.service.d/lab.conf; done
printf '[Unit]\nDescription=The lab\nAllowIsolate=yes\n' >/etc/systemd/system/lab.target
mkdir -p /sys/fs/cgroup
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 none /sys/fs/cgroup || skip "this kernel has no cgroup2"
unshare --pid --fork --mount --mount-proc --propagation shared \
	env -i container=lab PATH="$PATH" /lib/systemd/systemd --system --unit=lab.target >$W/systemd.log 2>&1 &
systemctl() { nsenter -t "$init" -p -m /usr/bin/systemctl "$@"; }
up() {
	init=$(pgrep -x systemd | head -n 1)
	[ -n "$init" ] && systemctl --no-pager list-units >/dev/null 2>$W/why
}
for ((i = 0; i < 90; i++)); do
	up && break
	sleep 1
done
up || fail "systemd is not up: $(cat $W/systemd.log $W/why; ps ax | tail -n 15)"
ok "systemd is up"
settled() { # what made it fail, if it did
	[ "$(systemctl show -p ActiveState --value "$1")" = active ]
}
why() { systemctl --no-pager status "$1" 2>&1 | tail -n 30; journalctl -u "$1" -n 40 --no-pager 2>/dev/null; }

systemctl start evpnd || fail "evpnd.service does not start: $(why evpnd)"
settled evpnd || fail "evpnd.service is $(systemctl show -p ActiveState,SubState,Result evpnd)"
ok "evpnd.service has started, and has told that it is ready"
vtc() { local a=() c; for c in "$@"; do a+=(-c "$c"); done; timeout 60 "$EVPND_BIN/vtysh" --vty_socket /run/evpnd "${a[@]}"; }
idle() { vtc 'show plan json' | jq -e '.steps == 0 and .problems == 0' >/dev/null; }
wait_for 90 "with the unit's sandbox it makes devices: nothing is left to be done" idle
[ "$(sysctl -n net.ipv4.conf.svi10010.arp_accept)" = 1 ] || fail "it cannot write sysctls by netlink"
[ "$(sysctl -n net.ipv6.conf.svi10010.accept_untracked_na)" = 1 ] || fail "it cannot write sysctls by their files"
ok "and writes their sysctls"

pid=$(systemctl show -p MainPID --value evpnd)
vtc 'configure terminal' 'hostname other' || fail "configure terminal"
vtc write >/dev/null || fail "write"
grep -q '^hostname other' $etc/evpnd/evpnd.conf || fail "write has not written"
ok "vtysh's write replaces the configuration file"
sed -i 's/^hostname .*/hostname third/' $etc/evpnd/evpnd.conf
systemctl reload evpnd || fail "reload: $(why evpnd)"
named() { vtc 'show running-config' | grep -q "^hostname $1"; }
wait_for 60 "reload takes the file" named third
[ "$(systemctl show -p MainPID --value evpnd)" = "$pid" ] || fail "reload was a restart"

ifindex() { ip -j link show svi10010 | jq '.[0].ifindex'; }
was=$(ifindex)
systemctl kill -s KILL --kill-whom=main evpnd
again() { settled evpnd && [ "$(systemctl show -p NRestarts --value evpnd)" -ge 1 ] && idle; }
wait_for 120 "killed, it is started again" again
systemctl restart evpnd || fail "restart: $(why evpnd)"
wait_for 90 "restart: nothing is left to be done" idle
[ "$(ifindex)" = "$was" ] || fail "a restart has made devices anew"
ok "and its devices are the same"

systemctl stop evpnd || fail "stop: $(why evpnd)"
[ "$(systemctl show -p Result --value evpnd)" = success ] || fail "its end was $(systemctl show -p Result evpnd)"
[ ! -e /run/evpnd ] || fail "the run directory stays"
ok "stop is an end in success"

# NETCONF.
if [ -x "$EVPND_BUILD/evpnd-netconf" ] && command -v ssh-keygen >/dev/null; then
	install "$EVPND_BUILD/evpnd-netconf" $libexec/evpnd-netconf
	unit "$src/netconf/evpnd-netconf.service.in" >/etc/systemd/system/evpnd-netconf.service
	ssh-keygen -q -t ed25519 -N '' -f $etc/evpnd/netconf_host_key
	chown evpnd: $etc/evpnd/netconf_host_key*
	{
		echo "EVPND_YANG_PATH=$share/yang"
		echo "EVPND_NETCONF_OPTIONS=--rundir /run/evpnd"
		env | grep '^[AUL]*SAN_OPTIONS='
	} >$etc/default/evpnd-netconf
	systemctl daemon-reload
	systemctl start evpnd evpnd-netconf || fail "evpnd-netconf.service: $(why evpnd-netconf)"
	listens() { settled evpnd-netconf && ss -Htln 'sport = :830' | grep -q .; }
	wait_for 90 "evpnd-netconf.service listens on port 830" listens || fail "$(why evpnd-netconf)"
fi
systemctl --no-block exit 2>/dev/null
exit 0
