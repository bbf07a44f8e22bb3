#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""hostile.py ADDRESS: a peer that sends what it should not, to a route reflector that must keep its head.

A second, well-behaved session sees what came of it: each case of RFC 7606 ends as the RFC says, and the session of
the hostile peer survives wherever it must.  Each case is a line of a table: bytes to send and what to expect.
"""
import socket
import struct
import sys
import time

from peer import AS, MARKER, Peer, attr, capability, key, macip, message, mp_reach, open_body, update
from peer import AS_PATH, BASE, LOCAL_PREF, ORIGIN, TARGETS

SERVER = sys.argv[1]
bad = []


def watched(cond, seconds):
    """What the watcher sees, while the hostile session is served too."""
    return watcher.until(cond, seconds, [hostile])


def check(good, text):
    print(("ok - " if good else "not ok - ") + text, flush=True)
    if not good:
        bad.append(text)


watcher = Peer(SERVER, "10.0.0.1").establish()
hostile = Peer(SERVER, "10.0.0.2").establish()
number = 0


def fresh():
    global number
    number += 1
    return macip(number)


def alive():
    """The hostile session still carries routes, and the watcher hears of them."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n)))
    return watched(lambda: key(n) in watcher.routes, 5) and not hostile.closed


def again():
    global hostile
    hostile.sock.close()
    for _ in range(20):  # until the old session is forgotten
        try:
            hostile = Peer(SERVER, "10.0.0.2").establish()
            return
        except (OSError, RuntimeError):
            time.sleep(0.5)
    raise RuntimeError("no new session for the hostile peer")


def withdrawn(text, make):
    """Treat as withdraw: a route that was there goes, the session stays."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n)))
    if not watched(lambda: key(n) in watcher.routes, 5):
        return check(False, text + ": the good route did not come through")
    hostile.send(make(n))
    gone = watched(lambda: key(n) not in watcher.routes, 5)
    check(gone and alive(), text + ": treated as withdraw, the session lives")
    if hostile.closed:
        print(f"#   NOTIFICATION {hostile.notification}")
        again()
    return None


def discarded(text, extra, code):
    """Attribute discard: the route passes without the attribute."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n) + extra))
    came = watched(lambda: key(n) in watcher.routes, 5)
    check(came and code not in watcher.routes[key(n)] and alive(), text + ": the attribute is discarded, the route passes")
    if hostile.closed:
        again()


def accepted(text, attrs, n, cond=lambda attrs: True):
    hostile.send(update(attrs))
    came = watched(lambda: key(n) in watcher.routes, 5)
    check(came and cond(watcher.routes[key(n)]) and alive(), text)
    if hostile.closed:
        again()


def ignored(text, attrs, n):
    hostile.send(update(attrs))
    check(alive() and key(n) not in watcher.routes, text)
    if hostile.closed:
        again()


