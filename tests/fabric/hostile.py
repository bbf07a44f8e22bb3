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

AS = 65000
SERVER = sys.argv[1]
MARKER = b"\xff" * 16
bad = []


def message(kind, body=b""):
    return MARKER + struct.pack("!HB", 19 + len(body), kind) + body


def attr(flags, code, value, extended=False):
    if extended or len(value) > 255:
        return struct.pack("!BBH", flags | 0x10, code, len(value)) + value
    return struct.pack("!BBB", flags, code, len(value)) + value


def capability(code, value):
    return struct.pack("!BB", code, len(value)) + value


def open_body(ident, version=4, asn=AS, hold=90, caps=None):
    if caps is None:
        caps = capability(1, struct.pack("!HBB", 25, 0, 70)) + capability(2, b"") + capability(65, struct.pack("!I", AS))
    params = struct.pack("!BB", 2, len(caps)) + caps
    return struct.pack("!BHH4sB", version, asn, hold, socket.inet_aton(ident), len(params)) + params


def update(attrs, withdrawn=b"", nlri=b""):
    return message(2, struct.pack("!H", len(withdrawn)) + withdrawn + struct.pack("!H", len(attrs)) + attrs + nlri)


def macip(number, maclen=48):
    """A type 2 NLRI whose MAC ends in the number."""
    body = struct.pack("!H4sH", 1, socket.inet_aton("10.9.9.9"), 7) + bytes(14)
    body += struct.pack("!B2sI", maclen, b"\x02\x00", number) + b"\x00" + b"\x00\x00\x64"
    return struct.pack("!BB", 2, len(body)) + body


def mp_reach(nlri, nexthop=b"\x0a\x09\x09\x09"):
    return attr(0x80, 14, struct.pack("!HBB", 25, 70, len(nexthop)) + nexthop + b"\x00" + nlri)


def mp_unreach(nlri):
    return attr(0x80, 15, struct.pack("!HB", 25, 70) + nlri)


ORIGIN = attr(0x40, 1, b"\x00")
AS_PATH = attr(0x40, 2, b"")
LOCAL_PREF = attr(0x40, 5, struct.pack("!I", 100))
TARGETS = attr(0xC0, 16, struct.pack("!HHI", 2, AS, 100))
BASE = ORIGIN + AS_PATH + LOCAL_PREF + TARGETS


