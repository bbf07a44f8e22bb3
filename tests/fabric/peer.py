#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""peer.py: a BGP session in a page of python, for tests that must send what no daemon would."""
import socket
import struct
import time

AS = 65000
MARKER = b"\xff" * 16


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

    def __init__(self, server, source, ident=None):
        self.sock = socket.socket()
        self.sock.bind((source, 0))
        self.sock.connect((server, 179))
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

    def until(self, cond, seconds, others=()):
        """Serves this session, and others beside it, until the condition holds or this one is closed."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if cond():
                return True
            self.poll()
            for other in others:
                other.poll()
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
