# SPDX-License-Identifier: ISC
"""One NETCONF edit of 4 000 VNIs and 1 000 VRFs, committed: time and memory of the engine and of the server."""
import os
import shutil
import subprocess
import sys
import tempfile
import time

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
VNIS, VRFS = 4000, 1000


def edit():
    """A VRF with its layer-3 VNI for every four VNIs."""
    vnis = "".join("<vni><id>%d</id><rd>192.0.2.1:%d</rd><route-target-import>65001:%d</route-target-import>"
                   "<route-target-export>65001:%d</route-target-export></vni>" % (n, n % 65000, n, n)
                   for n in range(10001, 10001 + VNIS))
    vrfs = "".join('<vrf xmlns="urn:evpnd:evpnd"><name>v%d</name><l3vni>%d</l3vni></vrf>' % (i, 50000 + i)
                   for i in range(VRFS))
    return (vrfs + '<bgp xmlns="urn:evpnd:evpnd"><as>65001</as><l2vpn-evpn><advertise-all-vni>true</advertise-all-vni>'
            + vnis + "</l2vpn-evpn>"
            + "".join("<vrf><name>v%d</name><as>65001</as><l2vpn-evpn><advertise><family>ipv4</family></advertise></l2vpn-evpn>"
                      "</vrf>" % i for i in range(VRFS)) + "</bgp>")


class Client:
    """Framing 1.1 over the pipes of the subsystem."""

    def __init__(self, argv):
        self.proc = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.proc.stdin.write(('<hello xmlns="%s"><capabilities><capability>urn:ietf:params:netconf:base:1.1'
                               "</capability></capabilities></hello>]]>]]>" % BASE).encode())
        self.proc.stdin.flush()
        got = b""
        while not got.endswith(b"]]>]]>"):
            got += os.read(self.proc.stdout.fileno(), 65536)

    def ask(self, inner):
        msg = ('<rpc message-id="1" xmlns="%s">%s</rpc>' % (BASE, inner)).encode()
        t0 = time.monotonic()
        self.proc.stdin.write(b"\n#%d\n%s\n##\n" % (len(msg), msg))
        self.proc.stdin.flush()
        got = b""
        while not got.endswith(b"\n##\n"):
            more = os.read(self.proc.stdout.fileno(), 1 << 20)
            if not more:
                raise SystemExit("netconf: the server has ended")
            got += more
        if b"<rpc-error>" in got:
            raise SystemExit("netconf: " + got[:2000].decode())
        return time.monotonic() - t0, len(msg), len(got)


def status(pid, name):
    with open("/proc/%d/status" % pid) as f:
        for line in f:
            if line.startswith(name + ":"):
                return int(line.split()[1]) / 1024


def cpu(pid):
    with open("/proc/%d/stat" % pid) as f:
        v = f.read().rsplit(")", 1)[1].split()
    return (int(v[11]) + int(v[12])) / os.sysconf("SC_CLK_TCK")


def run(engine, netconf):
    d = tempfile.mkdtemp(prefix="evpnd-bench-")
    conf = os.path.join(d, "evpnd.conf")
    with open(conf, "w") as f:
        f.write("hostname leaf1\nrouter bgp 65001\n")
    e = subprocess.Popen([engine, "--no-kernel", "-f", conf, "--rundir", d, "-p", "0"], stdin=subprocess.DEVNULL,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not os.path.exists(os.path.join(d, "evpnd.vty")):
            time.sleep(0.05)
            if e.poll() is not None:
                raise SystemExit("netconf: the engine has ended")
        c = Client([netconf, "--subsystem", "--rundir", d])
        before = status(e.pid, "VmRSS")
        steps = (("edit-config", "<edit-config><target><candidate/></target><config>%s</config></edit-config>" % edit()),
                 ("validate", "<validate><source><candidate/></source></validate>"),
                 ("commit", "<commit/>"),
                 ("get-config", "<get-config><source><running/></source></get-config>"))
        print("netconf: %d VNIs and %d VRFs in one edit" % (VNIS, VRFS))
        for name, inner in steps:
            used = cpu(e.pid)
            t, sent, got = c.ask(inner)
            print("  %-12s %6.2f s, engine %5.2f s of processor; %7.0f KB sent, %7.0f KB received"
                  % (name, t, cpu(e.pid) - used, sent / 1024, got / 1024))
        print("  memory       engine %.1f MB more (%.1f MB at most), server %.1f MB at most"
              % (status(e.pid, "VmRSS") - before, status(e.pid, "VmHWM"), status(c.proc.pid, "VmHWM")))
        c.proc.stdin.close()
        c.proc.wait()
    finally:
        e.terminate()
        e.wait()
        shutil.rmtree(d, ignore_errors=True)


def part(_options):
    """A part of tests/bench/run."""
    build = os.environ.get("EVPND_BUILD", "build/bench")
    server = os.path.join(build, "evpnd-netconf")
    if os.path.exists(server):
        run(os.path.join(build, "evpnd-engine"), server)
    else:
        print("netconf: evpnd-netconf is not built")


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2])
