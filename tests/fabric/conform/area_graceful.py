# SPDX-License-Identifier: ISC
"""Graceful restart (RFC 4724) and its NOTIFICATIONs (RFC 8538): the daemon as the helper and as the one that restarts."""
import os
import signal
import time

import wire
from bench import Cases, check, conf

NUMBER = 23
CASES = Cases()
W, P, LATE = 1, 2, 3
FORWARDING, RESTARTED, NOTIFY = 0x80, 8, 4
STALE = 4


def setup(b):
    neighbors = {"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                 b.address(W): ["remote-as 65000", "passive", "evpn:route-reflector-client"]}
    b.start(conf(lines=["bgp graceful-restart restart-time 10", f"bgp graceful-restart stalepath-time {STALE}"],
                 neighbors=neighbors, listen={b.range(): "IN"}))
    # The first synchronisation waits for the one that is configured.
    b.peers[W] = b.new(W, gr=capability(1)).establish()
    b.peers[W].end_of_rib()
    b.wait(lambda: b.peers[W].eors, "no End-of-RIB", 30)


def capability(seconds, flags=0, forwarding=FORWARDING, families=(wire.EVPN,)):
    return wire.cap_gr(seconds, flags, [(f, forwarding) for f in families])


def member(b, cap, routes=(), **options):
    """A session with that capability that has told its routes and End-of-RIB."""
    s = b.fresh(gr=cap, **options).establish()
    if routes:
        s.announce(*routes)
    s.end_of_rib()
    if routes:
        b.sees(b.up(W), *routes)
    return s


def back(b, s, cap, **options):
    return b.speaker(s.local, gr=cap, **options).establish()


def some(b, n=3):
    return [b.route() for _ in range(n)]


def undisturbed(b, routes, since):
    """None of the routes was withdrawn from the watcher, or told again."""
    keys = {wire.key(n) for n in routes}
    seen = [e for e in b.up(W).events[since:] if e[-1] in keys]
    check(not seen, f"the watcher was told {[e[0] for e in seen]}")


def events(b):
    return len(b.up(W).events)


def kept(b, s, routes, since, seconds=0.6):
    """The session is gone, its routes are not."""
    b.wait(lambda: s.closed, "the session stays")
    b.hub.run(seconds)
    undisturbed(b, routes, since)


# --- what is offered

@CASES("RFC 4724 3: EVPN with its forwarding state, the restart time, and no R bit when nothing was restarted")
def _(b):
    s = b.fresh(gr=capability(10)).establish()
    value = s.open.cap(wire.CAP_GR)
    check(len(value) == 1, f"{len(value)} capabilities")
    head = int.from_bytes(value[0][:2], "big")
    check(head & 0xFFF == 10, f"restart time {head & 0xFFF}")
    check(not head >> 12 & RESTARTED, "the R bit after the first synchronisation")
    check(head >> 12 & NOTIFY, "no N bit")
    check(value[0][2:] == b"\0\x19\x46\x80", f"families {value[0][2:].hex()}")
    s.send(wire.notification(6, 9, bytes([6, 2])))


# --- helper

@CASES("RFC 4724 4.2: routes of a peer that is lost are kept for its restart time, then they go")
def _(b):
    routes = some(b)
    for reset in (False, True):
        s = member(b, capability(2), routes)
        since, t0 = events(b), time.monotonic()
        s.close(reset=reset)
        kept(b, s, routes, since)
        b.loses(b.up(W), *routes)
        check(time.monotonic() - t0 > 1.9, "they went before their time")


@CASES("RFC 4724 4.2: back in time: what is told again stays undisturbed, the rest goes with End-of-RIB")
def _(b):
    routes = some(b, 6)
    s = member(b, capability(30), routes)
    since = events(b)
    s.close()
    kept(b, s, routes, since)
    s = back(b, s, capability(30, RESTARTED))
    s.announce(*routes[:3])
    b.hub.run(0.3)
    undisturbed(b, routes, since)
    s.end_of_rib()
    b.loses(b.up(W), *routes[3:])
    undisturbed(b, routes[:3], since)
    s.send(wire.notification(6, 4))
    b.loses(b.up(W), *routes)


@CASES("RFC 4724 4.2: what is told anew with other attributes replaces the stale path at once")
def _(b):
    routes = some(b, 2)
    s = member(b, capability(30), routes)
    s.close()
    b.wait(lambda: s.closed, "")
    s = back(b, s, capability(30, RESTARTED))
    s.announce(routes[0], nexthop="192.0.2.77")
    b.wait(lambda: b.hop(b.up(W), routes[0]) == "192.0.2.77", "the new path is not told")
    s.withdraw(routes[1])
    b.loses(b.up(W), routes[1])
    s.end_of_rib()
    b.settle(s, b.up(W))
    check(b.hop(b.up(W), routes[0]) == "192.0.2.77", "End-of-RIB took the new path")
    s.send(wire.notification(6, 4))
    b.loses(b.up(W), *routes)


def returns_without(b, cap):
    routes = some(b)
    s = member(b, capability(60), routes)
    since = events(b)
    s.close()
    kept(b, s, routes, since, 0.2)
    s = back(b, s, cap)
    b.loses(b.up(W), *routes)
    s.send(wire.notification(6, 4))
    b.wait(lambda: s.closed, "the session stays")


CASES.table([
    ("RFC 4724 4.2: back without the forwarding state: the stale routes go at once", capability(60, RESTARTED, 0)),
    ("RFC 4724 4.2: back without the family in the capability: they go at once", capability(60, RESTARTED, families=())),
    ("RFC 4724 4.2: back with another family only: they go at once", capability(60, RESTARTED, families=((1, 1),))),
    ("RFC 4724 4.2: back without the capability: they go at once", b""),
], returns_without)


@CASES("RFC 4724 4.2: back, and no End-of-RIB: what was not told again goes after the stale path time")
def _(b):
    routes = some(b)
    s = member(b, capability(30), routes)
    s.close()
    s = back(b, s, capability(30, RESTARTED))
    t0, since = time.monotonic(), events(b)
    s.announce(routes[0])
    b.hub.run(0.5)
    undisturbed(b, routes, since)
    b.loses(b.up(W), *routes[1:])
    check(time.monotonic() - t0 > STALE - 0.2, "they went before their time")
    check(b.has(b.up(W), routes[0]), "what was told again went too")
    s.send(wire.notification(6, 4))
    b.loses(b.up(W), *routes)


@CASES("RFC 4724 4.2: lost again before End-of-RIB: what was stale before goes, what came since is kept")
def _(b):
    routes = some(b, 4)
    s = member(b, capability(30), routes)
    s.close()
    s = back(b, s, capability(30, RESTARTED))
    since = events(b)
    s.announce(*routes[:2])
    b.settle(s, b.up(W))
    s.close()
    b.loses(b.up(W), *routes[2:])
    b.hub.run(0.3)
    undisturbed(b, routes[:2], since)
    s = back(b, s, capability(30, RESTARTED))
    s.end_of_rib()
    b.loses(b.up(W), *routes)
    s.send(wire.notification(6, 4))


def not_kept(b, cap):
    routes = some(b)
    s = member(b, cap, routes)
    t0 = time.monotonic()
    s.close()
    b.loses(b.up(W), *routes)
    check(time.monotonic() - t0 < 5, f"only after {time.monotonic() - t0:.1f} s")


CASES.table([
    ("RFC 4724 4.2: a peer without the capability: its routes go at once", b""),
    ("RFC 4724 4.2: a peer whose capability does not list the family: they go at once", capability(60, families=())),
    ("RFC 4724 4.2: a peer that restarts only another family: they go at once", capability(60, families=((1, 1),))),
    ("RFC 4724 3: a restart time of 0: there is nothing to wait for", capability(0)),
], not_kept)


@CASES("RFC 4724 4.2: a family without forwarding state is kept too: the bit counts when the peer is back")
def _(b):
    routes = some(b)
    s = member(b, capability(2, 0, 0), routes)
    since = events(b)
    s.close()
    kept(b, s, routes, since)
    b.loses(b.up(W), *routes)


@CASES("RFC 4724 4.2: a new connection of the peer, its old one unnoticed: the routes stay, the old one goes")
def _(b):
    routes = some(b)
    old = member(b, capability(60), routes)
    b.hub.run(3.5)  # or it could be a collision (RFC 4271 6.8)
    since = events(b)
    new = back(b, old, capability(60, RESTARTED))
    b.wait(lambda: old.closed, "the old connection stays")
    check(old.notification is None, f"the old one ends with {old.why()}")
    b.hub.run(0.3)
    undisturbed(b, routes, since)
    new.announce(*routes)
    new.end_of_rib()
    b.settle(new, b.up(W))
    undisturbed(b, routes, since)
    new.send(wire.notification(6, 4))
    b.loses(b.up(W), *routes)


# --- NOTIFICATION

@CASES("RFC 4724 4: without the N bit a NOTIFICATION of the peer ends everything")
def _(b):
    for note in (wire.notification(6, 4), wire.notification(6, 2), wire.notification(3, 1), wire.notification(4, 0)):
        routes = some(b)
        s = member(b, capability(60), routes)
        t0 = time.monotonic()
        s.send(note)
        b.loses(b.up(W), *routes)
        check(time.monotonic() - t0 < 10, "they were kept")


@CASES("RFC 4724 4: without the N bit a NOTIFICATION of ours ends everything")
def _(b):
    routes = some(b)
    s = member(b, capability(60), routes)
    s.send(wire.message(77))
    b.wait(lambda: s.notification, "no NOTIFICATION")
    b.loses(b.up(W), *routes)


def by_notification(b, note, keeps):
    routes = some(b)
    s = member(b, capability(60, NOTIFY), routes)
    since = events(b)
    s.send(note)
    if not keeps:
        b.loses(b.up(W), *routes)
        return
    kept(b, s, routes, since)
    s = back(b, s, capability(60, NOTIFY | RESTARTED))
    s.announce(*routes)
    s.end_of_rib()
    b.settle(s, b.up(W))
    undisturbed(b, routes, since)
    s.send(wire.notification(6, 9, bytes([6, 4])))
    b.loses(b.up(W), *routes)


CASES.table([
    ("RFC 8538 4: N on both sides: Cease/Administrative Reset keeps the routes", wire.notification(6, 4), True),
    ("RFC 8538 4: N on both sides: Cease/Administrative Shutdown keeps them", wire.notification(6, 2), True),
    ("RFC 8538 4: N on both sides: an UPDATE error keeps them", wire.notification(3, 1), True),
    ("RFC 8538 4: N on both sides: Hold Timer Expired keeps them", wire.notification(4, 0), True),
    ("RFC 8538 4: N on both sides: a Hard Reset ends everything", wire.notification(6, 9, bytes([6, 2])), False),
    ("RFC 8538 3.1: a Hard Reset with nothing in it", wire.notification(6, 9), False),
    ("RFC 8538 3.1: a Hard Reset with text of RFC 9003 in it", wire.notification(6, 9, bytes([6, 2, 3]) + b"bye"), False),
], by_notification)


@CASES("RFC 8538 4: N on both sides: a fault of the peer that we complain about keeps its routes")
def _(b):
    routes = some(b)
    s = member(b, capability(60, NOTIFY), routes)
    since = events(b)
    s.send(wire.message(77))
    b.wait(lambda: s.notification, "no NOTIFICATION")
    check(s.notification[:2] == (1, 3), s.why())
    kept(b, s, routes, since)
    s = back(b, s, b"")
    b.loses(b.up(W), *routes)
    s.close()


@CASES("RFC 8538 4: N on both sides: our hold timer keeps the routes")
def _(b):
    routes = some(b)
    s = member(b, capability(60, NOTIFY), routes, hold=3)
    since = events(b)
    s.auto = False
    b.wait(lambda: s.closed, "the session outlives its hold time", 20)
    check(s.notification and s.notification[:2] == (4, 0), s.why())
    kept(b, s, routes, since)
    s = back(b, s, b"")
    b.loses(b.up(W), *routes)
    s.close()


@CASES("RFC 8538 5: what the operator ends here is a Hard Reset")
def _(b):
    routes = some(b)
    s = member(b, capability(60, NOTIFY), routes)
    b.daemon.vtysh(f"clear bgp {s.local}")
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (6, 9), s.why())
    check(s.notification[2][:2] == bytes([6, 4]), s.why())
    b.loses(b.up(W), *routes)


