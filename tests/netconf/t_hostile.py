# SPDX-License-Identifier: ISC
"""What no good client sends: broken frames, bombs, deep and huge requests, slow clients, crowds."""
import os
import resource
import signal
import socket
import struct
import time
import unittest

from harness import BASE, END, WAIT, Engine, Raw, bgp, client, command, refused, values, wait_for

GET = b"<get-config><source><running/></source></get-config>"


def rpc(inner, number=1):
    return b'<rpc message-id="%d" xmlns="%s">%s</rpc>' % (number, BASE.encode(), inner)


class Case(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.unhurt)

    def unhurt(self):
        """Whatever was done: the engine goes on, and a good client is served."""
        try:
            with client(self.eng) as m:
                self.assertEqual(values(m.get_config("running"), "//e:bgp/e:as"), ["65001"])
            self.assertEqual(self.eng.proc.poll(), None)
        finally:
            self.eng.close()

    def session(self, version="1.1"):
        c = Raw(self.eng)
        c.hello(version)
        return c

    def ends(self, c):
        """The server ends the session; perhaps with a last word."""
        while c.read() is not None:
            pass
        c.close()


class Frames(Case):
    def test_bad_frames(self):
        for bad in (b"\n#0\n", b"\n#-1\n", b"\n#4294967296\n", b"\n#abc\n", b"#5\nhello", b"\n##\n", b"\n#05\nhello",
                    b"\n#99999999999999999999\n", b"hello", b"\n#3\nabc\n#x", b"\0" * 100, b"\xff" * 100):
            c = self.session()
            c.write(bad)
            self.ends(c)

    def test_claimed_length(self):
        """A chunk that claims four gigabytes costs nothing."""
        c = self.session()
        c.write(b"\n#4294967295\n<rpc>")
        self.ends(c)

    def test_pieces(self):
        """A message byte by byte, chunk by chunk, several in one write."""
        c = self.session()
        msg = rpc(GET)
        for i in range(len(msg)):
            c.write(b"\n#1\n" + msg[i:i + 1])
        c.write(b"\n##\n")
        self.assertIn(b"65001", c.read())
        one = b"\n#%d\n%s\n##\n" % (len(msg), msg)
        c.write(one * 20)
        for _ in range(20):
            self.assertIn(b"65001", c.read())
        self.assertEqual(c.close(), 0)

    def test_old_framing(self):
        c = self.session("1.0")
        c.write((rpc(GET) + END) * 5)
        for _ in range(5):
            self.assertIn(b"65001", c.read())
        # The mark in two pieces.
        c.write(rpc(GET) + END[:3])
        time.sleep(0.2)
        c.write(END[3:])
        self.assertIn(b"65001", c.read())
        c.close()

    def test_endless(self):
        """A message without end is cut off at its limit, a hello at a smaller one."""
        c = self.session("1.0")
        for _ in range(40):
            c.write(b"x" * (1 << 20))
        self.ends(c)
        c = Raw(self.eng)
        c.read()
        c.write(b"<hello>" + b"x" * 200000)
        self.ends(c)


class Hello(Case):
    def test_bad_hellos(self):
        for bad in (b"", b"hello", b"<hello/>", b"<rpc/>", b"<!DOCTYPE a []><hello/>",
                    b'<hello xmlns="%s"><capabilities/></hello>' % BASE.encode(),
                    b'<hello xmlns="%s"><capabilities><capability>urn:ietf:params:netconf:base:9.9'
                    b"</capability></capabilities></hello>" % BASE.encode(),
                    b"<a>" * 10000):
            c = Raw(self.eng)
            c.read()
            c.write(bad + END)
            self.ends(c)

    def test_gone_at_once(self):
        for _ in range(5):
            c = Raw(self.eng)
            c.close()


