# SPDX-License-Identifier: ISC
"""The decision process (RFC 4271 9.1.2.2, RFC 4456 9, RFC 7432 15), seen in what is reflected.

Each case lets two or more peers announce one route, in every order, and looks at whose path others are told.  Who
is told what one's next hop says: peer n uses 192.0.2.n.
"""
import itertools

import wire
from bench import Cases, check, conf
from wire import attr

NUMBER = 21
CASES = Cases()
# The higher the number the higher the identifier of A..D; X1 and X3 are of one AS.
A, B, C, D, W, X1, X2, X3, LOW = 1, 2, 3, 4, 9, 21, 22, 23, 31
ASN = {X1: 65101, X2: 65102, X3: 65101}


def setup(b):
    client = ["remote-as 65000", "evpn:route-reflector-client"]
    neighbors = {b.address(n): client for n in (A, B, C, D, W, LOW)}
    for n, asn in ASN.items():
        b.defaults[b.address(n)] = {"asn": asn, "dut_asn": 65000}
        neighbors[b.address(n)] = [f"remote-as {asn}", "disable-connected-check"]
    # The address is the highest, the identifier the lowest.
    b.defaults[b.address(LOW)] = {"ident": "1.1.1.1"}
    b.start(conf(lines=["bgp graceful-restart-disable"], neighbors=neighbors))


def nexthop(n):
    return f"192.0.2.{n}"


def announce(b, who, nlri, over):
    b.up(who).announce(nlri, nexthop=nexthop(who), **over)


def decide(b, make, paths, winner):
    """paths: peer -> attributes.  Whatever the order, the watcher is told the winner's in the end."""
    w = b.up(W)
    for order in itertools.permutations(paths):
        n = make(b)
        for who in order:
            announce(b, who, n, paths[who])
        b.sees(w, n)
        for who in order:
            b.settle(b.up(who), w)
        check(b.hop(w, n) == nexthop(winner), f"order {order}: {b.hop(w, n)} is told")
        # Each path that loses may go without anybody hearing of it.
        for who in order:
            if who != winner:
                b.up(who).withdraw(n)
        for who in order:
            b.settle(b.up(who), w)
        check(b.hop(w, n) == nexthop(winner), f"order {order}: the losers' withdrawal changed it to {b.hop(w, n)}")
        b.up(winner).withdraw(n)
        b.loses(w, n)


def imet(b):
    return wire.imet(f"10.{NUMBER}.{b.number() // 250}.{1 + b.count % 250}")


def prefer(value):
    return attr(wire.LOCAL_PREF, wire.u32(value))


def as_path(*asns):
    return attr(wire.AS_PATH, wire.sequence(*asns))


def med(value):
    return attr(wire.MED, wire.u32(value))


def origin(value):
    return attr(wire.ORIGIN, bytes([value]))


def cluster(*idents):
    return attr(wire.CLUSTER_LIST, b"".join(wire.ip(i) for i in idents))


def originator(ident):
    return attr(wire.ORIGINATOR_ID, wire.ip(ident))


AS_SET = attr(wire.AS_PATH, wire.segment(2, [7]) + wire.segment(1, [8, 9, 10, 11]))
LONG = as_path(1, 2, 3)