@CASES("show: stale routes are marked, and whose neighbour is waited for")
def _(b):
    n = b.route()
    s = member(b, capability(3), [n])
    s.close()
    mac = "02:00:" + ":".join(f"{x:02x}" for x in n[-8:-4])
    b.wait(lambda: any(mac in line and "S" in line.split("[")[0]
                       for line in b.daemon.vtysh("show bgp l2vpn evpn").splitlines()), "no S in the table")
    b.loses(b.up(W), n)


# --- the one that restarts

def restart(b):
    """The engine dies and comes back: sessions break without a word."""
    old = b.daemon.engine()
    os.kill(old, signal.SIGKILL)
    for s in list(b.peers.values()):
        b.wait(lambda s=s: s.closed, "a session outlives the engine")
        check(s.notification is None, f"{s.local}: {s.why()}")

    def again():
        try:
            return b.daemon.engine() != old
        except (IndexError, StopIteration):
            return False
    b.wait(again, "no new engine", 20)
    b.daemon.await_listening()


@CASES("RFC 4724 4.1: after a restart: the R bit, and End-of-RIB only when the peers have told all")
def _(b):
    b.up(W)
    restart(b)
    n = b.route()
    w = b.peers[W] = b.new(W, gr=capability(60)).establish(30)
    head = int.from_bytes(w.open.cap(wire.CAP_GR)[0][:2], "big")
    check(head >> 12 & RESTARTED, "no R bit")
    check(w.open.cap(wire.CAP_GR)[0][2:] == b"\0\x19\x46\x80", "no forwarding state")
    p = b.fresh(gr=capability(60)).establish()
    w.end_of_rib()
    b.hub.run(1.5)
    check(not w.eors and not p.eors, "End-of-RIB although a peer has not told all")
    p.announce(n)
    b.hub.run(0.3)
    p.end_of_rib()
    b.wait(lambda: w.eors and p.eors, "no End-of-RIB", 20)
    kinds = [e[0] for e in w.events if e[-1] == wire.key(n) or e == ("eor",)]
    check(kinds == ["reach", "eor"], f"the watcher was told {kinds}")
    p.close(reset=True)