class Xml(Case):
    BOMB = (b'<!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY c "&a;&a;&a;&a;&a;&a;&a;&a;">'
            b'<!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>')

    def test_bombs(self):
        c = self.session()
        for bad in (self.BOMB + rpc(b"<x>&d;</x>"), rpc(b"<a>" * 200000), rpc(b"<a>" * 100 + b"</a>" * 100),
                    b"<rpc", b"", b"not xml", rpc(b"<x>&undefined;</x>"), rpc(b"\0"), b"\xff\xfe" + rpc(GET),
                    b"<a/>" * 100, rpc(b"<close-session"), rpc(b'<x y="' + b"z" * 100000)):
            if not bad:
                continue
            c.write(b"\n#%d\n%s\n##\n" % (len(bad), bad))
            answer = c.read()
            if answer is None:  # a message that is none at all may end the session
                c.close()
                c = self.session()
                continue
            self.assertIn(b"rpc-error", answer)
        self.assertIn(b"65001", c.ask(GET))
        c.close()

    def test_deep_edit(self):
        c = self.session()
        deep = b"<a>" * 40 + b"</a>" * 40
        answer = c.ask(b'<edit-config><target><candidate/></target><config>%s</config></edit-config>' % deep)
        self.assertIn(b"rpc-error", answer)
        self.assertIn(b"65001", c.ask(GET))
        c.close()

    def edit(self, c, body):
        return c.ask(b'<edit-config><target><candidate/></target><config><bgp xmlns="urn:evpnd:evpnd">'
                     b"<l2vpn-evpn>%s</l2vpn-evpn></bgp></config></edit-config>" % body)

    def test_large_edit(self):
        """Forty thousand VNIs, in one edit: it is done, and the engine's memory is printed."""
        before = self.eng.memory()
        c = self.session()
        body = b"".join(b"<vni><id>%d</id></vni>" % i for i in range(1, 40001))
        self.assertIn(b"<ok/>", self.edit(c, body))
        print("40000 VNIs, %d kB of XML, in one edit: %d kB of the engine at most, %d kB as candidate"
              % (len(body) >> 10, self.eng.memory("VmHWM") - before, self.eng.memory() - before))
        self.assertIn(b"<ok/>", c.ask(b"<discard-changes/>"))
        c.close()
        self.assertLess(self.eng.memory("VmHWM") - before, 1 << 20)  # kilobytes, sanitizers included

    def test_huge_edits(self):
        """More than that is refused, before a parser sees it."""
        before = self.eng.memory("VmHWM")
        c = self.session()
        for body in (b"<vni/>" * ((1 << 20) + 2000), b'<vni a=""/>' * ((1 << 19) + 1000), b"<vni><id>%s</id></vni>" % (b"1" * (17 << 20))):
            answer = self.edit(c, body)
            self.assertIn(b"too-big", answer)
            if b"too long" in answer:  # where the next message begins nobody knows
                self.ends(c)
                c = self.session()
        self.assertIn(b"65001", c.ask(GET))
        c.close()
        self.assertLess(self.eng.memory("VmHWM") - before, 64 << 10)

    def test_hard_filters(self):
        c = self.session()
        for bad in (b"//*[", b"/", b"count(/)", b"//*" * 2000, b"a" * 100000, b"(" * 5000, b"current()"):
            answer = c.ask(b'<get-config><source><running/></source><filter type="xpath" select="%s"/></get-config>'
                           % bad)
            if answer is None:
                c.close()
                c = self.session()
        c.close()


class Slow(Case):
    def test_slow_reader(self):
        """Answers that nobody reads stop that session alone."""
        c = self.session()
        msg = rpc(b"<get/>")
        one = b"\n#%d\n%s\n##\n" % (len(msg), msg)
        os.set_blocking(c.proc.stdin.fileno(), False)
        try:
            for _ in range(2000):
                c.proc.stdin.write(one)
                c.proc.stdin.flush()
        except BlockingIOError:
            pass
        before = self.eng.memory()
        with client(self.eng) as m:
            for i in range(5):
                m.edit_config(bgp("<router-id>192.0.2.%d</router-id>" % (50 + i)), target="candidate")
                m.commit()
            self.assertEqual(values(m.get_config("running"), "//e:bgp/e:router-id"), ["192.0.2.54"])
        self.assertLess(self.eng.memory() - before, 200000)
        c.proc.kill()
        c.proc.wait(WAIT)
        for f in (c.proc.stdout, c.proc.stderr):
            f.close()
        try:
            c.proc.stdin.close()
        except OSError:
            pass

    def test_crowd(self):
        """Hundreds at once: some are served, the others are told, nobody else suffers."""
        before = self.eng.memory()
        crowd = [Raw(self.eng) for _ in range(40)]
        extra = []
        for c in crowd:
            self.assertIn(b"session-id", c.hello("1.1"))
        for _ in range(6):
            extra = [Raw(self.eng) for _ in range(30)]
            for c in extra:
                c.close()
        self.assertIn("leaf1", self.eng.vtysh("show running-config"))
        for c in crowd:
            c.close()
        wait_for("room again", self.served)
        self.assertLess(self.eng.memory() - before, 300000)

    def served(self):
        try:
            with client(self.eng):
                return True
        except Exception:
            return False

    def test_killed(self):
        """A session that dies in the middle of anything leaves no lock and no half of an edit."""
        for i in range(10):
            c = self.session()
            c.ask(b"<lock><target><candidate/></target></lock>")
            body = b"".join(b"<vni><id>%d</id></vni>" % n for n in range(1, 500 * i + 2))
            msg = rpc(b'<edit-config><target><candidate/></target><config><bgp xmlns="urn:evpnd:evpnd"><l2vpn-evpn>'
                      b"%s</l2vpn-evpn></bgp></config></edit-config>" % body)
            c.write(b"\n#%d\n%s\n##\n" % (len(msg), msg))
            c.proc.kill()
            c.proc.wait(WAIT)
            for f in (c.proc.stdout, c.proc.stderr):
                f.close()
            try:
                c.proc.stdin.close()
            except OSError:
                pass
        with client(self.eng) as m:
            wait_for("the lock is gone", lambda: self.locks(m))
            self.assertEqual(values(m.get_config("candidate"), "//e:vni/e:id"), [])

    def locks(self, m):
        try:
            m.lock("candidate")
            return True
        except Exception:
            return False


