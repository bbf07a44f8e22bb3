# SPDX-License-Identifier: ISC
"""What every area of the suite stands on: a daemon of its own, numbered peers, cases with a verdict each."""
import ipaddress
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback

import wire
from speaker import Hub, Listener, Speaker

PORT = 1790
SLOW = float(os.environ.get("FAB_SLOW", "1"))


class Failed(Exception):
    """A case found the daemon to be wrong."""


def check(good, text):
    if not good:
        raise Failed(text)


def conf(asn=65000, ident="10.0.0.100", lines=(), neighbors=None, evpn=(), listen=None):
    """A configuration.  neighbors: name -> list of words for `neighbor NAME ...`; those that begin with "evpn:" belong
    to the family.  listen: prefix -> peer-group; a group is a neighbour whose words begin with peer-group."""
    head = [f"router bgp {asn}", f" bgp router-id {ident}", " no bgp default ipv4-unicast",
            " no bgp ebgp-requires-policy"]
    head += [" " + line for line in lines]
    family = [" address-family l2vpn evpn"] + ["  " + line for line in evpn]
    for name, words in (neighbors or {}).items():
        head += [f" neighbor {name} {w}" for w in words if not w.startswith("evpn:")]
        family += [f"  neighbor {name} activate"]
        family += [f"  neighbor {name} {w[5:]}" for w in words if w.startswith("evpn:")]
    head += [f" bgp listen range {prefix} peer-group {group}" for prefix, group in (listen or {}).items()]
    return "\n".join(head + family + [" exit-address-family", "exit", ""])


class Daemon:
    """A real evpnd, without kernel, in a run directory of its own."""

    def __init__(self, address, text):
        self.address, self.dir = address, tempfile.mkdtemp(prefix="evpnd-conform.")
        os.chmod(self.dir, 0o755)
        with open(f"{self.dir}/conf", "w", encoding="ascii") as f:
            f.write(text)
        self.log = open(f"{self.dir}/log", "wb")
        env = dict(os.environ)
        env["ASAN_OPTIONS"] = "detect_leaks=0:quarantine_size_mb=4:thread_local_quarantine_size_kb=64"
        env["UBSAN_OPTIONS"] = "print_stacktrace=1"
        command = [f"{env['EVPND_BIN']}/evpnd", "-f", f"{self.dir}/conf", "--rundir", f"{self.dir}/run",
                   "-p", str(PORT), "-l", address, "--no-kernel"]
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.await_listening()

    def await_listening(self):
        end = time.monotonic() + 30 * SLOW
        while time.monotonic() < end:
            s = socket.socket(socket.AF_INET6 if ":" in self.address else socket.AF_INET)
            try:
                s.connect((self.address, PORT))
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.05)
            finally:
                s.close()
        raise RuntimeError("evpnd does not listen:\n" + self.log_text())

    def log_text(self):
        self.log.flush()
        with open(f"{self.dir}/log", encoding="utf-8", errors="replace") as f:
            return f.read()

    def vtysh(self, *commands):
        args = [a for c in commands for a in ("-c", c)]
        done = subprocess.run([self.vtysh_path(), "--vty_socket", f"{self.dir}/run", *args], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"vtysh {commands}: {done.stdout}{done.stderr}")
        return done.stdout

    @staticmethod
    def vtysh_path():
        return f"{os.environ['EVPND_BIN']}/vtysh"

    def show(self, command):
        return json.loads(self.vtysh(command + " json"))

    def summary(self):
        top = self.show("show bgp l2vpn evpn summary")
        return top.get("l2VpnEvpn", top)["peers"]

    def neighbor(self, address):
        return self.show(f"show bgp neighbors {address}").get(address, {})

    def configure(self, *lines, asn=65000):
        return self.vtysh("configure terminal", f"router bgp {asn}", *lines)

    def engine(self):
        """The process id of the engine below evpnd."""
        with open(f"/proc/{self.process.pid}/task/{self.process.pid}/children", encoding="ascii") as f:
            return int(f.read().split()[0])

    def resident(self):
        """Resident memory of the engine in bytes."""
        with open(f"/proc/{self.engine()}/status", encoding="ascii") as f:
            return next(int(line.split()[1]) * 1024 for line in f if line.startswith("VmRSS"))

    def stop(self):
        """Ends it; returns what is wrong with how it lived and ended."""
        bad = []
        if self.process.poll() is not None:
            bad.append(f"evpnd ended by itself with status {self.process.returncode}")
        else:
            self.process.terminate()
            try:
                if self.process.wait(20):
                    bad.append(f"SIGTERM ended evpnd with status {self.process.returncode}")
            except subprocess.TimeoutExpired:
                self.process.kill()
                bad.append("SIGTERM did not end evpnd")
        text = self.log_text()
        for sign in ("AddressSanitizer", "runtime error:", "ensure("):
            if sign in text:
                bad.append(f"the log says {sign}:\n" + text[max(0, text.find(sign) - 300):][:3000])
        if bad and os.environ.get("FAB_KEEP"):
            bad.append(f"kept {self.dir}")
        else:
            shutil.rmtree(self.dir, ignore_errors=True)
        self.log.close()
        return bad