@CASES("RFC 4724 4.1: peers that restart themselves are not waited for")
def _(b):
    b.up(W)
    restart(b)
    w = b.peers[W] = b.new(W, gr=capability(60, RESTARTED)).establish(30)
    b.wait(lambda: w.eors, "two that restart wait for each other", 20)
    w.end_of_rib()


@CASES("RFC 4724 4.1: a peer that does not come is waited for as long as our restart time, not longer")
def _(b):
    b.up(W)
    restart(b)
    s = b.fresh(gr=capability(60)).establish(30)
    t0 = time.monotonic()
    s.end_of_rib()
    b.hub.run(1)
    check(not s.eors, "End-of-RIB without the peer that is configured")
    b.wait(lambda: s.eors, "no End-of-RIB", 40)
    check(time.monotonic() - t0 > 3, "too early")
    s.close(reset=True)
    b.peers[W] = b.new(W, gr=capability(60)).establish(30)
    b.peers[W].end_of_rib()


@CASES("RFC 4724 4.1: a clean end keeps the peers' routes too, unless they have no graceful restart")
def _(b):
    w, plain = b.up(W), b.fresh().establish()
    b.wait(lambda: plain.eors, "no End-of-RIB")
    b.daemon.process.terminate()
    b.wait(lambda: w.closed and plain.closed, "a session stays")
    check(plain.notification and plain.notification[0] == 6, f"without graceful restart: {plain.why()}")
    b.wait(lambda: b.daemon.process.poll() is not None, "evpnd stays", 20)
    b.start(conf(lines=["bgp graceful-restart-disable"]))  # for the verdict at the end of the area
