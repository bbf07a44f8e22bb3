# SPDX-License-Identifier: ISC
"""The state machine seen from outside: who connects, collisions, shutdown, ranges and their limit."""
import os
import time

import wire
from bench import Cases, check, conf

NUMBER = 13
CASES = Cases()
LISTEN = 1800
ACTIVE, HIGHER, LOWER, CHURN, SHUT, GONE, QUIET, EQUAL, RETRY, CONFIRM, HALF, TEXT, CLEAR = range(20, 33)


def setup(b):
    connects = ["remote-as 65000", f"port {LISTEN}", "timers connect 1"]
    neighbors = {b.address(n): connects for n in (ACTIVE, HIGHER, LOWER, CHURN, RETRY, CONFIRM)}
    neighbors |= {b.address(n): ["remote-as 65000", "passive"] for n in (SHUT, GONE, QUIET, HALF, TEXT, CLEAR)}
    neighbors[b.address(EQUAL)] = ["remote-as 65101", f"port {LISTEN}", "timers connect 1", "disable-connected-check"]
    neighbors |= {"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                  b.address(1): ["remote-as 65000", "evpn:route-reflector-client"]}
    b.start(conf(ident="10.0.0.100", lines=["bgp graceful-restart-disable", "bgp listen limit 200"], neighbors=neighbors,
                 listen={b.range(): "IN"}))


def arrival(b, n, **options):
    """A connection that the daemon makes to peer n."""
    listener = b.listen(b.address(n), LISTEN, **options)
    try:
        b.wait(lambda: listener.accepted, "the daemon does not connect", 30)
    finally:
        listener.close()
    return listener.accepted[0]


# --- who connects

@CASES("RFC 4271 8.2.1: the daemon connects, opens first, and the session works")
def _(b):
    s = arrival(b, ACTIVE)
    b.wait(lambda: s.open, "no OPEN")
    check(s.open.ident == "10.0.0.100", f"{s.open.ident}")
    s.say_open()
    b.wait(lambda: s.up, "no session")
    n = b.route()
    s.announce(n)
    b.sees(b.up(1), n)
    s.close()
    b.loses(b.up(1), n)


@CASES("RFC 4271 8.2.2: after a session ended the daemon connects again")
def _(b):
    for _ in range(2):
        s = arrival(b, RETRY)
        s.say_open()
        b.wait(lambda s=s: s.up, "no session")
        s.send(wire.notification(6, 4))
        b.wait(lambda s=s: s.closed, "the session stays")


@CASES("RFC 4271 8.1.1: a passive neighbour is waited for, never connected to")
def _(b):
    listener = b.listen(b.address(QUIET), 179)
    b.hub.run(2.5)
    listener.close()
    check(not listener.accepted, "the daemon connected")
    s = b.new(QUIET).establish()
    s.close()


# --- collisions

def both(b, n, asn=65000, **options):
    """A connection each way, neither of which has said anything."""
    theirs = arrival(b, n, asn=asn, **options)
    ours = b.new(n, asn=asn, **options).connect()
    check(not ours.closed, "the second connection is not accepted")
    b.wait(lambda: theirs.open and ours.open, "no OPEN on both connections")
    return theirs, ours


def collision(b, n, ident, theirs_first, theirs_stays):
    theirs, ours = both(b, n, ident=ident, auto=False)
    first, second = (theirs, ours) if theirs_first else (ours, theirs)
    first.say_open()
    b.hub.run(0.05)
    second.say_open()
    b.hub.run(0.05)
    for s in (first, second):
        if not s.closed:
            s.confirm()
    stays, goes = (theirs, ours) if theirs_stays else (ours, theirs)
    b.wait(lambda: stays.up or stays.closed, "no session")
    check(stays.up, f"the wrong connection stays: {stays.why()}, the other {goes.why()}")
    b.wait(lambda: goes.closed, "both connections stay")
    check(goes.notification and goes.notification[:2] == (6, 7), f"the other ends with {goes.why()}")  # RFC 4486
    m = b.route()
    stays.announce(m)
    b.sees(b.up(1), m)
    stays.close()
    b.loses(b.up(1), m)


CASES.table([
    ("RFC 4271 6.8: our identifier is higher, OPEN on the daemon's connection first", HIGHER, "10.0.0.101", True, False),
    ("RFC 4271 6.8: our identifier is higher, OPEN on our connection first", HIGHER, "10.0.0.101", False, False),
    ("RFC 4271 6.8: our identifier is lower, OPEN on the daemon's connection first", LOWER, "10.0.0.99", True, True),
    ("RFC 4271 6.8: our identifier is lower, OPEN on our connection first", LOWER, "10.0.0.99", False, True),
    ("RFC 4271 6.8: identifiers are compared as numbers without sign", HIGHER, "200.0.0.1", True, False),
], collision)


@CASES("RFC 6286 2.3: equal identifiers: the connection of the higher AS stays")
def _(b):
    theirs, ours = both(b, EQUAL, 65101, ident="10.0.0.100", auto=False)
    theirs.say_open()
    ours.say_open()
    b.wait(lambda: theirs.closed or ours.closed, "both connections stay")
    if not ours.closed:
        ours.confirm()
    b.wait(lambda: ours.up or ours.closed, "no session")
    check(ours.up, f"the wrong connection stays: {ours.why()}, the other {theirs.why()}")
    b.wait(lambda: theirs.closed, "both connections stay")
    ours.close()


@CASES("RFC 4271 6.8: an established session wins over a new connection, whatever the identifiers")
def _(b):
    for ident in ("10.0.0.99", "10.0.0.101"):
        old = b.fresh(ident=ident).establish()
        n = b.route()
        old.announce(n)
        b.sees(b.up(1), n)
        new = b.speaker(old.local, ident=ident).connect()
        if not new.closed:
            new.say_open()
            b.wait(lambda new=new: new.closed, "both stay")
        check(new.notification is None or new.notification[0] == 6, f"the new one ends with {new.why()}")
        check(not old.closed, f"the old session ended: {old.why()}")
        b.alive(old, b.up(1))
        check(("unreach", wire.key(n)) not in b.up(1).events, "the route was withdrawn meanwhile")
        old.close()


@CASES("RFC 4271 6.8: a collision while the other connection is in OpenConfirm")
def _(b):
    theirs = arrival(b, CONFIRM, ident="10.0.0.99", auto=False)
    b.wait(lambda: theirs.open, "no OPEN")
    theirs.say_open()
    b.wait(lambda: len(theirs.messages) > 1, "no KEEPALIVE")
    ours = b.new(CONFIRM, ident="10.0.0.99").connect()
    if not ours.closed:
        ours.say_open()
    b.wait(lambda: ours.closed, "the loser stays")
    check(not theirs.closed, f"the winner ended with {theirs.why()}")
    theirs.send(wire.keepalive())
    b.wait(lambda: theirs.eors, "no End-of-RIB")
    theirs.close()


@CASES("connections that say nothing do not keep the peer out")
def _(b):
    idle = [b.new(HALF).connect() for _ in range(20)]
    s = b.new(HALF).establish(20)
    b.alive(s, b.up(1))
    for other in idle:
        other.close()
    check(not s.closed, "and they took the session with them")
    s.close()


@CASES("a thousand connections that come and go leave nothing behind")
def _(b):
    descriptors = f"/proc/{b.daemon.engine()}/fd"
    before = len(os.listdir(descriptors))
    for i in range(250):
        group = [b.speaker(f"127.{NUMBER}.{100 + i % 20}.{1 + j}").connect() for j in range(4)]
        for s in group:
            if i % 2 and not s.closed:
                s.say_open()
            s.close(reset=i % 3 == 0)
    bystander = b.fresh().establish()
    b.settle(bystander, b.up(1))
    bystander.close()
    b.wait(lambda: len(os.listdir(descriptors)) <= before + 10, "descriptors are left open")


# --- shutdown and configuration

def shut_text(data):
    check(len(data) >= 1 and len(data) == 1 + data[0], f"data of the NOTIFICATION: {data.hex()}")
    return data[1:].decode()


@CASES("RFC 9003: shutdown tells its text, keeps the peer out, and `no shutdown` lets it in again")
def _(b):
    s = b.new(SHUT).establish()
    n = b.route()
    text = "back at noon, see ticket 4711"
    s.announce(n)
    b.daemon.configure(f"neighbor {s.local} shutdown message {text}")
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (6, 2), s.why())
    check(shut_text(s.notification[2]) == text, f"text {s.notification[2]!r}")
    again = b.new(SHUT).connect()
    if not again.closed:
        again.say_open()
        b.wait(lambda: again.closed, "a connection is accepted during shutdown")
    check(not again.up, "a session during shutdown")
    b.daemon.configure(f"no neighbor {s.local} shutdown")
    s = b.new(SHUT).establish()
    b.alive(s, b.up(1))
    s.close()


