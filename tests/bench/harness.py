# SPDX-License-Identifier: ISC
"""tests/bench/harness.py: what the parts of the bench have in common.

A namespace with devices, one daemon in it, bgpload beside it; medians, ratios, and targets reached or not.
"""
import contextlib
import json
import os
import shutil
import signal
import statistics
import subprocess
import tempfile
import time

NS = f"eb{os.getpid()}"
BUILD = os.environ.get("EVPND_BUILD", "build/bench")
BIN = os.environ.get("EVPND_BIN", BUILD)
BGPLOAD = os.path.join(BUILD, "tests/bench/bgpload")
FRR = "/usr/lib/frr"
SLOW = int(os.environ.get("FAB_SLOW", "1"))  # how much longer things take here: in a guest

REFLECTOR = """router bgp 65000
 bgp router-id 10.99.0.1
 no bgp default ipv4-unicast
 neighbor LOAD peer-group
 neighbor LOAD remote-as 65000
 bgp listen limit 500
 bgp listen range 10.99.0.0/16 peer-group LOAD
 address-family l2vpn evpn
  neighbor LOAD activate
  neighbor LOAD route-reflector-client
 exit-address-family
"""
LEAF = REFLECTOR.replace("  neighbor LOAD route-reflector-client\n", "  advertise-all-vni\n")
CONF = {"reflector": REFLECTOR, "leaf": LEAF, "leaf-ids": "evpn fdb-nexthop-ids\n" + LEAF}
FIRST_VNI = 1001  # bgpload's too
VRF_TABLE = 10000  # and this: a VRF has the table of this plus its L3VNI
STANDIN = os.path.join(BUILD, "tests/bench/vrf_standin.so")
STANDIN_INDEX = 100000  # vrf_standin.c's


def vrf_conf(vrfs):
    return "".join(f"vrf vrf{i}\n vni {i}\nexit-vrf\n" for i in range(FIRST_VNI, FIRST_VNI + vrfs))


def vrf_bgp_conf(vrfs):
    """Of BGP in the VRFs, beside that of a leaf."""
    return LEAF + "exit\n" + "".join(
        f"router bgp 65000 vrf vrf{i}\n address-family l2vpn evpn\n  advertise ipv4 unicast\n"
        " exit-address-family\nexit\n"
        for i in range(FIRST_VNI, FIRST_VNI + vrfs))


BIRD = """router id 10.99.0.1;
protocol device {}
protocol bgp load {
  local 10.99.0.1 as 65000;
  neighbor range 10.99.0.0/16 as 65000;
  multihop; passive; rr client;
  ipv4 { import all; export all; next hop keep; gateway recursive; };
}
"""
GOBGP = """[global.config]
  as = 65000
  router-id = "10.99.0.1"
[[peer-groups]]
  [peer-groups.config]
    peer-group-name = "load"
    peer-as = 65000
  [peer-groups.route-reflector.config]
    route-reflector-client = true
    route-reflector-cluster-id = "10.99.0.1"
  [[peer-groups.afi-safis]]
    [peer-groups.afi-safis.config]
      afi-safi-name = "l2vpn-evpn"
[[dynamic-neighbors]]
  [dynamic-neighbors.config]
    prefix = "10.99.0.0/16"
    peer-group = "load"
"""


def run(*args, check=True, **kw):
    return subprocess.run(args, check=check, stdin=subprocess.DEVNULL, **kw)


def ip_batch(lines):
    """Many link commands in one process; a hundred VNIs would take long otherwise."""
    subprocess.run(["ip", "-n", NS, "-batch", "-"], input="\n".join(lines) + "\n", text=True, check=True)


UPLINK = ["link add up0 type veth peer name up1", "link set up0 up", "link set up1 up"]
VTEPS = [*UPLINK, "addr add 10.98.255.254/16 dev up0"]
# One VTEP by a route of its own, which can be taken away.
ONE_VTEP = [*UPLINK, "addr add 10.97.0.1/24 dev up0", "route add 10.98.0.1/32 via 10.97.0.2"]


