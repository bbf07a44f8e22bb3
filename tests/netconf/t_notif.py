# SPDX-License-Identifier: ISC
"""Notifications (RFC 5277) and the operations of our own module."""
import datetime
import fcntl
import unittest

from ncclient.xml_ import to_ele

from harness import BASE, NS, OURS, WAIT, Engine, Raw, bgp, client, refused, tree, values, wait_for

NOTIF = "urn:ietf:params:xml:ns:netconf:notification:1.0"


def now(seconds=0):
    t = datetime.datetime.utcnow() + datetime.timedelta(seconds=seconds)
    return t.strftime("%Y-%m-%dT%H:%M:%SZ")


def subscribe(m, more=""):
    m.dispatch(to_ele('<create-subscription xmlns="%s">%s</create-subscription>' % (NOTIF, more)))


class Notifications(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)

    def commit(self, m, last):
        m.edit_config(bgp("<router-id>192.0.2.%d</router-id>" % last), target="candidate")
        m.commit()

    def names(self, m, until):
        """Names of what comes, up to the one that is waited for."""
        got = []

        def one():
            n = m.take_notification(True, 1)
            if n is not None:
                root = n.notification_ele
                got.append([c.tag.split("}")[1] for c in root if not c.tag.endswith("eventTime")][0])
            return until in got
        wait_for("notification " + until, one)
        return got

    def test_live(self):
        with client(self.eng) as m, client(self.eng) as other:
            subscribe(m)
            with refused():
                subscribe(m)
            self.commit(other, 31)
            self.names(m, "commit")
            # Interleave: other requests go on.
            self.assertEqual(values(m.get_config("running"), "//e:bgp/e:router-id"), ["192.0.2.31"])
            self.commit(m, 32)
            self.names(m, "commit")

    def test_replay(self):
        with client(self.eng) as m:
            start = now(-3600)
            self.commit(m, 41)
            subscribe(m, "<startTime>%s</startTime>" % start)
            got = self.names(m, "replayComplete")
            self.assertIn("commit", got)
            self.commit(m, 42)
            self.assertIn("commit", self.names(m, "commit"))

    def test_replay_with_end(self):
        with client(self.eng) as m:
            self.commit(m, 43)
            subscribe(m, "<startTime>%s</startTime><stopTime>%s</stopTime>" % (now(-3600), now(-1800)))
            self.assertEqual(self.names(m, "notificationComplete"), ["replayComplete", "notificationComplete"])
            # A new subscription is possible then.
            subscribe(m)

    def test_filter(self):
        with client(self.eng) as m:
            subscribe(m, '<filter type="subtree"><vni-state xmlns="%s"/></filter><startTime>%s</startTime>'
                      % (OURS, now(-3600)))
            self.assertNotIn("commit", self.names(m, "replayComplete"))

    def test_bad(self):
        with client(self.eng) as m:
            for bad in ("<stream>OTHER</stream>", "<stopTime>%s</stopTime>" % now(60),
                        "<startTime>%s</startTime>" % now(3600),
                        "<startTime>%s</startTime><stopTime>%s</stopTime>" % (now(-10), now(-20)),
                        "<startTime>soon</startTime>"):
                with refused():
                    subscribe(m, bad)
            r = m.get(("subtree", '<netconf xmlns="urn:ietf:params:xml:ns:netmod:notification"/>'))
            self.assertIn("NETCONF", r.xml)
            self.assertIn("replaySupport", r.xml)


class Slow(unittest.TestCase):
    """A subscriber with replay who reads nothing for a while, under load."""

    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)

    def test_slow_reader(self):
        many = 60
        with client(self.eng) as m:
            def commit(i):
                m.edit_config(bgp("<router-id>192.0.2.%d</router-id>" % (i + 1)), target="candidate")
                m.commit()
            for i in range(many // 2):
                commit(i)
            slow = Raw(self.eng)
            fcntl.fcntl(slow.proc.stdout, fcntl.F_SETPIPE_SZ, 4096)
            slow.hello("1.1")
            self.assertIn(b"<ok/>", slow.ask(b'<create-subscription xmlns="%s"><startTime>%s</startTime>'
                                             b"</create-subscription>" % (NOTIF.encode(), now(-3600).encode())))
            # Its pipe is full with the replay; commits go on, and so does another subscriber.
            with client(self.eng) as other:
                subscribe(other)
                before = self.eng.memory()
                for i in range(many // 2, many):
                    commit(i)
                self.assertLess(self.eng.memory() - before, 64 << 10)
                for _ in range(many // 2):
                    self.assertIn("<commit", other.take_notification(True, WAIT).notification_xml)
            # Then it reads: everything is there, in order, and the replay's end where it belongs.
            got, end = [], None
            while len(got) < many:
                msg = slow.read()
                if b"replayComplete" in msg:
                    end = len(got)
                got += [int(n) for n in values(msg, "//e:commit/e:number")]
            self.assertEqual(got, list(range(got[0], got[0] + many)))
            self.assertGreaterEqual(end, many // 2)
            self.assertIn(b"192.0.2.%d" % many, slow.ask(b"<get-config><source><running/></source></get-config>"))
            slow.close()


class Actions(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)

    def test_rpc(self):
        with client(self.eng) as m:
            with refused():
                m.dispatch(to_ele('<clear-nothing xmlns="%s"/>' % OURS))

    def test_action(self):
        text = ('<action xmlns="urn:ietf:params:xml:ns:yang:1"><state xmlns="%s"><sessions><session>'
                "<address>%s</address><clear/></session></sessions></state></action>")
        with client(self.eng) as m:
            m.dispatch(to_ele(text % (OURS, "192.0.2.9")))
            with refused():
                m.dispatch(to_ele(text % (OURS, "192.0.2.99")))


if __name__ == "__main__":
    unittest.main()