class Bench:
    """One area at work.  Peers are numbers: peer 3 is at 127.AREA.0.3; 127.AREA.64.0/18 is for peers from a range."""

    def __init__(self, area):
        self.area, self.hub, self.daemon = area, Hub(), None
        self.peers, self.speakers, self.count, self.dynamic = {}, [], 0, 0
        self.defaults = {}

    def address(self, n):
        return f"127.{self.area.NUMBER}.0.{n}"

    def start(self, text, address=None):
        self.daemon = Daemon(address or self.address(254), text)
        return self.daemon

    def speaker(self, address, **options):
        s = Speaker(self.hub, address, (self.daemon.address, PORT), **{**self.defaults.get(address, {}), **options})
        self.speakers.append(s)
        return s

    def new(self, n, **options):
        """A Speaker at peer n's address that has not connected."""
        return self.speaker(self.address(n), **options)

    def fresh(self, **options):
        """A Speaker at an address of the listen range that nobody used before."""
        self.dynamic += 1
        return self.speaker(f"127.{self.area.NUMBER}.{64 + self.dynamic // 250}.{1 + self.dynamic % 250}", **options)

    def range(self):
        return f"127.{self.area.NUMBER}.64.0/18"

    def up(self, n, **options):
        """The established session of peer n, made anew if there is none."""
        s = self.peers.get(n)
        if s is None or s.closed:
            s = self.peers[n] = self.new(n, **options).establish()
            self.wait(lambda: s.eors or s.closed, f"{s.local}: no End-of-RIB")
        return s

    def listen(self, address, port, **options):
        def make(sock):
            s = Speaker(self.hub, address, (self.daemon.address, PORT), sock=sock,
                        **{**self.defaults.get(address, {}), **options})
            self.speakers.append(s)
            return s
        return Listener(self.hub, address, port, make)

    def number(self):
        self.count += 1
        return self.count

    def route(self, **options):
        """A type-2 NLRI that nobody used before."""
        return wire.macip(0x100000 + self.number(), **options)

    # --- waiting

    def wait(self, cond, text, seconds=15.0):
        check(self.hub.wait(cond, seconds * SLOW), text)

    def has(self, who, *nlri):
        return all(wire.key(n) in who.routes for n in nlri)

    def hop(self, who, nlri):
        """The next hop that a session was told for the route, or None."""
        r = who.routes.get(wire.key(nlri))
        return str(ipaddress.ip_address(r.nexthop)) if r else None

    def sees(self, who, *nlri):
        text = f"{who.local} does not hear of the route" + (f" {nlri[0].hex()}" if len(nlri) == 1 else "s")
        self.wait(lambda: self.has(who, *nlri) or who.closed, text)
        check(self.has(who, *nlri), f"{who.local}: session {who.why()}")
        return who.routes[wire.key(nlri[0])]

    def loses(self, who, *nlri):
        self.wait(lambda: not any(self.has(who, n) for n in nlri), f"{who.local} still has the route")

    def settle(self, sender, *watchers):
        """Everything that the sender said so far has had its effect on what the watchers know.

        A route sent after it comes out after it, or with it; a second one sent when the first is seen comes later."""
        for _ in range(2):
            n = self.route(dist=9)
            sender.announce(n)
            for w in watchers:
                self.sees(w, n)
            sender.withdraw(n)

    def alive(self, sender, *watchers):
        check(not sender.closed, f"the session ended: {sender.why()}")
        self.settle(sender, *watchers)


def run_cases(area, bench, only, out):
    """Runs the cases of an area; returns how many failed."""
    failed = 0
    for text, function in area.CASES:
        if only and only not in text:
            continue
        t0, why = time.monotonic(), None
        try:
            function(bench)
            faults = [f"{s.local}: {f}" for s in bench.speakers for f in s.faults]
            if faults:
                why = "the daemon sent what it must not: " + "; ".join(faults[:5])
        except (Failed, AssertionError) as e:
            why = str(e) or traceback.format_exc()
        except Exception:  # pylint: disable=broad-except
            why = traceback.format_exc()
        for s in bench.speakers:
            s.faults.clear()
        bench.speakers = [s for s in bench.speakers if not s.closed]
        name = f"{area.__name__} - {text}"
        slow = time.monotonic() - t0
        out.write(f"{'not ok' if why else 'ok'} - {name}{f' ({slow:.1f} s)' if slow > 1 else ''}\n")
        if why:
            failed += 1
            out.write("".join(f"#   {line}\n" for line in why.splitlines()))
        out.flush()
    return failed


class Cases(list):
    """The list that an area's module fills: @CASES("text"), or CASES.table(rows, function) for tables."""

    def __call__(self, text):
        def keep(function):
            self.append((text, function))
            return function
        return keep

    def table(self, rows, function):
        for text, *values in rows:
            self.append((text, lambda bench, values=values: function(bench, *values)))


def run_area(area, only=None, out=sys.stdout):
    bench = Bench(area)
    try:
        area.setup(bench)
    except Exception:  # pylint: disable=broad-except
        out.write(f"not ok - {area.__name__} - setup\n")
        out.write("".join(f"#   {line}\n" for line in traceback.format_exc().splitlines()))
        if bench.daemon:
            bench.daemon.stop()
        return 1
    failed = run_cases(area, bench, only, out)
    bad = bench.daemon.stop()
    out.write(f"{'not ok' if bad else 'ok'} - {area.__name__} - the daemon lives to the end\n")
    for text in bad:
        out.write("".join(f"#   {line}\n" for line in text.splitlines()))
    return failed + bool(bad)