def vni_links(vnis, ports=True):
    """For each VNI a bridge with an address, a VXLAN device, and a host port."""
    lines = []
    for i in range(FIRST_VNI, FIRST_VNI + vnis):
        lines += [f"link add br{i} type bridge mcast_snooping 0", f"link set br{i} up",
                  f"addr add 100.{64 + (i >> 8)}.{i & 255}.1/24 dev br{i}",
                  f"link add vx{i} type vxlan id {i} local 10.99.0.1 dstport 4789 nolearning",
                  f"link set vx{i} master br{i} up"]
        if ports:
            lines += [f"link add hp{i} type veth peer name hq{i}",
                      f"link set hp{i} master br{i} up", f"link set hq{i} up"]
    return lines


def vrf_links(vrfs, standin=False):
    """For each VRF its device and an L3VNI: a bridge without address, a VXLAN device.  standin: see vrf_standin.c."""
    lines = []
    for i in range(FIRST_VNI, FIRST_VNI + vrfs):
        mac = f"02:01:00:00:{i >> 8:02x}:{i & 255:02x}"
        if standin:
            lines += [f"link add vrf{i} index {STANDIN_INDEX + i} type veth peer name vrfpeer{i}",
                      f"link set vrfpeer{i} up"]
        else:
            lines.append(f"link add vrf{i} type vrf table {VRF_TABLE + i}")
        lines += [f"link set vrf{i} up",
                  f"link add br{i} address {mac} type bridge mcast_snooping 0",
                  f"link set br{i} {'' if standin else f'master vrf{i} '}addrgenmode none up",
                  f"link add vx{i} address {mac} type vxlan id {i} local 10.99.0.1 dstport 4789 nolearning",
                  f"link set vx{i} master br{i} addrgenmode none up"]
    return lines


@contextlib.contextmanager
def namespace(links=()):
    """A namespace with 10.99.0.0/16 on its loopback, and links."""
    run("ip", "netns", "add", NS)
    try:
        run("ip", "netns", "exec", NS, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
        ip_batch(["link set lo up", "addr add 10.99.0.1/16 dev lo", *links])
        for key in ("gc_thresh1", "gc_thresh2", "gc_thresh3"):
            run("sysctl", "-qw", f"net.ipv4.neigh.default.{key}=4000000")
        yield
    finally:
        run("ip", "netns", "del", NS, check=False)


def spawn(args, log, env=None):
    with open(log, "wb") as out:
        return subprocess.Popen(["ip", "netns", "exec", NS, *args], stdin=subprocess.DEVNULL, stdout=out,
                                stderr=subprocess.STDOUT, env={**os.environ, **(env or {})})


def wait_until(cond, seconds=15):
    end = time.monotonic() + seconds * SLOW
    while time.monotonic() < end:
        if cond():
            return True
        time.sleep(0.1)
    return False


def listens(port=179):
    out = run("ip", "netns", "exec", NS, "ss", "-Hltn", f"sport = :{port}", capture_output=True, text=True).stdout
    return bool(out.strip())


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(x) for x in f.read().split()]
    except OSError:
        return []


