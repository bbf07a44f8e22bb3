# SPDX-License-Identifier: ISC
"""Limits on the number of routes (RFC 4271 6.7, RFC 4486 4): threshold, warning only, restart, graceful restart."""
import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 22
CASES = Cases()
W, PLAIN, WARN, HALF, GROUP, NEW, GR, AGAIN, TYPES = 1, 11, 12, 13, 14, 15, 16, 17, 18
CEASE, MAX = 6, 1


def setup(b):
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    limits = {PLAIN: "5", WARN: "5 warning-only", HALF: "10 50", NEW: "8", GR: "5", AGAIN: "3 restart 1", TYPES: "6"}
    neighbors = {b.address(W): client}
    neighbors |= {b.address(n): client + ["passive", f"evpn:maximum-prefix {text}"] for n, text in limits.items()}
    neighbors["IN"] = ["peer-group", "remote-as internal", "evpn:route-reflector-client", "evpn:maximum-prefix 4"]
    b.defaults[b.address(GR)] = {"gr": wire.cap_gr(100, 4, [(wire.EVPN, 0x80)])}
    # After a start so long is waited for those who are not there (RFC 4724 4.1).
    b.start(conf(lines=["bgp graceful-restart restart-time 3"], neighbors=neighbors, listen={b.range(): "IN"}))


def over(b, s):
    """The session ended because of the limit; returns the data of the NOTIFICATION."""
    b.wait(lambda: s.closed, "the session outlives its limit")
    check(s.notification is not None, f"it ends without a NOTIFICATION: {s.why()}")
    code, subcode, data = s.notification
    if (code, subcode) == (6, 9):  # RFC 8538 3.1
        code, subcode, data = data[0], data[1], data[2:]
    check((code, subcode) == (CEASE, MAX), s.why())
    return data


def refused(b, n):
    s = b.new(n).connect()
    if not s.closed:
        s.say_open()
        b.wait(lambda: s.closed, "who was over the limit is let in")
    check(not s.up, "who was over the limit is let in")


def let_in(b, n):
    return b.new(n).establish(20)


@CASES("RFC 4486 4: so many are fine, one more ends the session with 6/1, the family and the limit")
def _(b):
    w, s = b.up(W), b.new(PLAIN).establish()
    routes = [b.route() for _ in range(6)]
    s.announce(*routes[:5])
    b.sees(w, *routes[:5])
    check(not s.closed, f"five of five: {s.why()}")
    s.announce(routes[5])
    data = over(b, s)
    check(data in (b"", b"\0\x19\x46\0\0\0\5"), f"data {data.hex()}")
    b.loses(w, *routes)


@CASES("RFC 4271 6.7: without `restart` it stays out until `clear bgp`")
def _(b):
    for _ in range(2):
        refused(b, PLAIN)
    check("axim" in b.daemon.neighbor(b.address(PLAIN)).get("lastResetDueTo", ""), "show does not say why")
    b.daemon.vtysh(f"clear bgp {b.address(PLAIN)}")
    s = let_in(b, PLAIN)
    n = b.route()
    s.announce(n)
    b.sees(b.up(W), n)
    s.close()
    b.loses(b.up(W), n)


@CASES("a hundred changes of one route, and routes that come and go, are not counted twice")
def _(b):
    w, s = b.up(W), let_in(b, PLAIN)
    n, others = b.route(), [b.route() for _ in range(50)]
    for i in range(100):
        s.announce(n, med=attr(wire.MED, wire.u32(i)))
    for i in range(0, 48, 4):
        s.announce(*others[i:i + 4])
        s.withdraw(*others[i:i + 4])
    s.announce(*others[:4])
    b.sees(w, n, *others[:4])
    check(not s.closed, s.why())
    s.close()
    b.loses(w, n, *others)


@CASES("six in one UPDATE, six of which the last repeats the first: five are counted, then six")
def _(b):
    w, s = b.up(W), let_in(b, PLAIN)
    routes = [b.route() for _ in range(6)]
    s.announce(*routes[:5], routes[0])
    b.sees(w, *routes[:5])
    check(not s.closed, s.why())
    s.announce(*routes)
    over(b, s)
    b.loses(w, *routes)
    b.daemon.vtysh(f"clear bgp {b.address(PLAIN)}")


@CASES("routes that are treated as withdrawn (RFC 7606) do not count")
def _(b):
    w, s = b.up(W), let_in(b, PLAIN)
    for _ in range(9):
        s.announce(b.route(), origin=attr(wire.ORIGIN, b"\7"))
    n = b.route()
    s.announce(n)
    b.sees(w, n)
    check(not s.closed, s.why())
    s.close()
    b.loses(w, n)


