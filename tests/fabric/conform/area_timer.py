# SPDX-License-Identifier: ISC
"""Hold and keepalive timers.  They are held to their lower bounds; a loaded machine may be late."""
import time

import wire
from bench import Cases, check, conf

NUMBER = 14
CASES = Cases()


def setup(b):
    b.start(conf(lines=["bgp graceful-restart-disable", "bgp listen limit 200"],
                 neighbors={"IN": ["peer-group", "remote-as internal", "evpn:route-reflector-client"],
                            b.address(1): ["remote-as 65000", "evpn:route-reflector-client"]},
                 listen={b.range(): "IN"}))


@CASES("RFC 4271 4.4, 10: with a hold time of 3 s a KEEPALIVE comes each second, not faster")
def _(b):
    s = b.fresh(hold=3).establish()
    b.hub.run(4.2)
    times = [t for t, kind, _ in s.messages if kind == wire.KEEPALIVE][1:]
    check(3 <= len(times) <= 6, f"{len(times)} in 4.2 s")  # a loaded machine may be late, never early
    s.close()


@CASES("RFC 4271 6.5: the hold timer: NOTIFICATION 4/0, not before its time, and the routes go")
def _(b):
    s = b.fresh(hold=3).establish()
    n = b.route()
    s.announce(n)
    b.sees(b.up(1), n)
    s.auto, t0 = False, s.last_sent
    b.wait(lambda: s.closed, "the session outlives its hold time", 20)
    check(s.notification and s.notification[:2] == (4, 0), s.why())
    check(time.monotonic() - t0 > 2.9, "too early")
    b.loses(b.up(1), n)


@CASES("RFC 4271 8.2.2: the hold timer runs in OpenConfirm too")
def _(b):
    s = b.fresh(hold=3, auto=False).connect()
    s.say_open()
    t0 = time.monotonic()
    b.wait(lambda: s.closed, "a session without a KEEPALIVE stays", 20)
    check(s.notification and s.notification[:2] == (4, 0), s.why())
    check(time.monotonic() - t0 > 2.9, "too early")


@CASES("RFC 4271 8.2.2: an UPDATE restarts the hold timer as a KEEPALIVE does")
def _(b):
    s = b.fresh(hold=3).establish()
    s.auto = False
    for _ in range(5):
        s.announce(b.route())
        b.hub.run(1.0)
    check(not s.closed, f"the session ended: {s.why()}")
    s.close()


@CASES("RFC 4271 6.5: octets that make no message do not restart the hold timer")
def _(b):
    s = b.fresh(hold=3).establish()
    s.auto = False
    raw = wire.update(wire.mp_reach(b.route()) + s.path())
    for i in range(30):
        s.send(raw[i:i + 1])
        b.hub.run(0.25)
        if s.closed:
            break
    b.wait(lambda: s.closed, "dribbling keeps a session", 10)
    check(s.notification and s.notification[:2] == (4, 0), s.why())


@CASES("RFC 4271 4.2: with a hold time of 0 nobody sends KEEPALIVE and nothing expires")
def _(b):
    s = b.fresh(hold=0).establish()
    before = len(s.messages)
    b.hub.run(3.5)
    check(len(s.messages) == before, f"{len(s.messages) - before} messages")
    b.alive(s, b.up(1))
    s.close()
