# SPDX-License-Identifier: ISC
"""Every operation and capability, good and bad, with ncclient."""
import os
import threading
import unittest

from lxml import etree
from ncclient.xml_ import to_ele

from harness import (BASE, LEAF, NETCONF, NS, OURS, Engine, bgp, client, config, refused, tree, values, wait_for)

RID = '<router-id>%s</router-id>'
VNI = '<l2vpn-evpn><vni%s><id>%s</id>%s</vni></l2vpn-evpn>'


def op(name):
    return ' nc:operation="%s"' % name


class Case(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)

    def router_id(self, m, store="running"):
        got = values(m.get_config(store), "//e:bgp/e:router-id")
        return got[0] if got else None


class Hello(Case):
    def test_capabilities(self):
        with client(self.eng) as m:
            caps = " ".join(m.server_capabilities)
            for want in ("base:1.0", "base:1.1", "candidate:1.0", "confirmed-commit:1.1", "rollback-on-error:1.0",
                         "validate:1.1", "startup:1.0", "xpath:1.0", "notification:1.0", "interleave:1.0",
                         "with-defaults:1.0?basic-mode=trim", "yang-library:1.1", "ietf-netconf-monitoring"):
                self.assertIn(want, caps)
            self.assertNotIn("writable-running", caps)

    def test_session_ids_differ(self):
        with client(self.eng) as a, client(self.eng) as b:
            self.assertNotEqual(a.session_id, b.session_id)

    def test_no_engine(self):
        eng = Engine()
        eng.stop()
        with self.assertRaises(Exception):
            with client(eng):
                pass
        eng.start()
        eng.close()


class Read(Case):
    def test_get_config(self):
        with client(self.eng) as m:
            for store in ("running", "candidate", "startup"):
                self.assertEqual(self.router_id(m, store), "192.0.2.1")

    def test_subtree(self):
        with client(self.eng) as m:
            r = m.get_config("running", ("subtree", '<system xmlns="%s"/>' % OURS))
            self.assertEqual(values(r, "//e:hostname"), ["leaf1"])
            self.assertEqual(values(r, "//e:bgp"), [])
            # A content match selects its entry, with what is asked for and its key.
            f = '<bgp xmlns="%s"><neighbor><address>192.0.2.9</address><remote-as/></neighbor></bgp>' % OURS
            r = m.get_config("running", ("subtree", f))
            self.assertEqual(values(r, "//e:neighbor/e:remote-as"), ["65001"])
            self.assertEqual(values(r, "//e:neighbor/e:address"), ["192.0.2.9"])
            self.assertEqual(values(r, "//e:shutdown"), [])
            f = f.replace("192.0.2.9", "192.0.2.8")
            self.assertEqual(values(m.get_config("running", ("subtree", f)), "//e:bgp"), [])
            # Only content: the whole entry.
            f = '<bgp xmlns="%s"><neighbor><address>192.0.2.9</address></neighbor></bgp>' % OURS
            self.assertEqual(values(m.get_config("running", ("subtree", f)), "//e:shutdown"), ["true"])
            # An empty filter selects nothing (RFC 6241 6.4.2).
            r = m.dispatch(to_ele('<get-config xmlns="%s"><source><running/></source>'
                                  '<filter type="subtree"/></get-config>' % BASE))
            self.assertEqual(len(tree(r).xpath("//nc:data/*", namespaces=NS)), 0)

    def test_xpath(self):
        with client(self.eng) as m:
            x = ({"e": OURS}, "/e:bgp/e:neighbor[e:address='192.0.2.9']/e:remote-as")
            r = m.get_config("running", ("xpath", x))
            self.assertEqual(values(r, "//e:remote-as"), ["65001"])
            self.assertEqual(values(r, "//e:shutdown"), [])
            with refused():
                m.get_config("running", ("xpath", ({"e": OURS}, "/e:bgp[")))

    def test_xpath_without_names(self):
        """Steps that name nothing may mean everything."""
        with client(self.eng) as m:
            for path in ("/*", "/node()", "/child::node()"):
                r = m.get(("xpath", path))
                self.assertEqual(values(r, "//e:system/e:hostname")[:1], ["leaf1"], path)
                self.assertIn("<state", r.xml, path)

    def test_with_defaults(self):
        with client(self.eng) as m:
            f = ("subtree", '<bgp xmlns="%s"/>' % OURS)
            path = "//e:bgp/e:always-compare-med"
            self.assertEqual(values(m.get_config("running", f), path), [])
            self.assertEqual(values(m.get_config("running", f, with_defaults="trim"), path), [])
            for mode in ("report-all", "report-all-tagged"):
                self.assertEqual(values(m.get_config("running", f, with_defaults=mode), path), ["false"])
            tagged = m.get_config("running", f, with_defaults="report-all-tagged").xml
            self.assertIn('default="true"', tagged)

    def test_get_state(self):
        with client(self.eng) as m:
            r = m.get(("subtree", '<state xmlns="%s"/>' % OURS))
            self.assertEqual(len(tree(r).xpath("//nc:data/e:state", namespaces=NS)), 1)
            r = m.get(("xpath", ({"e": OURS}, "/e:state/e:sessions/e:session[e:address='192.0.2.9']")))
            self.assertEqual(values(r, "//e:session/e:address"), ["192.0.2.9"])
            self.assertEqual(values(m.get(), "//e:bgp/e:as"), ["65001"])

    def test_monitoring(self):
        with client(self.eng) as m, client(self.eng) as other:
            m.lock("candidate")
            r = other.get(("subtree", '<netconf-state xmlns="%s"/>' % NS["m"]))
            ids = values(r, "//m:session/m:session-id")
            self.assertIn(m.session_id, ids)
            self.assertIn(other.session_id, ids)
            self.assertEqual(values(r, "//m:datastore[m:name='candidate']//m:locked-by-session"), [m.session_id])
            self.assertIn("evpnd", values(r, "//m:schema/m:identifier"))
            r = other.get(("subtree", '<yang-library xmlns="%s"/>' % NS["yl"]))
            self.assertIn("evpnd", values(r, "//yl:module/yl:name"))
            r = other.get(("subtree", '<modules-state xmlns="%s"/>' % NS["yl"]))
            self.assertIn("ietf-netconf", values(r, "//yl:module/yl:name"))

    def test_get_schema(self):
        with client(self.eng) as m:
            text = m.get_schema("evpnd").data
            self.assertIn("module evpnd", text)
            self.assertIn("submodule evpnd-state", m.get_schema("evpnd-state").data)
            with refused():
                m.get_schema("no-such-module")


