# SPDX-License-Identifier: ISC
"""Message headers, messages in the wrong state, and the messages that end a session."""
import socket

import wire
from bench import Cases, check, conf

NUMBER = 12
CASES = Cases()


def setup(b):
    b.defaults[b.address(1)] = {"extmsg": True}  # what is reflected is a little longer than what came
    b.start(conf(lines=["bgp listen limit 500", "bgp graceful-restart-disable"],
                 neighbors={"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            b.address(1): ["remote-as 65000", "evpn:route-reflector-client"],
                            b.address(2): ["remote-as 65000"]},
                 listen={b.range(): "IN"}))


def established(b, **options):
    """A session that has told a route, and the route."""
    s = b.fresh(**options).establish()
    n = b.route()
    s.announce(n)
    b.sees(b.up(1), n)
    return s, n


def ends(b, s, code, subcodes, data, text=""):
    b.wait(lambda: s.closed, f"{text}the connection stays open")
    check(s.notification and s.notification[0] == code and s.notification[1] in subcodes,
          f"{text}expected {code}/{subcodes}, got {s.why()}")
    check(data is None or s.notification[2] == data, f"{text}data {s.notification[2].hex()}, not {(data or b'').hex()}")


def fault(b, raw, code, subcodes, data=None):
    """In Established: this NOTIFICATION, and the routes of the session go.  In OpenSent: the same one."""
    s, n = established(b)
    s.send(raw)
    ends(b, s, code, subcodes, data)
    b.loses(b.up(1), n)
    s = b.fresh().connect()
    s.send(raw)
    ends(b, s, code, subcodes, data, "in OpenSent: ")


def lengths(kind, *sizes, body=b""):
    """Cases of a message type whose length field is wrong."""
    names = {1: "OPEN", 2: "UPDATE", 4: "KEEPALIVE"}
    return [(f"RFC 4271 6.1: {names[kind]} of {n} octets", wire.message(kind, body + bytes(max(0, n - 19 - len(body))),
                                                                    length=n), 1, (2,), wire.u16(n)) for n in sizes]


CASES.table([
    ("RFC 4271 6.1: a marker of zeros", wire.message(4, marker=bytes(16)), 1, (1,)),
    ("RFC 4271 6.1: a marker with one bit missing", wire.message(4, marker=b"\xff" * 15 + b"\xfe"), 1, (1,)),
    ("RFC 4271 6.1: type 0", wire.message(0), 1, (3,), b"\0"),
    ("RFC 4271 6.1: type 6", wire.message(6), 1, (3,), b"\6"),
    ("RFC 4271 6.1: type 255", wire.message(255, b"abc"), 1, (3,), b"\xff"),
    ("RFC 4271 6.1: length 0", wire.message(4, length=0), 1, (2,), b"\0\0"),
    ("RFC 4271 6.1: length 18", wire.message(4, length=18), 1, (2,), b"\0\x12"),
    *lengths(wire.OPEN, 19, 28, 4097),
    *lengths(wire.UPDATE, 19, 22),
    *lengths(wire.KEEPALIVE, 20, 4096, 4097, 65535),
], fault)


@CASES("RFC 8654 5: OPEN is never longer than 4096 octets, whatever was agreed")
def _(b):
    s = b.fresh(extmsg=True).establish()
    s.send(wire.message(wire.OPEN, bytes(5000)))
    ends(b, s, 1, (2,), None)


@CASES("RFC 4271 6.4: a NOTIFICATION cut short ends the session and is not answered")
def _(b):
    for body in (b"", b"\6"):
        s, n = established(b)
        s.send(wire.message(wire.NOTIFICATION, body))
        b.wait(lambda s=s: s.closed, "the session stays")
        check(s.notification is None or s.notification[0] == 1, f"answered with {s.why()}")
        b.loses(b.up(1), n)


@CASES("RFC 4271 6.4: a NOTIFICATION ends the session and is not answered, whatever it says")
def _(b):
    for code, sub, data in ((6, 0, b""), (6, 4, b"\xffbad text"), (3, 1, b"x" * 500), (0, 0, b""), (255, 255, b"?" * 3000)):
        s, n = established(b)
        s.send(wire.notification(code, sub, data))
        b.wait(lambda s=s: s.closed, "the session stays")
        check(s.notification is None, f"{code}/{sub} is answered with {s.why()}")
        b.loses(b.up(1), n)


@CASES("RFC 4271 6.5: messages of legal lengths at their edges")
def _(b):
    s, _ = established(b)
    s.send(wire.update())  # 23 octets
    body = b"x" * (4096 - 19 - 4 - 4 - len(s.path()) - len(wire.mp_reach(b.route())))
    n = b.route()
    s.send(wire.update(wire.mp_reach(n) + s.path(extra=wire.attr(99, body))))
    b.alive(s, b.up(1))
    check(b.up(1).routes[wire.key(n)].value(99) == body, "an UPDATE of 4096 octets")
    s.close()


# --- states

def unexpected(b, state, raw, kind, code=5):
    """RFC 6608 4: the subcode tells the state, the data is the type of the message."""
    s = b.fresh(auto=False).connect()
    if state > 1:
        s.say_open()
        b.wait(lambda: any(m[1] == wire.KEEPALIVE for m in s.messages) or s.closed, "no KEEPALIVE")
    if state > 2:
        s.send(wire.keepalive())
        b.wait(lambda: s.eors, "no End-of-RIB")
    s.send(raw)
    b.wait(lambda: s.closed, "the connection stays open")
    good = s.notification and (s.notification[:2] == (5, state) or code == 6 and s.notification[:2] == (6, 7))
    check(good, f"expected 5/{state}, got {s.why()}")
    check(s.notification[0] == 6 or s.notification[2] in (b"", bytes([kind])), f"data {s.notification[2].hex()}")