@CASES("`warning-only`: all come in, the session stays, the log says it once")
def _(b):
    w, s = b.up(W), b.new(WARN).establish()
    routes = [b.route() for _ in range(20)]
    for n in routes:
        s.announce(n)
    b.sees(w, *routes)
    check(not s.closed, s.why())
    lines = [line for line in b.daemon.log_text().splitlines() if b.address(WARN) in line and "maximum" in line]
    check(len(lines) == 1, f"{len(lines)} lines about it")
    s.close()
    b.loses(w, *routes)


@CASES("the threshold is logged when it is reached, once, and the session stays up to the limit")
def _(b):
    w, s = b.up(W), b.new(HALF).establish()
    routes = [b.route() for _ in range(10)]

    def lines():
        return [line for line in b.daemon.log_text().splitlines() if f"{b.address(HALF)}:" in line and " of at most 10" in line]
    s.announce(*routes[:4])
    b.sees(w, *routes[:4])
    check(not lines(), "before it is reached")
    s.announce(*routes[4:6])
    b.sees(w, *routes[:6])
    b.wait(lambda: len(lines()) == 1, f"{len(lines())} lines about it")
    s.announce(*routes)
    b.sees(w, *routes)
    check(len(lines()) == 1, f"{len(lines())} lines about it")
    check(not s.closed, s.why())
    s.close()
    b.loses(w, *routes)


@CASES("a limit that is configured below what is there ends the session; a higher one lets the peer in again")
def _(b):
    w, s = b.up(W), b.new(NEW).establish()
    address, routes = b.address(NEW), [b.route() for _ in range(8)]

    def limit(n):
        b.daemon.configure("address-family l2vpn evpn", f"neighbor {address} maximum-prefix {n}")
    s.announce(*routes)
    b.sees(w, *routes)
    limit(6)
    over(b, s)
    b.loses(w, *routes)
    refused(b, NEW)
    limit(9)
    s = let_in(b, NEW)
    s.announce(*routes)
    b.sees(w, *routes)
    b.daemon.configure("address-family l2vpn evpn", f"no neighbor {address} maximum-prefix")
    more = [b.route() for _ in range(8)]
    s.announce(*more)
    b.sees(w, *routes, *more)
    s.close()
    b.loses(w, *routes, *more)


@CASES("RFC 4724 4, RFC 8538 4: graceful restart keeps nothing of a peer that was over the limit")
def _(b):
    w, s = b.up(W), b.new(GR).establish()
    routes = [b.route() for _ in range(6)]
    s.announce(*routes[:5])
    s.end_of_rib()
    b.sees(w, *routes[:5])
    s.announce(routes[5])
    over(b, s)
    b.loses(w, *routes)
    refused(b, GR)


@CASES("a peer of a range is held to the limit of its group, and the others are not harmed")
def _(b):
    w, one, other = b.up(W), b.fresh().establish(), b.fresh().establish()
    good, bad = [b.route() for _ in range(4)], [b.route() for _ in range(5)]
    other.announce(*good)
    b.sees(w, *good)
    one.announce(*bad)
    over(b, one)
    b.loses(w, *bad)
    check(not other.closed and b.has(w, *good), "a neighbour of the same group suffers")
    b.speaker(one.local).establish(20).close()  # a stranger has no memory to be punished by
    other.close()
    b.loses(w, *good)


@CASES("all types count")
def _(b):
    w, s = b.up(W), b.new(TYPES).establish()
    rd = wire.rd(7)
    routes = [b.route(), wire.imet("10.22.0.9"), wire.nlri(99, b"hello"), wire.nlri(4, rd + bytes(10) + b"\x20" + bytes(4)),
              wire.nlri(1, rd + bytes(10) + wire.u32(5) + wire.label(0)), b.route(address="10.1.1.1")]
    s.announce(*routes)
    b.sees(w, *routes)
    check(not s.closed, s.why())
    s.announce(b.route())
    over(b, s)
    b.loses(w, *routes)


@CASES("`restart 1`: kept out for a minute, then let in")
def _(b):
    w, s = b.up(W), b.new(AGAIN).establish()
    routes = [b.route() for _ in range(4)]
    s.announce(*routes)
    over(b, s)
    b.loses(w, *routes)
    refused(b, AGAIN)
    s = b.new(AGAIN).establish(100)
    s.announce(*routes[:3])
    b.sees(w, *routes[:3])
    s.close()
    b.loses(w, *routes)