class Daemon:
    """One daemon in the namespace; pids are those whose memory and time count."""

    def __init__(self, kind, role="reflector", vrfs=0, standin=False):
        self.kind, self.vrfs, self.procs = kind, vrfs, []
        self.env = {"LD_PRELOAD": STANDIN} if standin else None
        self.dir = tempfile.mkdtemp(prefix="evpnd-bench.")
        os.chmod(self.dir, 0o755)
        self.log = os.path.join(self.dir, "log")
        getattr(self, "start_" + kind)(role)
        if not wait_until(listens):
            self.stop()
            raise RuntimeError(f"{kind} does not listen; its log ends with:\n{self.tail()}")

    def tail(self):
        try:
            with open(self.log, encoding="utf-8", errors="replace") as f:
                return "".join(f.readlines()[-15:])
        except OSError:
            return ""

    def conf(self, text, name="conf"):
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="ascii") as f:
            f.write(text)
        return path

    def start_evpnd(self, role):
        text = vrf_conf(self.vrfs) + vrf_bgp_conf(self.vrfs) if self.vrfs else CONF[role]
        args = [os.path.join(BIN, "evpnd"), "-f", self.conf(text), "--rundir", self.dir]
        if role == "reflector":
            args.append("--no-kernel")
        p = spawn(args, self.log, self.env)
        self.procs = [p]
        wait_until(lambda: children(p.pid) and listens())
        engine = children(p.pid)
        self.pids = engine if role == "reflector" else [p.pid, *engine]

    def start_frr(self, role):
        bgpd = vrf_bgp_conf(self.vrfs) if self.vrfs else CONF[role]
        for f in (self.dir, self.conf(bgpd), self.conf(vrf_conf(self.vrfs), "zebra.conf")):
            shutil.chown(f, "frr", "frr")
        common = ["--vty_socket", self.dir, "-A", "127.0.0.1", "-P", "0", "--log", "stdout"]
        args = [f"{FRR}/bgpd", "-f", f"{self.dir}/conf", "-i", f"{self.dir}/bgpd.pid", *common]
        if role == "reflector":
            args += ["-n", "-Z"]
        else:
            z = spawn([f"{FRR}/zebra", "-f", f"{self.dir}/zebra.conf", "-z", f"{self.dir}/api", "-i",
                       f"{self.dir}/zebra.pid", "-s", "134217728", *common], self.log + ".zebra", self.env)
            self.procs.append(z)
            wait_until(lambda: os.path.exists(f"{self.dir}/api"))
            args += ["-z", f"{self.dir}/api"]
        self.procs.append(spawn(args, self.log))
        self.pids = [p.pid for p in self.procs]

    def start_bird(self, _role):
        self.procs = [spawn(["bird", "-f", "-c", self.conf(BIRD), "-s", f"{self.dir}/ctl", "-P", f"{self.dir}/pid"],
                            self.log)]
        self.pids = [self.procs[0].pid]

    def start_gobgp(self, _role):
        self.procs = [spawn(["gobgpd", "-f", self.conf(GOBGP), "-t", "toml", "--api-hosts", "127.0.0.1:50051",
                             "-l", "error"], self.log)]
        self.pids = [self.procs[0].pid]

    def vtysh(self, command):
        """What evpnd's own vtysh says, or None."""
        try:
            r = run(os.path.join(BIN, "vtysh"), "--vty_socket", self.dir, "-c", command, check=False,
                    capture_output=True, text=True, timeout=20 * SLOW)
        except (OSError, subprocess.TimeoutExpired):
            return None
        return r.stdout if r.returncode == 0 else None

    def stop(self):
        for p in reversed(self.procs):
            p.send_signal(signal.SIGTERM)
        for p in self.procs:
            try:
                p.wait(10 * SLOW)
            except subprocess.TimeoutExpired:
                p.kill()
                p.wait()
        shutil.rmtree(self.dir, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def bgpload(pids, *args, timeout=900):
    """The phases by name, or None with a word about it."""
    cmd = ["ip", "netns", "exec", NS, BGPLOAD, "-t", str(120 * SLOW)]
    for pid in pids:
        cmd += ["-P", str(pid)]
    try:
        r = run(*cmd, *map(str, args), check=False, capture_output=True, text=True, timeout=timeout)
        phases = {p["phase"]: p for p in json.loads(r.stdout)["phases"]}
    except (subprocess.TimeoutExpired, ValueError, KeyError) as e:
        print(f"  bgpload {' '.join(map(str, args))}: {e}")
        return None
    for p in phases.values():
        if p.get("overruns"):
            print(f"  bgpload: {p['phase']}: the kernel's events came too fast for it, its counts are too low")
    if r.returncode:
        print(f"  bgpload {' '.join(map(str, args))}: not finished: {r.stderr.strip()[-300:]}")
    return phases


def seconds(phases, name, key="seconds"):
    p = (phases or {}).get(name)
    return None if p is None or p["timeout"] else p[key]


# In the order of Daemon.pids on a leaf.
PROCESSES = {"evpnd": ("evpnd", "evpnd-engine"), "evpnd-ids": ("evpnd", "evpnd-engine"), "frr": ("zebra", "bgpd")}


def parts(phases, name, processes):
    """Processor time by process and mode: {"evpnd user": seconds, ...}."""
    p = (phases or {}).get(name)
    if p is None:
        return {}
    return {f"{who} {mode}": s for who, both in zip(processes, p["parts"])
            for mode, s in zip(("user", "kernel"), both)}


def where_it_goes(r, kind, processes):
    """A line for what was not reached: whose processor time it is."""
    cells = [f"{who} {show(r[kind].get(f'{who} user'))} user, {show(r[kind].get(f'{who} kernel'))} kernel"
             for who in processes]
    print(f"       where it goes, {kind}: {'; '.join(cells)}")


# --- the report --------------------------------------------------------------------------------------

missed, reached, skipped = [], [], []


def rounds(times, fn, kinds, *args):
    """Measures each daemon in turn, several times over; {kind: {name: median}}."""
    got = {k: [] for k in kinds}
    for _ in range(times):
        for k in kinds:
            try:
                got[k].append(fn(k, *args))
            except (RuntimeError, subprocess.CalledProcessError) as e:
                print(f"  {k}: {fn.__name__} {args}: {e}")
    out = {}
    for k, results in got.items():
        names = {name for r in results for name in r}
        values = {name: [r[name] for r in results if r.get(name) is not None] for name in names}
        out[k] = {name: statistics.median(v) if v else None for name, v in values.items()}
    return out


def show(value, unit="s"):
    if value is None:
        return "-"
    if unit == "B":
        return f"{value:.0f} B"
    if unit == "MB":
        return f"{value / 1e6:.0f} MB"
    if value < 0.0001:
        return f"{value * 1e6:.0f} us"
    if value < 0.1:
        return f"{value * 1000:.2f} ms"
    return f"{value:.2f} s"


def line(what, values, unit="s"):
    cells = "  ".join(f"{k} {show(v, unit)}" for k, v in values.items())
    print(f"  {what:<34} {cells}")


def target(what, got, good, text):
    """good: whether it is reached, or None if it could not be measured."""
    word = "reached" if good else "NOT MEASURED" if good is None else "NOT REACHED"
    print(f"    -> {what}: {got}; target {text}: {word}")
    (reached if good else missed).append(f"{what}: {got}, target {text}")
    return bool(good)


def ratio(what, theirs, ours, least, who="FRR"):
    if not theirs or not ours:
        return target(what, "-", None, f"{least:.1f} times as fast as {who}")
    r = theirs / ours
    return target(what, f"{r:.1f} times as fast as {who}", r >= least, f"{least:.1f}")


def limit(what, got, most, unit="s"):
    target(what, show(got, unit), None if got is None else got <= most, f"at most {show(most, unit)}")


def beside(what, got, theirs, most):
    """How often theirs is in what we got."""
    if not got or not theirs:
        return target(what, "-", None, f"at most {most} times")
    return target(what, f"{got / theirs:.2f} times", got / theirs <= most, f"at most {most} times")


def skip(what, why):
    print(f"  skipped: {what}: {why}")
    skipped.append(f"{what}: {why}")


def wrong(what):
    """What should be was not, however fast."""
    print(f"  WRONG: {what}")
    missed.append(what)