EMPTY = wire.update()
AGAIN = wire.message(wire.OPEN, wire.open_body(wire.param(wire.cap_mp() + wire.cap_as4(65000)), ident="127.12.64.9"))
CASES.table([
    ("RFC 6608: KEEPALIVE in OpenSent", 1, wire.keepalive(), 4),
    ("RFC 6608: UPDATE in OpenSent", 1, EMPTY, 2),
    ("RFC 6608: ROUTE-REFRESH in OpenSent", 1, wire.refresh(), 5),
    ("RFC 6608: UPDATE in OpenConfirm", 2, EMPTY, 2),
    ("RFC 6608: ROUTE-REFRESH in OpenConfirm", 2, wire.refresh(), 5),
    ("RFC 6608, RFC 4271 6.8: OPEN in OpenConfirm", 2, AGAIN, 1, 6),
    ("RFC 6608, RFC 4271 6.8: OPEN in Established", 3, AGAIN, 1, 6),
], unexpected)


@CASES("RFC 4271 8.2.2: a NOTIFICATION in OpenSent and in OpenConfirm ends the connection and is not answered")
def _(b):
    for opened in (False, True):
        s = b.fresh(auto=False).connect()
        b.wait(lambda s=s: s.open, "no OPEN")
        if opened:
            s.say_open()
            b.wait(lambda s=s: len(s.messages) > 1, "no KEEPALIVE")
        s.send(wire.notification(6, 5))
        b.wait(lambda s=s: s.closed, "the connection stays open")
        check(s.notification is None, f"answered with {s.why()}")


@CASES("RFC 2918: ROUTE-REFRESH in Established is fine, also without having offered it")
def _(b):
    s = b.fresh(caps=wire.cap_mp() + wire.cap_as4(65000)).establish()
    s.send(wire.refresh())
    b.alive(s, b.up(1))
    s.close()


# --- the end of a connection

@CASES("RFC 4271 6.5, 8.1.5: FIN and RST withdraw what the session said, at once")
def _(b):
    for reset in (False, True):
        s, n = established(b)
        s.close(reset=reset)
        b.loses(b.up(1), n)


@CASES("RFC 4271 8: a peer that shut down its own direction is gone")
def _(b):
    s, n = established(b)
    s.sock.shutdown(socket.SHUT_WR)
    b.wait(lambda: s.closed, "the connection stays open")
    b.loses(b.up(1), n)


@CASES("a connection that ends in the middle of a message, in any state")
def _(b):
    raw = wire.message(wire.OPEN, wire.open_body(wire.param(wire.cap_mp()), ident="1.2.3.4"))
    for data in (b"", b"\xff", raw[:18], raw[:19], raw[:-1]):
        s = b.fresh().connect().send(data)
        s.close(reset=bool(len(data) % 2))
    s, n = established(b)
    whole = wire.update(wire.mp_reach(b.route()) + s.path())
    s.send(whole[:-3])
    s.close()
    b.loses(b.up(1), n)


@CASES("the NOTIFICATION arrives although octets were left unread")
def _(b):
    s, _ = established(b)
    s.send(wire.message(77) + wire.keepalive() * 2000)
    ends(b, s, 1, (3,), b"\x4d")


@CASES("messages that came before the fault count, those after it do not")
def _(b):
    s, n = established(b)
    first, second = b.route(), b.route()
    s.send(wire.update(wire.mp_reach(first) + s.path()) + wire.message(77) + wire.update(wire.mp_reach(second) + s.path()))
    b.wait(lambda: s.closed, "the session stays")
    b.loses(b.up(1), n, first)
    check(("reach", wire.key(second)) not in b.up(1).events, "the route after the fault was taken")


@CASES("RFC 4271 4.1: a header that comes in pieces")
def _(b):
    s, _ = established(b)
    n = b.route()
    raw = wire.update(wire.mp_reach(n) + s.path())
    for i in range(0, len(raw), 5):
        s.send(raw[i:i + 5])
        b.hub.poll(0)
    b.sees(b.up(1), n)
    s.close()


@CASES("a hundred messages in one segment, all kinds mixed")
def _(b):
    s, _ = established(b)
    routes = [b.route() for _ in range(50)]
    s.send(b"".join(wire.update(wire.mp_reach(n) + s.path()) + wire.keepalive() for n in routes) + wire.refresh())
    b.sees(b.up(1), *routes)
    s.close()
    b.loses(b.up(1), *routes)


@CASES("show: the last reset names the NOTIFICATION")
def _(b):
    s = b.up(2)
    s.send(wire.message(77))
    b.wait(lambda: s.closed, "the session stays")
    said = b.daemon.neighbor(s.local)
    check(said.get("connectionsDropped", 0) >= 1, f"{said.get('connectionsDropped')} connections dropped")
    check(str(said.get("lastResetDueTo", "")) != "", "no reason")
    check(said.get("messageStats", {}).get("notificationsSent", 0) >= 1, f"{said.get('messageStats')}")