class Peer:
    """One BGP session.  Routes it was told and holds are in self.routes: NLRI -> attributes."""

    def __init__(self, source, ident=None):
        self.sock = socket.socket()
        self.sock.bind((source, 0))
        self.sock.connect((SERVER, 179))
        self.sock.settimeout(0.05)
        self.buffer, self.routes, self.notification, self.closed, self.up = b"", {}, None, False, False
        self.ident, self.last_sent = ident or source, time.monotonic()

    def establish(self):
        self.send(message(1, open_body(self.ident)))
        if not self.until(lambda: self.up, 5):
            raise RuntimeError(f"the session of {self.ident} does not come up: {self.notification}")
        return self

    def send(self, data):
        try:
            self.sock.settimeout(5)
            self.sock.sendall(data)
        except OSError:
            self.closed = True
        self.sock.settimeout(0.05)

    def poll(self):
        if self.up and time.monotonic() > self.last_sent + 1:
            self.send(message(4))
            self.last_sent = time.monotonic()
        try:
            data = self.sock.recv(65536)
            self.closed |= not data
            self.buffer += data
        except socket.timeout:
            return
        except OSError:
            self.closed = True
        while len(self.buffer) >= 19:
            size = struct.unpack("!H", self.buffer[16:18])[0]
            if len(self.buffer) < size:
                break
            self.handle(self.buffer[18], self.buffer[19:size])
            self.buffer = self.buffer[size:]

    def handle(self, kind, body):
        if kind == 1:
            self.send(message(4))
        elif kind == 2:
            self.take(body)
        elif kind == 3:
            self.notification = (body[0], body[1])
        elif kind == 4:
            self.up = True

    def take(self, body):
        withdrawn = struct.unpack("!H", body[:2])[0]
        size = struct.unpack("!H", body[2 + withdrawn:4 + withdrawn])[0]
        data, attrs, reach = body[4 + withdrawn:4 + withdrawn + size], {}, b""
        while data:
            flags, code = data[0], data[1]
            n, at = (struct.unpack("!H", data[2:4])[0], 4) if flags & 0x10 else (data[2], 3)
            value, data = data[at:at + n], data[at + n:]
            if code == 14:
                reach = value[5 + value[3]:]
            elif code == 15:
                for nlri in split(value[3:]):
                    self.routes.pop(nlri, None)
            else:
                attrs[code] = (flags, value)
        for nlri in split(reach):
            self.routes[nlri] = attrs

    def until(self, cond, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if cond():
                return True
            self.poll()
            if self is watcher and hostile:
                hostile.poll()
            if self.closed:
                break
        return bool(cond())


def key(nlri):
    """An NLRI as a key: of type 2 all but ESI and labels, so that changes of those are the same route."""
    return nlri if nlri[0] != 2 else nlri[:10] + nlri[20:32]


def split(data):
    while data:
        n = 2 + data[1]
        yield key(data[:n])
        data = data[n:]


def check(good, text):
    print(("ok - " if good else "not ok - ") + text, flush=True)
    if not good:
        bad.append(text)


watcher = hostile = None
watcher = Peer("10.0.0.1").establish()
hostile = Peer("10.0.0.2").establish()
number = 0


def fresh():
    global number
    number += 1
    return macip(number)


def alive():
    """The hostile session still carries routes, and the watcher hears of them."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n)))
    return watcher.until(lambda: key(n) in watcher.routes, 5) and not hostile.closed


def again():
    global hostile
    hostile.sock.close()
    for _ in range(20):  # until the old session is forgotten
        try:
            hostile = Peer("10.0.0.2").establish()
            return
        except (OSError, RuntimeError):
            time.sleep(0.5)
    raise RuntimeError("no new session for the hostile peer")


def withdrawn(text, make):
    """Treat as withdraw: a route that was there goes, the session stays."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n)))
    if not watcher.until(lambda: key(n) in watcher.routes, 5):
        return check(False, text + ": the good route did not come through")
    hostile.send(make(n))
    gone = watcher.until(lambda: key(n) not in watcher.routes, 5)
    check(gone and alive(), text + ": treated as withdraw, the session lives")
    if hostile.closed:
        print(f"#   NOTIFICATION {hostile.notification}")
        again()
    return None


def discarded(text, extra, code):
    """Attribute discard: the route passes without the attribute."""
    n = fresh()
    hostile.send(update(BASE + mp_reach(n) + extra))
    came = watcher.until(lambda: key(n) in watcher.routes, 5)
    check(came and code not in watcher.routes[key(n)] and alive(), text + ": the attribute is discarded, the route passes")
    if hostile.closed:
        again()


def accepted(text, attrs, n, cond=lambda attrs: True):
    hostile.send(update(attrs))
    came = watcher.until(lambda: key(n) in watcher.routes, 5)
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
    watcher.until(lambda: key(n) in watcher.routes, 5)
    hostile.send(data)
    hostile.until(lambda: hostile.closed, 5)
    got = hostile.notification
    good = got is not None and got[0] == code and (subcode is None or got[1] == subcode)
    gone = watcher.until(lambda: key(n) not in watcher.routes, 10)
    check(good and gone, f"{text}: NOTIFICATION {code}{'' if subcode is None else '/' + str(subcode)} (got {got})")
    again()


def refused(text, first, code, subcode):
    """An OPEN (or what stands in its place) that is answered with a NOTIFICATION."""
    p = Peer("10.0.0.3")
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
