# SPDX-License-Identifier: ISC
"""NACM (RFC 8341): what a user may not do, he cannot."""
import getpass
import os
import unittest

from ncclient.xml_ import to_ele

from harness import NETCONF, NS, OURS, Engine, bgp, client, command, refused, values
from t_ssh import Ssh

NACM = "urn:ietf:params:xml:ns:yang:ietf-netconf-acm"

RULES = """<nacm xmlns="%s">
  <groups>
    <group><name>operators</name><user-name>guest</user-name></group>
  </groups>
  <rule-list>
    <name>operators</name>
    <group>operators</group>
    <rule><name>no-delete</name><module-name>ietf-netconf</module-name>
      <rpc-name>discard-changes</rpc-name><access-operations>exec</access-operations><action>deny</action></rule>
    <rule><name>secret</name><path xmlns:e="%s">/e:system/e:hostname</path>
      <access-operations>read</access-operations><action>deny</action></rule>
    <rule><name>one</name><path xmlns:e="%s">/e:bgp/e:l2vpn-evpn/e:vni[e:id='20']</path>
      <access-operations>*</access-operations><action>deny</action></rule>
    <rule><name>vnis</name><path xmlns:e="%s">/e:bgp/e:l2vpn-evpn/e:vni</path>
      <access-operations>create update delete</access-operations><action>permit</action></rule>
  </rule-list>
</nacm>
""" % (NACM, OURS, OURS, OURS)


CLEAR = ('<action xmlns="urn:ietf:params:xml:ns:yang:1"><state xmlns="%s"><sessions><session><address>%s</address>'
         "<clear/></session></sessions></state></action>")
CLEAR_ALL = '<clear-sessions xmlns="%s"/>' % OURS
ROLLBACK = '<rollback xmlns="%s"><number>0</number></rollback>' % OURS
CHANGING = (CLEAR_ALL, ROLLBACK, '<resync xmlns="%s"/>' % OURS, CLEAR % (OURS, "192.0.2.9"))

# Of actions, the paths count; nothing here denies to read all that there is.
ACTIONS = """<nacm xmlns="%s">
  <groups><group><name>operators</name><user-name>guest</user-name></group></groups>
  <rule-list>
    <name>operators</name>
    <group>operators</group>
    <rule><name>one</name><path xmlns:e="%s">/e:state/e:sessions/e:session[e:address='192.0.2.9']/e:clear</path>
      <access-operations>exec</access-operations><action>deny</action></rule>
    <rule><name>two</name><path xmlns:e="%s">/e:state/e:sessions/e:session[e:address='192.0.2.8']</path>
      <access-operations>read</access-operations><action>deny</action></rule>
  </rule-list>
</nacm>
""" % (NACM, OURS, OURS)

NO_DENIAL = """<nacm xmlns="%s">
  <groups><group><name>operators</name><user-name>guest</user-name></group></groups>
</nacm>
""" % NACM


def vni(n, op=""):
    return "<l2vpn-evpn><vni%s><id>%d</id></vni></l2vpn-evpn>" % (op, n)


class Nacm(Ssh):
    """As another user: the server's own SSH lets a test be anybody."""

    test_ssh = test_large = test_limit = test_other_channels = None
    rules_off = False

    def rules(self, text=RULES):
        path = os.path.join(self.dir, "nacm.xml")
        with open(path, "w") as f:
            f.write(text)
        return path

    def test_default(self):
        """Without rules root may do everything, others may read."""
        self.serve()
        with self.connect("guest") as m:
            self.assertEqual(values(m.get_config("running"), "//e:hostname"), ["leaf1"])
            with refused("access-denied"):
                m.edit_config(bgp(vni(10)), target="candidate")
            with refused("access-denied"):
                m.delete_config("startup")
            with refused("access-denied"):
                m.kill_session("1")
            for word in CHANGING:
                with refused("access-denied"):
                    m.dispatch(to_ele(word))
            with refused("access-denied"):
                m.lock("candidate")
            with refused("access-denied"):
                m.discard_changes()
            m.validate("running")
        if getpass.getuser() == "root":
            with self.connect("root") as m:
                m.edit_config(bgp(vni(10)), target="candidate")
                m.discard_changes()

    def test_rules(self):
        self.serve("--nacm", self.rules())
        with self.connect("guest") as m:
            self.assertEqual(values(m.get_config("running"), "//e:hostname"), [])
            self.assertEqual(values(m.get_config("running"), "//e:bgp/e:as"), ["65001"])
            m.edit_config(bgp(vni(10)), target="candidate")
            with refused("access-denied", "vni[id='20']"):
                m.edit_config(bgp(vni(20)), target="candidate")
            with refused("access-denied", "router-id"):
                m.edit_config(bgp("<router-id>192.0.2.5</router-id>"), target="candidate")
            with refused("access-denied", word="discard-changes"):
                m.discard_changes()
            m.commit()
            self.assertEqual(values(m.get_config("running"), "//e:vni/e:id"), ["10"])
            # What somebody else put into the candidate he may not commit.
            self.eng_edit("<router-id>192.0.2.6</router-id>")
            with refused("access-denied", "router-id"):
                m.commit()
            with refused("access-denied"):
                m.copy_config(source="startup", target="candidate")
            self.assertEqual(values(m.get_config("running"), "//e:bgp/e:router-id"), ["192.0.2.1"])

    def eng_edit(self, inner):
        with client(self.eng) as root:
            root.edit_config(bgp(inner), target="candidate")

    def test_write_only_shows(self):
        """The rules are to be seen by who may, and not to be written by anybody."""
        self.serve("--nacm", self.rules())
        f = ("subtree", '<nacm xmlns="%s"/>' % NACM)
        with self.connect("guest") as m:
            self.assertEqual(len(m.get(f).data), 0)
        if getpass.getuser() == "root":
            with self.connect("root") as m:
                self.assertIn("operators", m.get(f).xml)

    def test_hidden_unless_permitted(self):
        """RFC 8341 3.4.5: who may read all the rest reads no rules by default (default-deny-all)."""
        self.serve("--nacm", self.rules(NO_DENIAL))
        with self.connect("guest") as m:
            self.assertEqual(len(m.get(("subtree", '<nacm xmlns="%s"/>' % NACM)).data), 0)
            self.assertNotIn("operators", m.get(("xpath", "//*")).xml)

    def test_actions(self):
        """RFC 8341 3.4.5: an action is a node with a path, and who uses it can read the way to it."""
        self.serve("--nacm", self.rules(ACTIONS))
        with self.connect("guest") as m:
            for address in ("192.0.2.9", "192.0.2.8"):
                with refused("access-denied"):
                    m.dispatch(to_ele(CLEAR % (OURS, address)))
            with refused("operation-failed"):
                m.dispatch(to_ele(CLEAR % (OURS, "192.0.2.7")))

    def test_rollback(self):
        """It writes all of the candidate, so it is for who may write all."""
        self.serve("--nacm", self.rules())
        with client(self.eng) as root:
            root.edit_config(bgp(vni(10)), target="candidate")
            root.commit()
        with self.connect("guest") as m:
            with refused("access-denied"):
                m.dispatch(to_ele(ROLLBACK))
        if getpass.getuser() == "root":
            with self.connect("root") as m:
                m.dispatch(to_ele(ROLLBACK))

    def test_broken_rules(self):
        """Rules that cannot be read let nobody in."""
        self.serve("--nacm", self.rules("<nacm xmlns='%s'><nonsense/></nacm>" % NACM))
        with self.assertRaises(Exception):
            with self.connect("guest"):
                pass


del Ssh


if __name__ == "__main__":
    unittest.main()