def reset(text, data, code, subcode=None):
    """The session ends with this NOTIFICATION, and what it said is withdrawn."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n)))
    watched(lambda: key(n) in watcher.routes, 5)
    hostile.send(data)
    hostile.until(lambda: hostile.closed, 5)
    got = hostile.notification
    good = got is not None and got[0] == code and (subcode is None or got[1] == subcode)
    gone = watched(lambda: key(n) not in watcher.routes, 10)
    check(good and gone, f"{text}: NOTIFICATION {code}{'' if subcode is None else '/' + str(subcode)} (got {got})")
    again()


def refused(text, first, code, subcode):
    """An OPEN (or what stands in its place) that is answered with a NOTIFICATION."""
    p = Peer(SERVER, "10.0.0.3")
    p.send(first)
    p.until(lambda: p.closed, 5)
    check(p.notification == (code, subcode), f"{text}: NOTIFICATION {code}/{subcode} (got {p.notification})")
    p.sock.close()
    time.sleep(0.1)


def without(code):
    return b"".join(a for a in (ORIGIN, AS_PATH, LOCAL_PREF, TARGETS) if a[1] != code)


check(alive(), "a good route passes")

# RFC 7606 section 7, attribute by attribute; the numbers are its paragraphs.
WITHDRAWN = [
    ("7.1 ORIGIN with an undefined value", 1, attr(0x40, 1, b"\x09")),
    ("7.1 ORIGIN of two bytes", 1, attr(0x40, 1, b"\x00\x00")),
    ("7.2 AS_PATH with an unknown segment type", 2, attr(0x40, 2, b"\x09\x01" + struct.pack("!I", AS))),
    ("7.2 AS_PATH whose segment overruns it", 2, attr(0x40, 2, b"\x02\x05" + struct.pack("!I", AS))),
    ("7.2 AS_PATH with an empty segment", 2, attr(0x40, 2, b"\x02\x00")),
    ("7.2 AS_PATH with one byte left over", 2, attr(0x40, 2, b"\x02\x01" + struct.pack("!I", 65001) + b"\x02")),
    ("7.4 MED of three bytes", 4, attr(0x80, 4, b"\x00\x00\x01")),
    ("7.5 LOCAL_PREF of two bytes", 5, attr(0x40, 5, b"\x00\x01")),
    ("7.8 COMMUNITY of five bytes", 8, attr(0xC0, 8, b"\x00" * 5)),
    ("7.9 ORIGINATOR_ID of three bytes", 9, attr(0x80, 9, b"\x01\x02\x03")),
    ("7.10 CLUSTER_LIST of six bytes", 10, attr(0x80, 10, b"\x01" * 6)),
    ("7.14 EXTENDED COMMUNITIES of seven bytes", 16, attr(0xC0, 16, b"\x00" * 7)),
    ("3c ORIGIN flagged optional", 1, attr(0xC0, 1, b"\x00")),
    ("3c AS_PATH flagged non-transitive", 2, attr(0x00, 2, b"")),
    ("RFC 8092 LARGE_COMMUNITY of eleven bytes", 32, attr(0xC0, 32, b"\x00" * 11)),
]
for text_, code_, value_ in WITHDRAWN:
    withdrawn(text_, lambda n, c=code_, v=value_: update(without(c) + v + mp_reach(n)))
withdrawn("3d ORIGIN missing", lambda n: update(without(1) + mp_reach(n)))
withdrawn("3d AS_PATH missing", lambda n: update(without(2) + mp_reach(n)))
withdrawn("4 the last attribute overruns the others", lambda n: update(mp_reach(n) + BASE + b"\xc0\x08\x40\x00\x01"))
withdrawn("4 one byte left after the attributes", lambda n: update(mp_reach(n) + BASE + b"\xc0"))

discarded("7.6 ATOMIC_AGGREGATE of one byte", attr(0x40, 6, b"\x00"), 6)
discarded("7.7 AGGREGATOR of five bytes", attr(0xC0, 7, b"\x00" * 5), 7)

n_ = fresh()
accepted("3g ORIGIN twice: the first counts", BASE + attr(0x40, 1, b"\x01") + mp_reach(n_), n_,
         lambda a: a[1][1] == b"\x00")
n_ = fresh()
accepted("4271 an unknown transitive attribute passes with the Partial bit", BASE + attr(0xC0, 99, b"abc") + mp_reach(n_),
         n_, lambda a: a.get(99) == (0xE0, b"abc"))
n_ = fresh()
accepted("4271 an unknown non-transitive attribute is dropped", BASE + attr(0x80, 99, b"abc") + mp_reach(n_), n_,
         lambda a: 99 not in a)
n_ = b"\x63\x05hello"
accepted("5.4 an EVPN route of unknown type 99 is reflected", BASE + mp_reach(n_), n_)
n_ = fresh()
ignored("4456 a route with our own cluster id is ignored",
        BASE + attr(0x80, 10, socket.inet_aton(SERVER)) + mp_reach(n_), n_)
n_ = fresh()
accepted("extended length where it is not needed", BASE + attr(0xC0, 8, b"\xfd\xe8\x00\x01", extended=True) + mp_reach(n_), n_,
         lambda a: a.get(8, (0, b""))[1] == b"\xfd\xe8\x00\x01")

reset("3g MP_REACH_NLRI twice", update(BASE + mp_reach(fresh()) + mp_reach(fresh())), 3, 1)
reset("7.11 next hop of seven bytes", update(BASE + mp_reach(fresh(), b"\x01" * 7)), 3)
reset("5.3 an NLRI that overruns MP_REACH_NLRI", update(BASE + mp_reach(b"\x02\xff\x00")), 3)
reset("7.12 MP_UNREACH_NLRI of two bytes", update(attr(0x80, 15, b"\x00\x19")), 3)
reset("4271 attributes longer than the message", message(2, struct.pack("!HH", 0, 500) + BASE), 3, 1)
reset("4271 withdrawn routes longer than the message", message(2, struct.pack("!H", 900) + BASE), 3, 1)
reset("4271 marker not all ones", b"\x00" * 16 + struct.pack("!HB", 19, 4), 1, 1)
reset("4271 message of 18 bytes", MARKER + struct.pack("!HB", 18, 4), 1, 2)
reset("8654 KEEPALIVE of 4097 bytes", MARKER + struct.pack("!HB", 4097, 4) + bytes(4078), 1, 2)
reset("4271 KEEPALIVE with a body", message(4, b"x"), 1, 2)
reset("4271 unknown message type 77", message(77), 1, 3)

refused("OPEN with version 3", message(1, open_body("10.0.0.3", version=3)), 2, 1)
refused("OPEN with another AS", message(1, open_body("10.0.0.3", asn=65099, caps=capability(1, b"\x00\x19\x00\x46") +
                                                      capability(65, struct.pack("!I", 65099)))), 2, 2)
refused("OPEN with identifier 0.0.0.0", message(1, open_body("0.0.0.0")), 2, 3)
refused("OPEN with a hold time of 2 s", message(1, open_body("10.0.0.3", hold=2)), 2, 6)
refused("OPEN cut short", message(1, open_body("10.0.0.3")[:9]), 1, 2)
refused("UPDATE before OPEN", update(BASE), 5, 1)

check(alive() and not watcher.closed, "after all that both sessions carry routes")
hostile.send(message(2, bytes(4)))  # End-of-RIB of IPv4: nobody asked for it, nobody minds
check(alive(), "an UPDATE with nothing in it does no harm")
print(f"# {len(bad)} cases failed")
sys.exit(1 if bad else 0)
