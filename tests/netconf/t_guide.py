# SPDX-License-Identifier: ISC
"""What the guide says in Python does what it says."""
import io
import os
import re
import unittest
from contextlib import redirect_stdout

from ncclient import manager

from harness import Engine, client, values

GUIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "doc", "guide.md")


class Guide(unittest.TestCase):
    def test_examples(self):
        with open(GUIDE) as f:
            blocks = re.findall(r"^```python\n(.*?)^```", f.read(), re.M | re.S)
        self.assertGreater(len(blocks), 2)
        eng = Engine()
        self.addCleanup(eng.close)
        own = manager.connect
        self.addCleanup(setattr, manager, "connect", own)
        manager.connect = lambda **kw: client(eng)
        names, out = {}, io.StringIO()
        with redirect_stdout(out):
            for b in blocks:
                exec(b, names)
        self.assertIn("invalid-value /evpnd:bgp/l2vpn-evpn/vni[id='99999999']", out.getvalue())
        self.assertIn("<sessions>", out.getvalue())
        self.assertIn("commit", out.getvalue())
        with client(eng) as m:
            self.assertEqual(values(m.get_config("running"), "//e:vni/e:id"), ["10010", "10020"])


if __name__ == "__main__":
    unittest.main()
