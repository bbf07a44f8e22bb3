# SPDX-License-Identifier: ISC
"""tests/bench/routing.py: a leaf with VRFs: prefixes and host routes into the kernel, a VTEP that dies.

Where the kernel has no VRFs veths stand in for them (vrf_standin.c), or all of it runs in a guest (--guest), whose
emulated processor takes a hundred times as long: with fewer routes.
"""
import contextlib
import json
import os
import subprocess
import sys
import time

from harness import (NS, ONE_VTEP, PROCESSES, SLOW, STANDIN, Daemon, VTEPS, bgpload, beside, line, missed,
                     namespace, parts, ratio, reached, rounds, run, seconds, skip, vrf_links, where_it_goes,
                     wrong)

VM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../lab/vm")
WORD = "bench-targets "  # what the guest's last line starts with


def has_vrfs():
    name = f"{NS}v"
    if run("ip", "link", "add", name, "type", "vrf", "table", "4242", check=False, capture_output=True).returncode:
        return False
    run("ip", "link", "del", name, check=False)
    return True


def in_guest(part, o):
    """The part in a guest, whose targets come back; what it says is printed as it comes."""
    n = o.guest_routes
    print(f"   in a guest: {n} routes, and only ratios tell anything")
    cmd = [VM, "-t", str(o.guest_seconds), "python3", os.path.abspath(sys.argv[0]), "--in-guest", "-l", str(n),
           "-r", str(o.runs), "--vrfs", str(o.vrfs), part]
    with subprocess.Popen(cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace") as p:
        last = ""
        for text in p.stdout:
            text = text.rstrip("\r\n")
            if text.startswith(WORD):
                with contextlib.suppress(ValueError):
                    got = json.loads(text[len(WORD):])
                    reached.extend(got["reached"])
                    missed.extend(got["missed"])
            else:
                last = text or last
                print(text)
    if p.returncode == 77:
        skip(part, last)
    elif p.returncode:
        missed.append(f"{part}: the guest ended with {p.returncode}")


def say_targets():
    print(WORD + json.dumps({"reached": reached, "missed": missed}))


def where_possible(part):
    """A part that needs VRFs: here, with what stands in for them, or in a guest."""
    def wrapped(o):
        if o.guest or not (o.in_guest or has_vrfs() or os.path.exists(STANDIN)):
            in_guest(wrapped.name, o)
        else:
            part(o)
    return wrapped


def say_standin():
    """Whether veths stand in for VRFs, which is said."""
    if has_vrfs():
        return False
    print("   this kernel has no VRF devices: the daemons take veths for them; tables, routes and next hops are real")
    return True


# --- measurements --------------------------------------------------------------------------------------


def routes(kind, family, n, vrfs, standin):
    with namespace(VTEPS + vrf_links(vrfs, standin)):
        if kind == "bare":
            phases = bgpload([], "-n", n, "-v", vrfs, "-s", 0, "-r", 0, "bare-routes")
            return {"into": seconds(phases, "bare-routes"), **parts(phases, "bare-routes", ("bare",))}
        with Daemon(kind, "leaf", vrfs, standin) as d:
            time.sleep(2 * SLOW)
            phases = bgpload(d.pids, "-n", n, "-v", vrfs, "-r", 0, "-f", family, f"idle={4 + SLOW}", "routes",
                             "unrouted")
            tail = d.tail() if seconds(phases, "routes") is None else None
    out = {"into": seconds(phases, "routes"), "gone": seconds(phases, "unrouted")}
    got = (phases or {}).get("routes")
    if tail is not None:
        print(f"  {kind}: {got['held'] if got else 0} of {n} routes came; its log ends with:\n{tail}")
    elif got:
        if got["held"] != n:
            wrong(f"{family}: {kind} has {got['held']} routes in the kernel instead of {n}")
        out["bytes"] = (got["rss"] - got["rss_before"]) / n
        out["cpu"] = got["cpu"]
        out.update(parts(phases, "routes", PROCESSES[kind]))
    return out


def report(r, what, kinds=("evpnd", "frr")):
    line(f"{what}: all in the kernel", {k: r[k].get("into") for k in ("bare", *kinds)})
    line(f"{what}: gone with the session", {k: r[k].get("gone") for k in kinds})
    line(f"{what}: processor time", {k: r[k].get("cpu") for k in kinds})
    line(f"{what}: memory a route", {k: r[k].get("bytes") for k in kinds}, "B")
    good = ratio(what, r["frr"].get("into"), r["evpnd"].get("into"), 2)
    good &= beside(f"{what}, beside a bare netlink program", r["evpnd"].get("into"), r["bare"].get("into"), 1.5)
    if not good:
        for kind in kinds:
            where_it_goes(r, kind, PROCESSES[kind])
        where_it_goes(r, "bare", ("bare",))


@where_possible
def part_prefixes(o):
    n, vrfs = o.leaf_routes, o.vrfs
    print(f"10. Leaf: {n} type-5 prefixes, then {n} host routes (type 2 with two labels), into {vrfs} VRFs")
    standin = say_standin()
    for family, what in (("evpn5", "prefixes"), ("evpn2-host", "host routes")):
        report(rounds(o.runs, routes, ("bare", "evpnd", "frr"), family, n, vrfs, standin), what)


def dead(kind, n, standin):
    with namespace(ONE_VTEP + vrf_links(1, standin)):
        if kind == "bare":
            phases = bgpload([], "-n", n, "-v", 1, "-s", 0, "-r", 0, "bare-dead")
            return {"dead": seconds(phases, "bare-dead")}
        with Daemon(kind, "leaf", 1, standin) as d:
            time.sleep(2 * SLOW)
            phases = bgpload(d.pids, "-n", n, "-v", 1, "-r", 0, "-f", "evpn5", f"idle={4 + SLOW}", "routes", "idle=3",
                             "dead")
    for name, want in (("routes", n), ("dead", 0)):
        got = (phases or {}).get(name)
        if got and not got["timeout"] and got["held"] != want:
            wrong(f"dead VTEP: {kind} has {got['held']} routes in the kernel after {name} instead of {want}")
    return {"dead": seconds(phases, "dead"), "until": seconds(phases, "dead", "first"),
            **parts(phases, "dead", PROCESSES[kind])}


@where_possible
def part_dead(o):
    n = o.leaf_routes
    print(f"11. A VTEP with {n} prefixes behind it: from its underlay route's end until no route leads there")
    r = rounds(o.runs, dead, ("bare", "evpnd", "frr"), n, say_standin())
    line("no route leads there", {k: r[k].get("dead") for k in r})
    line("until the kernel was told", {k: r[k].get("until") for k in r if k != "bare"})
    good = ratio("dead VTEP", r["frr"].get("dead"), r["evpnd"].get("dead"), 4)
    good &= beside("dead VTEP, beside one deletion of a next hop", r["evpnd"].get("dead"), r["bare"].get("dead"), 1.5)
    if not good:
        for kind in ("evpnd", "frr"):
            where_it_goes(r, kind, PROCESSES[kind])


part_prefixes.name, part_dead.name = "prefixes", "dead-vtep"
