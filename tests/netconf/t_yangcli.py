# SPDX-License-Identifier: ISC
"""yangcli, yuma123's client, over the server's own SSH."""
import os
import shutil
import subprocess
import unittest

from harness import OURS, WAIT, client, values
from t_ssh import ME, Ssh

SCRIPT = """get-config source=running
lock target=candidate
edit-config target=candidate default-operation=merge config=@edit.xml
validate source=candidate
commit
edit-config target=candidate default-operation=merge config=@edit2.xml
discard-changes
unlock target=candidate
create-subscription
close-session
quit
"""


@unittest.skipUnless(shutil.which("yangcli"), "yangcli is not there")
class Yangcli(Ssh):
    test_ssh = test_large = test_limit = test_other_channels = None

    def run_script(self, text):
        path = os.path.join(self.dir, "script")
        with open(path, "w") as f:
            f.write(text)
        ietf = os.environ.get("EVPND_IETF_YANG_PATH", "/usr/share/yuma/modules")
        env = dict(os.environ, HOME=self.dir, YUMA_MODPATH=os.environ["EVPND_YANG_PATH"] + ":" + ietf)
        p = subprocess.run(
            ["yangcli", "--server=127.0.0.1", "--ncport=%d" % self.port, "--user=" + ME, "--password=none",
             "--private-key=%s/mine" % self.dir, "--public-key=%s/mine.pub" % self.dir, "--batch-mode",
             "--run-script=" + path],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=WAIT * 2, env=env,
            cwd=self.dir, text=True)
        return p.stdout

    def test_session(self):
        self.serve()
        for name, n in (("edit", 10), ("edit2", 11)):
            with open(os.path.join(self.dir, name + ".xml"), "w") as f:
                f.write('<bgp xmlns="%s"><l2vpn-evpn><vni><id>%d</id></vni></l2vpn-evpn></bgp>' % (OURS, n))
        out = self.run_script(SCRIPT)
        self.assertIn("hostname leaf1", out)
        # The answer to close-session may come after yangcli has gone.
        self.assertGreaterEqual(out.count("RPC OK Reply"), 8, out)
        self.assertNotIn("RPC Error Reply", out)
        with client(self.eng) as m:
            self.assertEqual(values(m.get_config("running"), "//e:vni/e:id"), ["10"])
            self.assertEqual(values(m.get_config("candidate"), "//e:vni/e:id"), ["10"])
            m.lock("candidate")

    def test_error(self):
        self.serve()
        with client(self.eng) as m:
            m.lock("candidate")
            out = self.run_script("lock target=candidate\nclose-session\nquit\n")
        self.assertIn("RPC Error Reply", out)
        self.assertIn("lock-denied", out)


del Ssh


if __name__ == "__main__":
    unittest.main()