class Filter(Case):
    """Whatever a client makes of a session's process, the kernel lets it do little."""

    def test_filtered(self):
        c = self.session()
        with open("/proc/%d/status" % c.proc.pid) as f:
            text = f.read()
        self.assertRegex(text, r"(?m)^Seccomp:\s*2$")
        self.assertRegex(text, r"(?m)^NoNewPrivs:\s*1$")
        # All kinds of requests pass under it.
        for inner in (b"<get/>", b"<commit/>", b"<get-schema %s><identifier>evpnd</identifier></get-schema>",
                      b'<create-subscription xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0">'
                      b"<startTime>2020-01-01T00:00:00Z</startTime></create-subscription>"):
            if b"%s" in inner:
                inner %= b'xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"'
            self.assertNotIn(b"rpc-error", c.ask(inner))
        self.assertIn(b"replayComplete", self.until(c, b"replayComplete"))
        self.assertEqual(c.close(), 0)

    def until(self, c, word):
        while True:
            msg = c.read()
            if msg is None or word in msg:
                return msg


class Control(Case):
    """The engine's own door, without NETCONF in front."""

    def talk(self, data):
        s = socket.socket(socket.AF_UNIX)
        s.connect(os.path.join(self.eng.dir, "evpnd.vty"))
        s.settimeout(WAIT)
        s.sendall(struct.pack(">IHI", 6, 1, 2))
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while s.recv(65536):
                pass
        except OSError:
            pass
        s.close()

    def test_payloads_at_once(self):
        """What all sessions have sent together is bounded too; one more is told."""
        before = self.eng.memory("VmHWM")
        piece = struct.pack(">IH", 2 + 65536, 17) + b"x" * 65536
        crowd, answer = [], b""
        for _ in range(6):
            s = socket.socket(socket.AF_UNIX)
            s.connect(os.path.join(self.eng.dir, "evpnd.vty"))
            s.settimeout(WAIT)
            s.sendall(struct.pack(">IHI", 6, 1, 2))
            s.sendall(piece * 240)
            crowd.append(s)
        # The operation is WHO, the first: all other fields are zero.
        crowd[-1].sendall(struct.pack(">IH", 2 + 24, 18) + b"\0" * 24)
        while b"resource-denied" not in answer:
            got = crowd[-1].recv(65536)
            self.assertTrue(got)
            answer += got
        for s in crowd:
            s.close()
        self.assertLess(self.eng.memory("VmHWM") - before, 512 << 10)

    def test_bad_requests(self):
        for data in (struct.pack(">IH", 2, 18), struct.pack(">IHB", 3, 18, 200), struct.pack(">IH", 2, 17) * 100,
                     struct.pack(">IH", 2 + 20, 18) + b"\xff" * 20,
                     (struct.pack(">IH", 2 + 60000, 17) + b"x" * 60000) * 700,
                     struct.pack(">IH", 3, 17) + b"\0"):
            self.talk(data)


if __name__ == "__main__":
    unittest.main()
