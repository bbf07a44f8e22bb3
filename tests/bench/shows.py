# SPDX-License-Identifier: ISC
"""tests/bench/shows.py: what long answers cost the daemon, which goes on with its work between their slices."""
import contextlib
import json
import os
import subprocess
import time

from harness import BGPLOAD, BIN, NS, Daemon, limit, namespace, run, wait_until

COMMANDS = ("show bgp l2vpn evpn", "show bgp l2vpn evpn json", "show yang")


def streamed(d, command):
    """Bytes of the whole answer, as long as it may take, or None."""
    cmd = [os.path.join(BIN, "vtysh"), "--vty_socket", d.dir, "-c", command]
    with subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE) as p:
        n = 0
        while chunk := p.stdout.read(1 << 20):
            n += len(chunk)
    return None if p.returncode else n


def has_routes(d, n):
    peers = json.loads(d.vtysh("show bgp l2vpn evpn summary json") or "{}").get("peers", {})
    return sum(p.get("pfxRcd", 0) for p in peers.values()) >= n


@contextlib.contextmanager
def loaded(n):
    """A sender and a receiver, which stay."""
    with subprocess.Popen(["ip", "netns", "exec", NS, BGPLOAD, "-n", str(n), "-f", "evpn2", "load", "idle=3600"],
                          stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as p:
        try:
            yield
        finally:
            p.terminate()


def part(o):
    n = o.routes
    print(f"shows: {n} routes of a reflector; the engine in the real-time class, or other programs' time were in its slices")
    with namespace(), Daemon("evpnd") as d, loaded(n):
        wait_until(lambda: has_routes(d, n), 60)
        time.sleep(1)
        for pid in d.pids:
            run("chrt", "-f", "-p", "10", str(pid), check=False)
        for command in COMMANDS:
            d.vtysh("clear loop")
            start = time.monotonic()
            size = streamed(d, command)
            took = time.monotonic() - start
            loop = json.loads(d.vtysh("show loop json") or "{}")
            print(f"  {command:<34} {'-' if size is None else f'{size / 1e6:.0f} MB'} in {took:.1f} s")
            limit(f"longest slice of {command}", loop.get("longestUsecs", 0) / 1e6 if size else None, 0.020)
