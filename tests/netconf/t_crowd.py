# SPDX-License-Identifier: ISC
"""Hundreds of sessions living at once: each is served, memory is bounded and printed, one too many is told why."""
import os
import re
import unittest

from harness import Engine, Raw, command, wait_for
from t_ssh import ME, Ssh

MANY = 200
GET = b"<get-config><source><running/></source></get-config>"
PROCESS_MAX = 200 << 10  # kilobytes of a session's process, sanitizers included
ENGINE_MAX = 256  # kilobytes of the engine for a session


def pss(pid):
    """Kilobytes of a process, with its part of what it shares."""
    with open("/proc/%d/smaps_rollup" % pid) as f:
        return int(re.search(r"^Pss:\s*(\d+)", f.read(), re.M).group(1))


def children(pid):
    with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
        return [int(p) for p in f.read().split()]


def with_all_below(pid):
    return [pid] + [p for c in children(pid) for p in with_all_below(c)]


class Crowd(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)
        self.crowd = []
        self.addCleanup(lambda: [c.close() for c in self.crowd])

    def come(self, n, **how):
        for _ in range(n):
            c = Raw(self.eng, **how)
            self.crowd.append(c)
            self.assertIn(b"session-id", c.hello("1.1"))
        return self.crowd[-1]

    def test_hundreds(self):
        before = self.eng.memory()
        self.come(MANY)
        # All of them live, and all are served again, while one of them holds a lock.
        self.assertIn(b"<ok/>", self.crowd[7].ask(b"<lock><target><candidate/></target></lock>"))
        for c in self.crowd:
            self.assertIn(b"65001", c.ask(GET))
        self.assertIn(b"lock-denied", self.crowd[8].ask(b"<lock><target><candidate/></target></lock>"))
        self.assertIn("leaf1", self.eng.vtysh("show running-config"))
        engine = (self.eng.memory() - before) / MANY
        each = [pss(c.proc.pid) for c in self.crowd]
        print("%d sessions at once: %d kB a session's process (the largest %d), %d kB of the engine for each"
              % (MANY, sum(each) / MANY, max(each), engine))
        self.assertLess(max(each), PROCESS_MAX)
        self.assertLess(engine, ENGINE_MAX)
        # When they have gone the engine has room for as many again.
        while self.crowd:
            self.crowd.pop().close()
        grown = self.eng.memory()
        self.come(10)
        self.assertLess(self.eng.memory() - grown, 10 * ENGINE_MAX)

    def test_one_too_many(self):
        few = command(self.eng, "--sessions", "3")
        self.come(3, argv=few)
        c = Raw(self.eng, argv=few)
        self.assertIn(b"session-id", c.hello("1.1"))
        answer = c.ask(GET, number=7)
        for want in (b"resource-denied", b"3 NETCONF sessions", b'message-id="7"'):
            self.assertIn(want, answer)
        self.assertIn(b"<ok/>", c.ask(b"<close-session/>"))
        self.assertEqual(c.close(), 0)
        # Whoever is served does not hear of it; and there is room when one goes.
        self.assertIn(b"65001", self.crowd[0].ask(GET))
        self.crowd.pop().close()
        wait_for("there is room again", lambda: self.room(few))

    def room(self, argv):
        c = Raw(self.eng, argv=argv)
        c.hello("1.1")
        answer = c.ask(GET)
        c.close()
        return b"65001" in answer


class CrowdBySsh(Ssh):
    """The same over the server's own SSH."""
    test_ssh = test_large = test_limit = test_other_channels = None

    def test_hundreds(self):
        self.serve()
        argv = ["ssh", "-F", "/dev/null", "-i", os.path.join(self.dir, "mine"), "-p", str(self.port),
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes",
                "-o", "LogLevel=ERROR", "-s", ME + "@127.0.0.1", "netconf"]
        before = self.eng.memory()
        crowd = []
        self.addCleanup(lambda: [c.close() for c in crowd])
        for _ in range(MANY):
            c = Raw(self.eng, argv=argv)
            crowd.append(c)
            self.assertIn(b"session-id", c.hello("1.1"))
        for c in crowd:
            self.assertIn(b"65001", c.ask(GET))
        for p in [p for c in children(self.server.pid) for p in with_all_below(c)]:
            with open("/proc/%d/status" % p) as f:
                self.assertRegex(f.read(), r"(?m)^Seccomp:\s*2$")
        each = [sum(map(pss, with_all_below(p))) for p in children(self.server.pid)]
        self.assertEqual(len(each), MANY)
        print("%d sessions over SSH at once: %d kB a session's two processes (the largest %d), "
              "%d kB of the engine for each" % (MANY, sum(each) / MANY, max(each), (self.eng.memory() - before) / MANY))
        self.assertLess(max(each), 2 * PROCESS_MAX)


del Ssh


if __name__ == "__main__":
    unittest.main()