@CASES("RFC 4486: shutdown without a text")
def _(b):
    s = b.new(SHUT).establish()
    b.daemon.configure(f"neighbor {s.local} shutdown")
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (6, 2), s.why())
    check(s.notification[2] in (b"", b"\0"), f"data {s.notification[2].hex()}")
    b.daemon.configure(f"no neighbor {s.local} shutdown")
    b.new(SHUT).establish().close()


@CASES("RFC 9003: the longest shutdown text, and beyond ASCII")
def _(b):
    s = b.new(SHUT).establish()
    text = "ü" * 60 + "x" * 8
    b.daemon.configure(f"neighbor {s.local} shutdown message {text}")
    b.wait(lambda: s.closed, "the session stays")
    check(shut_text(s.notification[2]) == text, f"text {s.notification[2]!r}")
    b.daemon.configure(f"no neighbor {s.local} shutdown")


@CASES("RFC 9003: a peer's shutdown text, good, too long for its data or not UTF-8, is survived")
def _(b):
    for data in (b"\4bye!", b"\xffbye", b"\5by\xff\x1b[", b"\x80" + b"\xc3\xbc" * 64):
        s = b.new(TEXT).establish(20)
        s.send(wire.notification(6, 2, data))
        b.wait(lambda s=s: s.closed, "the session stays")
        check(s.notification is None, f"answered with {s.why()}")
    bystander = b.fresh().establish()
    b.alive(bystander, b.up(1))
    bystander.close()