class Edit(Case):
    def test_candidate_commit(self):
        with client(self.eng) as m:
            m.edit_config(bgp(RID % "192.0.2.77"), target="candidate")
            self.assertEqual(self.router_id(m), "192.0.2.1")
            self.assertEqual(self.router_id(m, "candidate"), "192.0.2.77")
            m.validate("candidate")
            m.commit()
            self.assertEqual(self.router_id(m), "192.0.2.77")
            # Committed is persistent, and vtysh sees it.
            self.assertIn("192.0.2.77", self.eng.startup())
            self.assertIn("192.0.2.77", self.eng.vtysh("show running-config"))

    def test_discard(self):
        with client(self.eng) as m:
            m.edit_config(bgp(RID % "192.0.2.77"), target="candidate")
            m.discard_changes()
            self.assertEqual(self.router_id(m, "candidate"), "192.0.2.1")

    def test_operations(self):
        with client(self.eng) as m:
            def edit(inner, **k):
                m.edit_config(bgp(inner), target="candidate", **k)

            edit(VNI % (op("create"), 10, ""))
            with refused("data-exists", "vni[id='10']"):
                edit(VNI % (op("create"), 10, ""))
            edit(VNI % (op("merge"), 10, "<rd>192.0.2.1:10</rd>"))
            edit(VNI % (op("replace"), 10, "<route-target-import>1:1</route-target-import>"))
            r = m.get_config("candidate")
            self.assertEqual(values(r, "//e:vni/e:rd"), [])
            self.assertEqual(values(r, "//e:vni/e:route-target-import"), ["1:1"])
            edit(VNI % (op("delete"), 10, ""))
            with refused("data-missing", "vni[id='10']"):
                edit(VNI % (op("delete"), 10, ""))
            edit(VNI % (op("remove"), 10, ""))
            with refused("data-missing"):
                edit(VNI % ("", 10, ""), default_operation="none")
            with refused("invalid-value"):
                edit(VNI % ("", "0", ""))
            with refused("unknown-element"):
                edit("<colour>red</colour>")
            with refused("unknown-namespace"):
                m.edit_config(config('<x xmlns="urn:x"/>'), target="candidate")
            # An edit that fails leaves nothing behind.
            with refused():
                edit(RID % "192.0.2.99" + VNI % (op("delete"), 11, ""), error_option="rollback-on-error")
            self.assertEqual(self.router_id(m, "candidate"), "192.0.2.1")
            edit("<as>65001</as>" + RID % "192.0.2.5", default_operation="replace")
            self.assertEqual(values(m.get_config("candidate"), "//e:neighbor"), [])
            self.assertEqual(values(m.get_config("candidate"), "//e:hostname"), [])
            m.discard_changes()

    def test_test_option(self):
        with client(self.eng) as m:
            m.edit_config(bgp(RID % "192.0.2.5"), target="candidate", test_option="test-only")
            self.assertEqual(self.router_id(m, "candidate"), "192.0.2.1")
            bad = bgp("<as%s/>" % op("delete"))
            with refused():
                m.edit_config(bad, target="candidate", test_option="test-then-set")
            m.edit_config(bad, target="candidate", test_option="set")
            with refused():
                m.validate("candidate")
            with refused():
                m.commit()
            m.discard_changes()

    def test_not_supported(self):
        with client(self.eng) as m:
            with refused(word="running"):
                m.edit_config(bgp(RID % "192.0.2.5"), target="running")
            with refused("operation-not-supported"):
                m.edit_config(bgp(RID % "192.0.2.5"), target="candidate", error_option="continue-on-error")
            with refused():
                m.dispatch(to_ele('<no-such-operation xmlns="%s"/>' % OURS))

    def test_validate_payload(self):
        with client(self.eng) as m:
            def check(inner):
                m.dispatch(to_ele('<validate xmlns="%s"><source>%s</source></validate>' % (BASE, bgp(inner))))

            check("<as>65001</as>")
            with refused():
                check("<router-id>192.0.2.5</router-id>")

    def test_copy_delete(self):
        with client(self.eng) as m:
            m.edit_config(bgp(RID % "192.0.2.5"), target="candidate")
            m.copy_config(source="running", target="candidate")
            self.assertEqual(self.router_id(m, "candidate"), "192.0.2.1")
            whole = etree.Element("{%s}source" % BASE)
            whole.append(etree.fromstring(bgp("<as>65009</as>")))
            m.copy_config(source=whole, target="candidate")
            self.assertEqual(values(m.get_config("candidate"), "//e:as"), ["65009"])
            m.copy_config(source="startup", target="candidate")
            self.assertEqual(values(m.get_config("candidate"), "//e:as"), ["65001"])
            self.eng.vtysh("configure terminal", "router bgp 65001", "bgp router-id 192.0.2.66")
            self.assertEqual(self.router_id(m, "startup"), "192.0.2.1")
            m.copy_config(source="running", target="startup")
            self.assertEqual(self.router_id(m, "startup"), "192.0.2.66")
            with refused(word="running"):
                m.copy_config(source="candidate", target="running")
            with refused("invalid-value"):
                m.copy_config(source="candidate", target="candidate")
            m.delete_config("startup")
            self.assertEqual(values(m.get_config("startup"), "//e:bgp"), [])
            with refused(word="candidate"):
                m.delete_config("candidate")