CASES.table([
    ("RFC 4271 9.1.1: the higher LOCAL_PREF wins over a shorter AS_PATH", imet,
     {A: {}, B: {"local_pref": prefer(200), "as_path": LONG}}, B),
    ("RFC 4271 9.1.1: LOCAL_PREF is a number without sign", imet,
     {A: {"local_pref": prefer(1)}, B: {"local_pref": prefer(0xFFFFFFFF)}}, B),
    ("RFC 4271 5.1.5: a path of an external peer has our default LOCAL_PREF", imet,
     {A: {"local_pref": prefer(99)}, X1: {"as_path": as_path(65101, 7, 7, 7)}}, X1),
    ("RFC 4271 9.1.2.2 a: the shorter AS_PATH wins over the lower ORIGIN", imet,
     {A: {"as_path": as_path(7, 8)}, B: {"as_path": as_path(7), "origin": origin(2)}}, B),
    ("RFC 4271 9.1.2.2 a: each AS counts, also one that stands there twice", imet,
     {A: {"as_path": as_path(7, 7, 7)}, B: {"as_path": as_path(7, 8)}}, B),
    ("RFC 4271 9.1.2.2 b: ORIGIN: IGP before EGP", imet, {A: {"origin": origin(1)}, B: {}}, B),
    ("RFC 4271 9.1.2.2 b: ORIGIN: EGP before INCOMPLETE, and before MED", imet,
     {A: {"origin": origin(2), "med": med(1)}, B: {"origin": origin(1), "med": med(9)}}, B),
    ("RFC 4271 9.1.2.2 c: the lower MED of paths from one neighbouring AS", imet,
     {A: {"as_path": as_path(7), "med": med(20)}, B: {"as_path": as_path(7), "med": med(10)}}, B),
    ("RFC 4271 9.1.2.2 c: no MED counts as the lowest", imet,
     {A: {"as_path": as_path(7), "med": med(1)}, B: {"as_path": as_path(7)}}, B),
    ("RFC 4271 9.1.2.2 c: MEDs of different neighbouring ASes are not compared", imet,
     {A: {"as_path": as_path(7), "med": med(20)}, B: {"as_path": as_path(8), "med": med(10)}}, A),
    ("RFC 4271 9.1.2.2 c: MEDs of paths that begin inside our AS are compared", imet,
     {A: {"med": med(20)}, B: {"med": med(10)}}, B),
    ("RFC 4271 9.1.2.2 c: MEDs of two external peers of one AS are compared before their identifiers", imet,
     {X1: {"med": med(20)}, X3: {"med": med(10)}}, X3),
    ("RFC 4271 9.1.2.2 d: an external path wins over an internal one of a lower identifier", imet,
     {A: {"as_path": as_path(7)}, X1: {}}, X1),
    ("RFC 4271 9.1.2.2 c before d: a lower MED of an internal path from the same neighbouring AS", imet,
     {A: {"as_path": as_path(65101), "med": med(5)}, X1: {"med": med(10)}}, A),
    ("RFC 4271 9.1.2.2 f: the lowest identifier", imet, {B: {}, C: {}, D: {}}, B),
    ("RFC 4271 9.1.2.2 f: the identifier, not the address", imet, {A: {}, LOW: {}}, LOW),
    ("RFC 4456 9: ORIGINATOR_ID stands for the identifier", imet,
     {A: {"extra": originator("10.200.0.1") + cluster("10.0.9.9")},
      B: {"extra": originator("10.100.0.1") + cluster("10.0.9.8")}}, B),
    ("RFC 4456 9: the ORIGINATOR_ID of a reflected path against the identifier of a peer", imet,
     {A: {"extra": originator("200.0.0.1") + cluster("10.0.9.9")}, B: {}}, B),
    ("RFC 4456 9: the shorter CLUSTER_LIST, when ORIGINATOR_IDs are equal", imet,
     {A: {"extra": originator("10.50.0.1") + cluster("10.0.9.8", "10.0.9.7")},
      B: {"extra": originator("10.50.0.1") + cluster("10.0.9.9")}}, B),
    ("RFC 4456 9: the ORIGINATOR_ID decides before the length of CLUSTER_LIST", imet,
     {A: {"extra": originator("10.50.0.1") + cluster("10.0.9.8", "10.0.9.7")},
      B: {"extra": originator("10.60.0.1") + cluster("10.0.9.9")}}, A),
    ("RFC 4271 9.1.2.2 g: the lowest address of the peer, when all else is equal", imet,
     {B: {"extra": originator("10.50.0.1") + cluster("10.0.9.8")},
      A: {"extra": originator("10.50.0.1") + cluster("10.0.9.9")}}, A),
    # RFC 4271 9.1.2.2's own trap: B beats A by MED, C beats B and A beats C by identifier.
    ("RFC 4271 9.1.2.2 c: MED removes a path before others are compared: the order of arrival decides nothing", imet,
     {A: {"as_path": as_path(7), "med": med(10)}, B: {"as_path": as_path(8)},
      C: {"as_path": as_path(7), "med": med(5)}}, B),
    ("RFC 4271 9.1.2.2 c: the same with external peers beside internal ones", imet,
     {A: {"as_path": as_path(65101), "med": med(1)}, X1: {"med": med(10)}, B: {"as_path": as_path(9)}}, A),
], lambda b, make, paths, winner: decide(b, make, paths, winner))


@CASES("RFC 4271 9.1.2.2 a: an AS_SET counts as one AS, if it is taken at all (RFC 9774)")
def _(b):
    w, n, probe = b.up(W), imet(b), imet(b)
    announce(b, A, probe, {"as_path": AS_SET})
    b.settle(b.up(A), w)
    taken = b.has(w, probe)
    announce(b, A, n, {"as_path": AS_SET})
    announce(b, B, n, {"as_path": as_path(7, 8, 9)})
    b.sees(w, n)
    b.settle(b.up(A), w)
    b.settle(b.up(B), w)
    check(b.hop(w, n) == nexthop(A if taken else B), f"{b.hop(w, n)} is told")
    for who in (A, B):
        b.up(who).withdraw(n, probe)