@CASES("RFC 4486: a neighbour that is removed is told so, and its routes go")
def _(b):
    s = b.new(GONE).establish()
    n = b.route()
    s.announce(n)
    b.sees(b.up(1), n)
    b.daemon.configure(f"no neighbor {s.local} remote-as 65000")
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (6, 3), s.why())
    b.loses(b.up(1), n)


@CASES("RFC 4486: `clear bgp` of a neighbour is an administrative reset")
def _(b):
    s = b.new(CLEAR).establish()
    b.daemon.vtysh(f"clear bgp {s.local}")
    b.wait(lambda: s.closed, "the session stays")
    check(s.notification and s.notification[:2] == (6, 4), s.why())
    b.new(CLEAR).establish(20).close()


@CASES("RFC 4271 8.1.1: a peer that fails again and again may be damped; `clear bgp` lets it in at once")
def _(b):
    for _ in range(8):
        s = b.new(CLEAR).connect()
        if not s.closed:
            s.send(wire.message(77))
            b.wait(lambda s=s: s.closed, "the connection stays")
    b.daemon.vtysh(f"clear bgp {b.address(CLEAR)}")
    s = b.new(CLEAR)
    t0 = time.monotonic()
    s.establish()
    check(time.monotonic() - t0 < 2, f"it took {time.monotonic() - t0:.1f} s")
    s.close()


# --- ranges

@CASES("listen range: outside of it nobody is let in, inside everybody")
def _(b):
    for inside, address in ((True, f"127.{NUMBER}.64.250"), (True, f"127.{NUMBER}.127.254"),
                            (False, f"127.{NUMBER}.63.254"), (False, f"127.{NUMBER}.128.1")):
        s = b.speaker(address)
        if inside:
            s.establish().close()
            continue
        s.connect()
        if not s.closed:
            s.say_open()
            b.wait(lambda s=s: s.closed, f"{address} is let in")
        check(not s.up, f"{address} is let in")