class Confirmed(Case):
    """Confirmed commits (RFC 6241 8.4)."""

    def change(self, m, last):
        m.edit_config(bgp(RID % ("192.0.2.%d" % last)), target="candidate")

    def runs(self, last):
        with client(self.eng) as m:
            return self.router_id(m) == "192.0.2.%d" % last

    def test_confirm(self):
        with client(self.eng) as m:
            self.change(m, 11)
            m.commit(confirmed=True, timeout="600")
            self.assertTrue(self.runs(11))
            self.assertNotIn("192.0.2.11", self.eng.startup())
            m.commit()
        self.assertTrue(self.runs(11))
        self.assertIn("192.0.2.11", self.eng.startup())

    def test_time(self):
        with client(self.eng) as m:
            self.change(m, 12)
            m.commit(confirmed=True, timeout="2")
            self.assertTrue(self.runs(12))
            wait_for("it is taken back by itself", lambda: self.runs(1))

    def test_cancel(self):
        with client(self.eng) as m:
            with refused():
                m.cancel_commit()
            self.change(m, 13)
            m.commit(confirmed=True)
            m.cancel_commit()
            self.assertTrue(self.runs(1))

    def test_lost_connection(self):
        with client(self.eng) as m:
            self.change(m, 14)
            m.commit(confirmed=True)
            self.assertTrue(self.runs(14))
            m.pipe.proc.kill()
        wait_for("it is taken back with its session", lambda: self.runs(1))

    def test_persist(self):
        with client(self.eng) as m:
            self.change(m, 15)
            m.commit(confirmed=True, persist="key")
            m.pipe.proc.kill()
        self.assertTrue(self.runs(15))
        with client(self.eng) as m:
            with refused():
                m.commit(persist_id="other")
            with refused():
                m.cancel_commit(persist_id="other")
            m.commit(persist_id="key")
        self.assertTrue(self.runs(15))
        self.assertIn("192.0.2.15", self.eng.startup())

    def test_persist_cancel(self):
        with client(self.eng) as m:
            self.change(m, 16)
            m.commit(confirmed=True, persist="key")
        with client(self.eng) as m:
            m.cancel_commit(persist_id="key")
        self.assertTrue(self.runs(1))

    def test_restart(self):
        """An engine that dies while a commit waits comes back with what was before it."""
        with client(self.eng) as m:
            self.change(m, 17)
            m.commit(confirmed=True, persist="key")
        self.eng.stop(9)
        self.eng.start()
        self.assertTrue(self.runs(1))


