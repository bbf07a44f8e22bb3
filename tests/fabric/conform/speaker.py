# SPDX-License-Identifier: ISC
"""A small BGP speaker for tests: sessions over real sockets, all in one thread.

A Hub reads every Speaker's socket; waiting for one thing keeps all sessions alive meanwhile.  A Speaker remembers
what it was told: routes by key, each message in order, the NOTIFICATION that ended it, and every fault of the
other side in `faults`.
"""
import select
import socket
import struct
import time

import wire


class Hub:
    """All sockets of one area."""

    def __init__(self):
        self.members = set()

    def poll(self, seconds):
        now = time.monotonic()
        for s in list(self.members):
            s.tick(now)
        readers = [s for s in self.members if s.wants_read()]
        ready = select.select([s.sock for s in readers], [], [], max(0.0, seconds))[0]
        for s in readers:
            if s.sock in ready:
                s.readable()

    def wait(self, cond, seconds=15.0):
        """Serves all sessions until the condition holds; says whether it does in the end."""
        end = time.monotonic() + seconds
        while not cond():
            left = end - time.monotonic()
            if left <= 0:
                return bool(cond())
            self.poll(min(left, 0.05))
        return True

    def run(self, seconds):
        """Serves all sessions for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.poll(min(0.05, max(0.0, end - time.monotonic())))


class Listener:
    """Takes connections of the daemon at an address; they wait in `accepted` as Speakers that have said nothing."""

    def __init__(self, hub, address, port, make):
        self.hub, self.make, self.accepted = hub, make, []
        self.sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((address, port))
        self.sock.listen(16)
        hub.members.add(self)

    def tick(self, now):
        pass

    def wants_read(self):
        return True

    def readable(self):
        self.accepted.append(self.make(self.sock.accept()[0]))

    def close(self):
        self.hub.members.discard(self)
        self.sock.close()


class Route:
    """What a session was last told of a route."""

    def __init__(self, nlri, nexthop, attrs):
        self.nlri, self.nexthop, self.attrs = nlri, nexthop, attrs

    def value(self, code):
        return self.attrs[code][1] if code in self.attrs else None


class Speaker:
    """One connection.  Options: asn, ident, hold, caps (bytes of capabilities, or None for the usual ones), as4,
    gr (a GR capability's bytes), extmsg, err, families, auto (answer OPEN and keep alive by itself)."""

    def __init__(self, hub, local, remote=None, sock=None, **options):
        self.hub, self.local, self.remote = hub, local, remote
        self.asn, self.ident, self.hold, self.as4 = 65000, local, 90, True
        self.caps, self.gr, self.extmsg, self.err, self.families = None, b"", False, False, (wire.EVPN,)
        self.auto, self.reading, self.ttl, self.dut_asn = True, True, None, 65000
        for name, value in options.items():
            if not hasattr(self, name):
                raise AttributeError(name)
            setattr(self, name, value)
        self.sock, self.incoming = sock, sock is not None
        self.buffer = bytearray()
        self.open, self.up, self.closed, self.reset, self.notification = None, False, False, False, None
        self.routes, self.events, self.faults, self.sent_open = {}, [], [], False
        self.own = set()  # keys of what we announced
        self.stale = None  # between BoRR and EoRR: keys that were not told again (RFC 7313)
        self.messages, self.last_sent, self.eors, self.largest, self.updates = [], time.monotonic(), 0, 0, 0
        if sock is not None:
            self.start()

    # --- connection

    def connect(self, options=()):
        self.sock = socket.socket(socket.AF_INET6 if ":" in self.local else socket.AF_INET)
        for level, name, value in options:
            self.sock.setsockopt(level, name, value)
        if self.ttl:
            self.sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, self.ttl)
        try:
            self.sock.settimeout(5)
            self.sock.bind((self.local, 0))
            self.sock.connect(self.remote)
        except OSError:
            self.closed = True
            self.sock.close()
            return self
        self.start()
        return self

    def start(self):
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.setblocking(False)
        self.hub.members.add(self)

    def establish(self, seconds=15.0, **fields):
        """Connects and opens until the session is up, again when the daemon is not ready for it yet."""
        end = time.monotonic() + seconds
        while True:
            if self.sock is None:
                self.connect()
            if not self.closed:
                self.say_open(**fields)
                self.hub.wait(lambda: self.up or self.closed, max(0.1, end - time.monotonic()))
            if self.up:
                return self
            # A collision: the daemon has not noticed yet that an older session is gone.
            if self.notification and self.notification[:2] != (6, 7) or time.monotonic() > end:
                raise AssertionError(f"{self.local}: no session: {self.why()}")
            self.hub.run(0.2)
            self.sock, self.closed, self.reset, self.notification = None, False, False, None
            self.buffer, self.open, self.sent_open = bytearray(), None, False

    def close(self, reset=False):
        if self.sock is None:
            return
        self.hub.members.discard(self)
        if reset:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()
        self.closed, self.up = True, False

    def why(self):
        if self.notification:
            return f"NOTIFICATION {self.notification[0]}/{self.notification[1]} {self.notification[2].hex()}"
        return "reset" if self.reset else "closed" if self.closed else "open"

    # --- sending

    def send(self, data):
        """Sends all of it, serving the other sessions while the peer does not read."""
        view, end = memoryview(data), time.monotonic() + 60
        while view and not self.closed:
            try:
                view = view[self.sock.send(view):]
            except BlockingIOError:
                self.hub.poll(0.01)
                if time.monotonic() > end:
                    raise AssertionError(f"{self.local}: the daemon does not read") from None
            except OSError:
                self.readable()  # what it said before it went
                if not self.closed:
                    self.ended(True)
        self.last_sent = time.monotonic()
        return self

    def capabilities(self):
        if self.caps is not None:
            return self.caps
        out = b"".join(wire.cap_mp(f) for f in self.families) + wire.cap(wire.CAP_REFRESH)
        out += wire.cap(wire.CAP_EXTMSG) if self.extmsg else b""
        out += wire.cap(wire.CAP_ERR) if self.err else b""
        out += wire.cap_as4(self.asn) if self.as4 else b""
        return out + self.gr

    def say_open(self, raw=None, **fields):
        caps = self.capabilities()
        values = {"asn": self.asn if self.asn < 65536 else wire.AS_TRANS, "hold": self.hold, "ident": self.ident}
        values.update(fields)
        self.sent_open = True
        self.send(wire.message(wire.OPEN, raw or wire.open_body(wire.param(caps) if caps else b"", **values)))
        return self.send(wire.keepalive()) if self.auto and self.open else self

    def confirm(self):
        """After say_open() of a Speaker that is not `auto`: goes on as one that is."""
        self.auto = True
        self.up = any(kind == wire.KEEPALIVE for _, kind, _ in self.messages)
        return self.send(wire.keepalive())

    def path(self, **over):
        """The usual attributes of a path this speaker originates, each replaced or (None) left out by name."""
        internal = self.asn == self.dut_asn
        size = 4 if self.as4 else 2
        values = {
            "origin": wire.attr(wire.ORIGIN, b"\0"),
            "as_path": wire.attr(wire.AS_PATH, b"" if internal else wire.sequence(self.asn, size=size)),
            "med": None,
            "local_pref": wire.attr(wire.LOCAL_PREF, wire.u32(100)) if internal else None,
            "targets": wire.attr(wire.EXT_COMMUNITY, wire.target(65000, 100)),
            "extra": b"",
        }
        for name, value in over.items():
            if name not in values:
                raise AttributeError(name)
            values[name] = value
        return b"".join(v for v in values.values() if v)

    def announce(self, *nlri, nexthop="192.0.2.1", **over):
        self.own.update(map(wire.key, nlri))
        return self.send(wire.update(wire.mp_reach(b"".join(nlri), nexthop) + self.path(**over)))

    def withdraw(self, *nlri):
        return self.send(wire.update(wire.mp_unreach(b"".join(nlri))))

    def end_of_rib(self):
        return self.send(wire.update(wire.mp_unreach()))

    # --- receiving

    def tick(self, now):
        if self.up and self.auto and self.hold and now > self.last_sent + min(self.hold, 90) / 4:
            self.send(wire.keepalive())

    def wants_read(self):
        return self.reading and not self.closed

    def readable(self):
        try:
            data = self.sock.recv(1 << 18)
        except BlockingIOError:
            return
        except OSError:
            self.ended(True)
            return
        self.buffer += data
        self.frames()
        if not data:
            self.ended(False)

    def ended(self, reset):
        self.closed, self.reset, self.up = True, reset, False
        self.hub.members.discard(self)
        self.sock.close()

    def frames(self):
        at = 0
        while len(self.buffer) - at >= wire.HEADER:
            size, kind = struct.unpack("!HB", self.buffer[at + 16:at + 19])
            limit = 65535 if self.extmsg and kind not in (wire.OPEN, wire.KEEPALIVE) else 4096
            if self.buffer[at:at + 16] != wire.MARKER or not wire.HEADER <= size <= limit or kind not in range(1, 6):
                self.faults.append(f"bad header: length {size}, type {kind}")
                self.close()
                return
            if len(self.buffer) - at < size:
                break
            body = bytes(self.buffer[at + wire.HEADER:at + size])
            at += size
            self.largest = max(self.largest, size)
            try:
                self.handle(kind, body)
            except wire.Malformed as why:
                self.faults.append(str(why))
        del self.buffer[:at]

    def handle(self, kind, body):
        if kind != wire.UPDATE:
            self.messages.append((time.monotonic(), kind, body))
        if kind == wire.OPEN:
            self.open = wire.Open(body)
            if self.auto and self.sent_open:
                self.send(wire.keepalive())
        elif kind == wire.KEEPALIVE:
            if body:
                self.faults.append("KEEPALIVE with a body")
            if self.auto and self.sent_open:
                self.up = True
        elif kind == wire.NOTIFICATION:
            self.notification = (body[0], body[1], body[2:]) if len(body) > 1 else (0, 0, body)
        elif kind == wire.UPDATE:
            self.take(body)
        else:
            self.take_refresh(body)

    def take_refresh(self, body):
        if len(body) != 4:
            raise wire.Malformed(f"ROUTE-REFRESH of {len(body)} octets")
        kind = body[2]
        self.events.append(("refresh", kind))
        if struct.unpack("!HBB", body)[::2] != wire.EVPN:
            self.faults.append("ROUTE-REFRESH for a family that was not agreed")
        if kind and not self.err:
            self.faults.append("BoRR or EoRR without enhanced refresh")
        elif kind == 1:
            self.stale = set(self.routes)
        elif kind == 2:
            if self.stale is None:
                self.faults.append("EoRR without BoRR")
            for k in self.stale or ():
                del self.routes[k]
                self.events.append(("unreach", k))
            self.stale = None

    def take(self, body):
        u = wire.Update(body, 4 if self.as4 else 2)
        self.updates += 1
        if u.is_eor:
            self.eors += 1
            self.events.append(("eor",))
            return
        self.judge(u)
        for n in u.unreach:
            k = wire.key(n)
            # One that we announced ourselves may have been somebody else's before.
            if self.stale:
                self.stale.discard(k)
            if self.routes.pop(k, None) is None and k not in self.own:
                self.faults.append(f"withdrawal of a route that was never announced: {n.hex()}")
            self.events.append(("unreach", k))
        for n in u.reach:
            k = wire.key(n)
            self.routes[k] = Route(n, u.nexthop, u.attrs)
            if self.stale:
                self.stale.discard(k)
            self.events.append(("reach", k))

    def judge(self, u):
        """What the RFCs ask of every UPDATE that the daemon sends us."""
        bad = []
        external = self.asn != self.dut_asn
        if u.withdrawn or u.nlri:
            bad.append("IPv4 routes on a session without them")
        if u.family not in (None, wire.EVPN):
            bad.append(f"family {u.family} was not agreed")
        if u.reach:
            bad += [f"attribute {c} is missing" for c in (wire.ORIGIN, wire.AS_PATH) if c not in u.attrs]
            if (wire.LOCAL_PREF in u.attrs) == external:
                bad.append("LOCAL_PREF to an external peer, or none to an internal one")
            if len(u.nexthop) not in (4, 16):
                bad.append(f"next hop of {len(u.nexthop)} octets")
            if {wire.key(n) for n in u.reach} & {wire.key(n) for n in u.unreach}:
                bad.append("one route both announced and withdrawn")
        elif u.attrs:
            bad.append("attributes without a route")
        if wire.NEXT_HOP in u.attrs:
            bad.append("NEXT_HOP without a route of IPv4")  # RFC 4760 3
        if external and {wire.ORIGINATOR_ID, wire.CLUSTER_LIST} & set(u.attrs):
            bad.append("ORIGINATOR_ID or CLUSTER_LIST to an external peer")
        if self.as4 and {wire.AS4_PATH, wire.AS4_AGGREGATOR} & set(u.attrs):
            bad.append("AS4_PATH or AS4_AGGREGATOR to a speaker of four octets")  # RFC 6793 4.1
        rest = [c for c in u.order if c not in (wire.MP_REACH, wire.MP_UNREACH)]
        if rest != sorted(rest):
            bad.append(f"attributes out of order: {u.order}")  # RFC 4271 5, a SHOULD
        if u.order[:1] not in ([wire.MP_REACH], [wire.MP_UNREACH]):
            bad.append(f"MP_REACH or MP_UNREACH is not the first attribute: {u.order}")  # RFC 7606 5.1, a SHOULD
        self.faults += bad