@CASES("listen limit: so many and no more; one that leaves makes room; the others are not harmed")
def _(b):
    b.wait(lambda: sum(":" not in a and a.startswith(f"127.{NUMBER}.") and int(a.split(".")[2]) >= 64
                       for a in b.daemon.summary()) == 0, "dynamic neighbours that left are still there")
    b.daemon.configure("bgp listen limit 3")
    try:
        three = [b.fresh().establish() for _ in range(3)]
        extra = b.fresh().connect()
        if not extra.closed:
            extra.say_open()
            b.wait(lambda: extra.closed, "a fourth is let in")
        check(not extra.up, "a fourth is let in")
        check(extra.notification is None or extra.notification[0] == 6, extra.why())
        for s in three:
            b.alive(s, b.up(1))
        three.pop().close()
        three.append(b.fresh().establish())
        for s in three:
            b.alive(s, b.up(1))
            s.close()
    finally:
        b.daemon.configure("bgp listen limit 200")


def dynamic(b):
    """The addresses of the neighbours that are there because of the range."""
    return {a for a in b.daemon.summary() if a.startswith(f"127.{NUMBER}.") and int(a.split(".")[2]) >= 64}


@CASES("listen range: callers of a group that is shut down are refused and leave nothing behind")
def _(b):
    b.daemon.configure("neighbor IN shutdown")
    try:
        for _ in range(5):
            s = b.fresh().connect()
            if not s.closed:
                s.say_open()
                b.wait(lambda s=s: s.closed, "a connection is accepted during shutdown")
            check(not s.up, "a session during shutdown")
        b.wait(lambda: not dynamic(b), "they count as neighbours")
    finally:
        b.daemon.configure("no neighbor IN shutdown")
    b.fresh().establish().close()


def logged(b, s):
    return [line for line in b.daemon.log_text().splitlines() if f"neighbor {s.local}: " in line]


def logs(b, make, end, *words):
    """A session that ends so is in the log with these words; strangers' lines are few, so some may have to go."""
    for _ in range(20):
        s = make().establish(20)
        end(s)
        if b.hub.wait(lambda s=s: any(all(w in line for w in words) for line in logged(b, s)), 1):
            check(not any("Established" in line for line in logged(b, s)), f"without being asked: {logged(b, s)}")
            return
    check(False, f"{words} is not in the log")


@CASES("RFC 9003 4: that a neighbour of a range goes is logged, with its text; and so is anybody's text")
def _(b):
    note = wire.notification(6, 2, b"\x0cback at noon")
    logs(b, b.fresh, lambda s: s.send(note), "down", "back at noon")
    logs(b, lambda: b.new(TEXT), lambda s: s.send(note), "down", "back at noon")
    logs(b, b.fresh, lambda s: s.close(), "down", "closed")
    logs(b, b.fresh, lambda s: s.send(wire.message(77)), "down", "type")
    s = b.fresh(asn=65099).connect()
    s.say_open()
    b.wait(lambda: s.closed, "a wrong AS is taken")
    b.wait(lambda: any("no session" in line for line in logged(b, s)), "who was refused is not in the log")
    b.wait(lambda: not dynamic(b), "they are still there")


@CASES("`bgp log-neighbor-changes`: coming and going of any neighbour")
def _(b):
    b.daemon.configure("bgp log-neighbor-changes")
    for who in (b.fresh(), b.new(TEXT)):
        before = len(logged(b, who))
        s = who.establish(20)
        for word in ("Established", "down"):
            b.wait(lambda s=s, word=word, n=before: any(word in line for line in logged(b, s)[n:]), f"{word} is not in the log")
            s.close()
    b.daemon.configure("no bgp log-neighbor-changes")


@CASES("SIGTERM says farewell to every session")
def _(b):
    sessions = [b.up(1), b.fresh().establish(), b.fresh(gr=wire.cap_gr(60, 0, [(wire.EVPN, 0x80)])).establish()]
    waiting = b.fresh(auto=False).connect()
    b.wait(lambda: waiting.open, "no OPEN")
    b.daemon.process.terminate()
    for s in sessions:
        b.wait(lambda s=s: s.closed, "a session stays")
        check(s.notification and s.notification[0] == 6, f"{s.local}: {s.why()}")
    b.wait(lambda: waiting.closed, "a half-open connection stays")
    b.wait(lambda: b.daemon.process.poll() is not None, "evpnd stays", 20)
    check(b.daemon.process.returncode == 0, f"status {b.daemon.process.returncode}")
    # For the verdict at the end of the area.
    b.start(conf(lines=["bgp graceful-restart-disable"]))