class Locks(Case):
    def test_locks(self):
        with client(self.eng) as a, client(self.eng) as b:
            a.lock("candidate")
            with refused("lock-denied", word="session " + a.session_id):
                b.lock("candidate")
            with refused("in-use"):
                b.edit_config(bgp(RID % "192.0.2.5"), target="candidate")
            with refused():
                b.unlock("candidate")
            a.edit_config(bgp(RID % "192.0.2.5"), target="candidate")
            # Unlocking takes the changes with it (RFC 6241 8.3.5.2).
            a.unlock("candidate")
            self.assertEqual(self.router_id(b, "candidate"), "192.0.2.1")
            with refused():
                a.unlock("candidate")
            # Changes of anybody keep others from locking.
            b.edit_config(bgp(RID % "192.0.2.6"), target="candidate")
            with refused("lock-denied"):
                a.lock("candidate")
            b.discard_changes()
            a.lock("running")
            b.edit_config(bgp(RID % "192.0.2.6"), target="candidate")
            with refused("in-use"):
                b.commit()
            self.assertIn("locked", self.eng.vtysh("configure terminal", "hostname x", ok=False))
            a.unlock("running")
            b.commit()
            self.assertEqual(self.router_id(a), "192.0.2.6")

    def test_lock_ends_with_session(self):
        with client(self.eng) as a:
            a.lock("running")
        with client(self.eng) as b:
            wait_for("the lock is gone", lambda: self.try_lock(b))
            b.unlock("running")

    def try_lock(self, m, store="running"):
        try:
            m.lock(store)
            return True
        except Exception:
            return False

    def test_kill(self):
        with client(self.eng) as a, client(self.eng) as b:
            a.lock("candidate")
            with refused("invalid-value"):
                b.kill_session(b.session_id)
            with refused("invalid-value"):
                b.kill_session("999999")
            b.kill_session(a.session_id)
            wait_for("the killed session ends", lambda: a.pipe.proc.poll() is not None)
            b.lock("candidate")

    def test_together(self):
        """Two clients that lock, edit and commit and a vtysh, all at the same time: nothing of anybody is lost."""
        each, failed = 8, []

        def by_netconf(first):
            with client(self.eng) as m:
                for i in range(first, first + each):
                    wait_for("the lock", lambda: self.try_lock(m, "candidate"))
                    m.edit_config(bgp(VNI % (op("create"), i, "")), target="candidate")
                    m.commit()
                    m.unlock("candidate")

        def by_vtysh(first):
            for i in range(first, first + each):
                self.eng.vtysh("configure terminal", "router bgp 65001", "address-family l2vpn evpn", "vni %d" % i)

        def run(fn, first):
            try:
                fn(first)
            except BaseException as e:  # told by the main thread
                failed.append(e)
        threads = [threading.Thread(target=run, args=a) for a in ((by_netconf, 100), (by_netconf, 200), (by_vtysh, 300))]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(failed, [])
        want = [str(n + i) for n in (100, 200, 300) for i in range(each)]
        with client(self.eng) as m:
            self.assertEqual(sorted(values(m.get_config("running"), "//e:vni/e:id")), want)
            self.assertEqual(sorted(values(m.get_config("candidate"), "//e:vni/e:id")), want)

    def test_two_doors(self):
        """Two clients and a vtysh at once: what one commits the others see."""
        with client(self.eng) as a, client(self.eng) as b:
            a.edit_config(bgp(VNI % ("", 10, "")), target="candidate")
            b.edit_config(bgp(VNI % ("", 11, "")), target="candidate")
            self.eng.vtysh("configure terminal", "hostname leaf9")
            b.commit()
            text = self.eng.vtysh("show running-config")
            for want in ("vni 10", "vni 11", "hostname leaf9"):
                self.assertIn(want, text)
            self.assertEqual(values(a.get_config("running"), "//e:vni/e:id"), ["10", "11"])
            # The same leaf from two doors: a conflict, said with its path.
            a.edit_config(bgp(RID % "192.0.2.20"), target="candidate")
            self.eng.vtysh("configure terminal", "router bgp 65001", "bgp router-id 192.0.2.30")
            with refused("operation-failed", "router-id", "conflict"):
                a.commit()
            self.assertEqual(self.router_id(b), "192.0.2.30")
            a.discard_changes()


if __name__ == "__main__":
    unittest.main()
