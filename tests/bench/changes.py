# SPDX-License-Identifier: ISC
"""tests/bench/changes.py: what happens to a leaf that is full: hosts move, devices flap."""
import time

from harness import (PROCESSES, SLOW, Daemon, VTEPS, beside, bgpload, line, namespace, parts, ratio, rounds,
                     seconds, vni_links, where_it_goes, wrong)

MOVE_VNIS = 100


def move(kind, n, moves):
    """Of n MACs, half behind each of two VTEPs, some move from the first to the second, one at a time."""
    with namespace(VTEPS + vni_links(MOVE_VNIS, ports=False)):
        if kind == "bare":
            name = "bare-moves"
            phases = bgpload([], "-n", n, "-s", 0, "-r", 0, f"bare-moves={moves}")
        else:
            name = "moves"
            with Daemon(kind, "leaf") as d:
                time.sleep(2 * SLOW)
                phases = bgpload(d.pids, "-n", n, "-s", 2, "-r", 0, "idle=4", "into", "idle=2", f"moves={moves}")
            got = (phases or {}).get(name)
            if got and not got["timeout"] and (got["held"], got["away"]) != (n, n - n // 2 + moves):
                wrong(f"moves: {kind} has {got['held']} MACs in the end, {got['away']} of them at the second VTEP; "
                      f"right are {n} and {n - n // 2 + moves}")
    out = {"p50": seconds(phases, name, "median"), "p99": seconds(phases, name, "p99"),
           "most": seconds(phases, name)}
    if kind != "bare":
        out.update(parts(phases, name, PROCESSES[kind]))
    return out


def part_move(o):
    n, moves = o.leaf_routes, min(o.moves, o.leaf_routes // 2)
    print(f"8. A host's move seen by a remote leaf with {n} MACs, {moves} moves: from the UPDATE to the kernel's event")
    r = rounds(o.runs, move, ("bare", "evpnd", "frr"), n, moves)
    for key, name in (("p50", "half of them within"), ("p99", "99 of 100 within"), ("most", "all within")):
        line(name, {k: r[k].get(key) for k in r})
    e, f = r["evpnd"], r["frr"]
    good = ratio("a move, p50", f.get("p50"), e.get("p50"), 2)
    good &= ratio("a move, p99", f.get("p99"), e.get("p99"), 2)
    if e.get("p50") and r["bare"].get("p50"):
        print(f"    the kernel alone takes {r['bare']['p50'] / e['p50'] * 100:.0f} % of evpnd's p50")
    if not good:
        for kind in ("evpnd", "frr"):
            where_it_goes(r, kind, PROCESSES[kind])


def flap(kind, n, vnis):
    """All bridges and VXLAN devices go down and come up once."""
    with namespace(VTEPS + vni_links(vnis, ports=False)), Daemon(kind, "leaf") as d:
        time.sleep(2 * SLOW)
        phases = bgpload(d.pids, "-n", n, "-v", vnis, "-r", 0, "-t", 240 * SLOW, "idle=15", "into", "idle=5", "flap",
                         timeout=900 * SLOW)
    got = (phases or {}).get("flap")
    out = {"into": seconds(phases, "into"), "all": seconds(phases, "flap"), "own": seconds(phases, "flap", "own")}
    if out["all"] is not None:
        out["after"] = max(0.0, out["all"] - out["own"])
        out["cpu"] = got["cpu"]
    if got:
        if got["timeout"]:
            out["at least"] = got["seconds"]
        if got["held"] < 3 * n:
            print(f"  {kind}: {got['held']} of {3 * n} entries in the kernel after {got['seconds']:.0f} s")
        out["least"] = got.get("least")
        out["before"] = phases["into"]["hwm"]
        out["peak"] = got["hwm"]
        out.update({f"{who} peak": b for who, b in zip(PROCESSES[kind], got["hwms"])})
        out.update({f"{who} before": b for who, b in zip(PROCESSES[kind], phases["into"]["hwms"])})
    out.update(parts(phases, "flap", PROCESSES[kind]))
    return out


def part_flap(o):
    n, vnis = o.flap_routes, o.vnis
    print(f"9. {vnis} VNIs with {n} routes, all bridges and VXLAN devices flapped")
    r = rounds(o.runs, flap, ("evpnd", "frr"), n, vnis)
    line("all in the kernel at first", {k: r[k].get("into") for k in r})
    line("the flap alone, daemon beside it", {k: r[k].get("own") for k in r})
    line("all there again, from its start", {k: r[k].get("all") for k in r})
    line("the same, from its end", {k: r[k].get("after") for k in r})
    line("processor time of it", {k: r[k].get("cpu") for k in r})
    for kind in r:
        if r[kind].get("least") is not None:
            print(f"  entries that were gone, {kind:<11} {3 * n - r[kind]['least']:.0f} of {3 * n}")
        line(f"memory at most, {kind}: before", {w: r[kind].get(f"{w} before") for w in PROCESSES[kind]}, "MB")
        line(f"memory at most, {kind}: flap", {w: r[kind].get(f"{w} peak") for w in PROCESSES[kind]}, "MB")
    e, f = r["evpnd"], r["frr"]
    unfinished = "" if f.get("all") else " (FRR was not done yet)"
    good = ratio(f"whole after a flap{unfinished}", f.get("all") or f.get("at least"), e.get("all"), 2)
    if not good:
        for kind in r:
            where_it_goes(r, kind, PROCESSES[kind])
    beside("memory of the flap beside that before", e.get("peak"), e.get("before"), 1.25)
    beside("memory of the flap beside FRR's", e.get("peak"), f.get("peak"), 0.5)