# --- EVPN

TARGET = wire.target(65000, 100)


def moved(seq, sticky=False):
    return {"targets": attr(wire.EXT_COMMUNITY, TARGET + wire.mobility(seq, sticky))}


def macip(b):
    return b.route()


CASES.table([
    ("RFC 7432 15: the higher sequence number", macip, {A: moved(3), B: moved(4)}, B),
    ("RFC 7432 15: a sequence number wins over none", macip, {A: {}, B: moved(1)}, B),
    ("RFC 7432 15: the sequence is a number without sign", macip, {A: moved(1), B: moved(0xFFFFFFFF)}, B),
    ("RFC 7432 15: equal sequences: the lowest next hop, whatever the identifiers", macip, {LOW: moved(4), A: moved(4)}, A),
    ("RFC 7432 15.2: a sticky MAC does not move, whatever the sequence", macip,
     {A: moved(9), B: moved(0, sticky=True)}, B),
], lambda b, make, paths, winner: decide(b, make, paths, winner))


@CASES("RFC 7432 15: mobility is of type 2 only: type 3 is decided by the general process")
def _(b):
    decide(b, imet, {A: {}, B: moved(9)}, A)


@CASES("a path that gets worse loses, one that gets better wins, and each change is told once")
def _(b):
    w, n = b.up(W), imet(b)
    announce(b, A, n, {"local_pref": prefer(200)})
    announce(b, B, n, {"local_pref": prefer(150)})
    b.sees(w, n)
    b.settle(b.up(B), w)
    before = len([e for e in w.events if e[-1] == wire.key(n)])
    announce(b, A, n, {"local_pref": prefer(120)})
    b.wait(lambda: b.hop(w, n) == nexthop(B), "the other path does not win")
    announce(b, A, n, {"local_pref": prefer(160)})
    b.wait(lambda: b.hop(w, n) == nexthop(A), "the better path does not win")
    announce(b, B, n, {"local_pref": prefer(110)})  # worse among the losers: nobody's business
    b.settle(b.up(B), w)
    b.settle(b.up(A), w)
    told = [e for e in w.events if e[-1] == wire.key(n)][before:]
    check([e[0] for e in told] == ["reach", "reach"], f"told {told}")
    for who in (A, B):
        b.up(who).withdraw(n)
    b.loses(w, n)


@CASES("`bgp always-compare-med` compares MEDs of different ASes, and what is there is decided anew")
def _(b):
    w, n = b.up(W), imet(b)
    announce(b, A, n, {"as_path": as_path(7), "med": med(20)})
    announce(b, B, n, {"as_path": as_path(8), "med": med(10)})
    b.sees(w, n)
    for who in (A, B):
        b.settle(b.up(who), w)
    check(b.hop(w, n) == nexthop(A), f"{b.hop(w, n)} without it")
    b.daemon.configure("bgp always-compare-med")
    try:
        b.wait(lambda: b.hop(b.up(W), n) == nexthop(B), "the lower MED does not win")
    finally:
        b.daemon.configure("no bgp always-compare-med")
    b.wait(lambda: b.hop(b.up(W), n) == nexthop(A), "it does not go back")
    for who in (A, B):
        b.up(who).withdraw(n)


@CASES("random paths of five peers: what is told does not depend on the order in which they came")
def _(b):
    import random
    rng, w, peers = random.Random(4271), b.up(W), (A, B, C, X1, X2)
    choices = {
        "as_path": [None, as_path(7), as_path(8), as_path(65101)], "med": [None, med(1), med(2), med(3)],
        "origin": [origin(0), origin(1)], "local_pref": [prefer(100), prefer(100), prefer(101)],
    }

    def draw(who):
        over = {k: rng.choice(v) for k, v in choices.items()}
        over["as_path"] = over["as_path"] or as_path()
        if who in ASN:
            over["as_path"] = as_path(ASN[who], *([7] if rng.random() < 0.3 else []))
            over["local_pref"] = None
        return over
    for _ in range(40):
        paths = {who: draw(who) for who in peers}
        routes = [imet(b) for _ in range(6)]
        for n in routes:
            for who in rng.sample(peers, len(peers)):
                announce(b, who, n, paths[who])
                if rng.random() < 0.3:
                    b.hub.run(0.001)
        b.sees(w, *routes)
        for who in peers:
            b.settle(b.up(who), w)
        told = {b.hop(w, n) for n in routes}
        check(len(told) == 1, f"{told} are told for {paths}")
        for who in peers:
            b.up(who).withdraw(*routes)
        b.loses(w, *routes)
