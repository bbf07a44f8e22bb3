# SPDX-License-Identifier: ISC
"""The server's own SSH, and OpenSSH's sshd with the subsystem, both on a high port of loopback."""
import getpass
import os
import shutil
import signal
import socket
import subprocess
import time
import unittest

from ncclient import manager
from ncclient.transport.errors import AuthenticationError

from harness import NETCONF, WAIT, Engine, Raw, bgp, command, free_port, no_rules, refused, values, wait_for

SSHD = "/usr/sbin/sshd"
ME = getpass.getuser()


def keygen(path):
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)


def connects(port):
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False


class Ssh(unittest.TestCase):
    """With the server's own SSH."""

    rules_off = True  # who runs this may be anybody

    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)
        self.dir = self.eng.dir
        for name in ("host", "mine", "stranger"):
            keygen(os.path.join(self.dir, name))
        shutil.copy(os.path.join(self.dir, "mine.pub"), os.path.join(self.dir, "keys-" + ME))
        shutil.copy(os.path.join(self.dir, "mine.pub"), os.path.join(self.dir, "keys-guest"))
        self.port = free_port()

    def serve(self, *more):
        if self.rules_off:
            more += ("--nacm", no_rules(self.eng))
        log = open(os.path.join(self.dir, "netconf.log"), "wb")
        self.server = subprocess.Popen(
            [NETCONF, "-p", str(self.port), "--listen", "127.0.0.1", "--rundir", self.dir,
             "--host-key", os.path.join(self.dir, "host"),
             "--authorized-keys", os.path.join(self.dir, "keys-%u"), *more],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        self.addCleanup(self.end)
        wait_for("the server listens", self.listens)

    def listens(self):
        if self.server.poll() is not None:
            with open(os.path.join(self.dir, "netconf.log")) as f:
                raise AssertionError("it has ended: " + f.read())
        return connects(self.port)

    def end(self):
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(WAIT)
        with open(os.path.join(self.dir, "netconf.log")) as f:
            text = f.read()
        self.assertNotIn("Sanitizer", text)

    def connect(self, user=ME, key="mine"):
        return manager.connect(host="127.0.0.1", port=self.port, username=user, hostkey_verify=False,
                               key_filename=os.path.join(self.dir, key), allow_agent=False, look_for_keys=False,
                               timeout=WAIT)

    def edit(self):
        with self.connect() as m:
            m.edit_config(bgp("<router-id>192.0.2.44</router-id>"), target="candidate")
            m.commit()
            self.assertEqual(values(m.get_config("running"), "//e:bgp/e:router-id"), ["192.0.2.44"])

    def test_ssh(self):
        self.serve()
        self.edit()
        with self.assertRaises(AuthenticationError):
            self.connect(key="stranger")
        with self.assertRaises(AuthenticationError):
            self.connect(user="nobody-here")
        with self.assertRaises(AuthenticationError):
            self.connect(user="../mine.pub")
        # Two sessions at once, with numbers of their own, and a third after a server that was cut off.
        with self.connect() as a, self.connect() as b:
            self.assertNotEqual(a.session_id, b.session_id)
            a.lock("candidate")
        with self.connect() as c:
            wait_for("the lock is gone", lambda: self.try_lock(c))

    def try_lock(self, m):
        try:
            m.lock("candidate")
            return True
        except Exception:
            return False

    def test_large(self):
        """More than any window or socket holds, both ways."""
        self.serve()
        many = "".join("<vni><id>%d</id><route-target-import>65001:%d</route-target-import></vni>" % (i, i)
                       for i in range(1, 4001))
        with self.connect() as m:
            m.edit_config(bgp("<l2vpn-evpn>%s</l2vpn-evpn>" % many), target="candidate")
            self.assertEqual(len(values(m.get_config("candidate"), "//e:vni/e:id")), 4000)
            m.discard_changes()

    def test_limit(self):
        self.serve("--sessions", "3")
        with self.connect(), self.connect(), self.connect():
            with self.connect() as m, refused("resource-denied", word="3 NETCONF sessions"):
                m.get_config("running")
        # Connections that never log in have a bound of their own, a few above that.
        silent = [socket.create_connection(("127.0.0.1", self.port)) for _ in range(3 + 32)]
        more = socket.create_connection(("127.0.0.1", self.port))
        more.settimeout(WAIT)
        self.assertIn(b"too many connections", more.recv(100))
        more.close()
        for s in silent:
            s.close()
        wait_for("there is room again", lambda: self.try_connect())

    def try_connect(self):
        try:
            with self.connect():
                return True
        except Exception:
            time.sleep(0.2)
            return False

    def test_other_channels(self):
        """No shell, no command, no other subsystem."""
        self.serve()
        base = ["ssh", "-F", "/dev/null", "-i", os.path.join(self.dir, "mine"), "-p", str(self.port),
                "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes"]
        for what in (["127.0.0.1", "id"], ["-s", "127.0.0.1", "sftp"]):
            p = subprocess.run(base + what, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, timeout=WAIT * 2)
            self.assertNotEqual(p.returncode, 0)
            self.assertEqual(p.stdout, b"")
        # A password is not even asked for.
        p = subprocess.run(base + ["-o", "PubkeyAuthentication=no", "-v", "127.0.0.1", "id"], stdin=subprocess.DEVNULL,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=WAIT)
        self.assertIn(b"(publickey)", p.stderr)


@unittest.skipUnless(os.path.exists(SSHD), "openssh-server is not there")
class Sshd(Ssh):
    """The same tests with OpenSSH in front: a site's own keys and policy."""

    def serve(self, *more):
        if more:
            self.skipTest("sshd bounds its sessions itself")
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)
        wrapper = os.path.join(self.dir, "subsystem")
        with open(wrapper, "w") as f:
            f.write("#!/bin/sh\n")
            for name in ("EVPND_YANG_PATH", "EVPND_IETF_YANG_PATH"):
                if name in os.environ:
                    f.write("export %s='%s'\n" % (name, os.environ[name]))
            f.write("exec %s\n" % " ".join(command(self.eng)))
        os.chmod(wrapper, 0o755)
        conf = os.path.join(self.dir, "sshd_config")
        with open(conf, "w") as f:
            f.write("Port %d\nListenAddress 127.0.0.1\nHostKey %s/host\nAuthorizedKeysFile %s/keys-%%u\n"
                    "PidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
                    "KbdInteractiveAuthentication no\nPermitRootLogin prohibit-password\n"
                    "Subsystem netconf %s\n" % (self.port, self.dir, self.dir, wrapper))
        log = open(os.path.join(self.dir, "netconf.log"), "wb")
        self.server = subprocess.Popen([SSHD, "-D", "-e", "-f", conf], stdin=subprocess.DEVNULL, stdout=log,
                                       stderr=log)
        self.addCleanup(self.end)
        wait_for("sshd listens", self.listens)

    def test_other_channels(self):
        self.skipTest("that is sshd's business")


if __name__ == "__main__":
    unittest.main()
