# SPDX-License-Identifier: ISC
"""NMDA (RFC 8526, 8342): datastores, origins, and every filter of get-data; with-defaults (RFC 6243)."""
import socket
import struct
import unittest

from ncclient.xml_ import to_ele

from harness import BASE, LEAF, NS, OURS, Engine, bgp, client, refused, tree, values, wait_for

OR = "{urn:ietf:params:xml:ns:yang:ietf-origin}origin"
WD = "{urn:ietf:params:xml:ns:netconf:default:1.0}default"

# Nobody says the router id, nor what VNI 10 uses; 127.0.0.0/8 may come.
CONF = LEAF.replace(" bgp router-id 192.0.2.1\n", """ neighbor crowd peer-group
 neighbor crowd remote-as external
 bgp listen range 127.0.0.0/8 peer-group crowd
""").replace("  advertise-all-vni\n", "  advertise-all-vni\n  vni 10\n  exit-vni\n  vni 20\n   rd 7:7\n  exit-vni\n")


def ask(m, store, more=""):
    return m.dispatch(to_ele('<get-data xmlns="%s" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores" '
                             'xmlns:or="urn:ietf:params:xml:ns:yang:ietf-origin"><datastore>ds:%s</datastore>%s'
                             "</get-data>" % (NS["nmda"], store, more)))


def rpc(m, inner):
    return m.dispatch(to_ele(inner))


def subtree(inner):
    return "<subtree-filter>%s</subtree-filter>" % inner


def xpath(path):
    return '<xpath-filter xmlns:e="%s">%s</xpath-filter>' % (OURS, path)


BGP = subtree('<bgp xmlns="%s"/>' % OURS)


def origin(reply, path):
    """The origin of the one node there: its own word, or the nearest one above it."""
    (n,) = tree(reply).xpath(path, namespaces=NS)
    return origin_of(n)


def origin_of(n):
    while n is not None:
        if n.get(OR):
            return n.get(OR).split(":")[-1]
        n = n.getparent()
    return None


class Nmda(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.eng = Engine(CONF)

    @classmethod
    def tearDownClass(cls):
        cls.eng.close()

    def test_datastores(self):
        with client(self.eng) as m:
            for store in ("running", "candidate", "startup", "operational", "intended"):
                self.assertEqual(values(ask(m, store), "//e:bgp/e:as"), ["65001"])
            for store in ("nowhere", "dynamic"):
                with refused("invalid-value"):
                    ask(m, store)
            # The conventional ones have what was said, operational what is in use.
            self.assertEqual(values(ask(m, "running"), "//e:bgp/e:router-id"), [])
            self.assertEqual(values(ask(m, "running"), "//e:state"), [])
            r = ask(m, "operational", BGP)
            used = values(ask(m, "operational"), "//e:state/e:system/e:router-id")
            self.assertEqual(values(r, "//e:bgp/e:router-id"), used)
            self.assertEqual(values(r, "//e:vni[e:id='10']/e:rd"), [used[0] + ":10"])
            self.assertEqual(values(r, "//e:vni[e:id='20']/e:rd"), ["7:7"])
            self.assertEqual(values(r, "//e:graceful-restart/e:restart-time"), ["120"])

    def test_origin(self):
        with client(self.eng) as m:
            self.assertEqual(tree(ask(m, "operational")).xpath("//@*[contains(name(), 'origin')]"), [])
            r = ask(m, "operational", BGP + "<with-origin/>")
            for path, want in (("//e:bgp/e:as", "intended"), ("//e:bgp/e:router-id", "system"),
                               ("//e:vni[e:id='10']/e:id", "intended"), ("//e:vni[e:id='10']/e:rd", "system"),
                               ("//e:vni[e:id='10']/e:route-target-export", "system"),
                               ("//e:vni[e:id='20']/e:rd", "intended"),
                               ("//e:graceful-restart/e:restart-time", "default"),
                               ("//e:neighbor[e:address='192.0.2.9']/e:shutdown", "intended")):
                self.assertEqual(origin(r, path), want, path)
            r = ask(m, "operational", "<with-origin/>")
            self.assertIsNone(origin(r, "//nmda:data/e:state"))
            # RFC 8342 5.3.4: the top of each configuration says it, nodes of the state never do.
            self.assertEqual(len(tree(r).xpath("//e:state//@*[contains(name(), 'origin')]", namespaces=NS)), 0)
            for top in tree(r).xpath("//nmda:data/e:*[local-name()!='state']", namespaces=NS):
                self.assertIsNotNone(top.get(OR), top.tag)
            for store in ("running", "candidate", "startup", "intended"):
                for more in ("<with-origin/>", "<origin-filter>or:system</origin-filter>",
                             "<negated-origin-filter>or:system</negated-origin-filter>"):
                    with refused("invalid-value"):
                        ask(m, store, more)

    def test_learned(self):
        """A neighbor that came by itself is there, and is learned."""
        with client(self.eng) as m, socket.socket() as s:
            s.bind(("127.0.0.5", 0))
            s.connect(("127.0.0.1", self.eng.port))
            s.sendall(b"\xff" * 16 + struct.pack(">HBBHHIB", 29, 1, 4, 64999, 90, 0x0a000005, 0))

            def came():
                r = ask(m, "operational", BGP + "<with-origin/>")
                return r if values(r, "//e:neighbor[e:address='127.0.0.5']/e:peer-group") == ["crowd"] else None
            r = wait_for("the neighbor is there", came)
            self.assertEqual(origin(r, "//e:neighbor[e:address='127.0.0.5']"), "learned")
            self.assertEqual(values(ask(m, "running"), "//e:neighbor[e:address='127.0.0.5']"), [])

    def test_origin_filter(self):
        def found(more):
            r = ask(m, "operational", more + "<with-origin/>")
            return r, {origin_of(n) for n in tree(r).xpath("//nmda:data//e:*[not(*)]", namespaces=NS)}
        with client(self.eng) as m:
            config = "<config-filter>true</config-filter>"
            r, got = found(config + "<origin-filter>or:system</origin-filter>")
            # The way and its keys are there too.
            self.assertEqual(values(r, "//e:vni[e:id='10']/e:route-target-export"), ["65001:10"])
            self.assertEqual(values(r, "//e:vni[e:id='20']/e:rd"), [])
            self.assertEqual(values(r, "//e:bgp/e:as"), [])
            self.assertEqual(got, {"system", "intended"})
            r, got = found(config + "<origin-filter>or:default</origin-filter><origin-filter>or:system</origin-filter>")
            self.assertEqual(values(r, "//e:bgp/e:as"), [])
            self.assertEqual(values(r, "//e:graceful-restart/e:restart-time"), ["120"])
            r, got = found(config + "<negated-origin-filter>or:default</negated-origin-filter>")
            self.assertNotIn("default", got)
            self.assertEqual(values(r, "//e:bgp/e:as"), ["65001"])
            r, _ = found(config + "<negated-origin-filter>or:default</negated-origin-filter>"
                         "<negated-origin-filter>or:intended</negated-origin-filter>")
            self.assertEqual(values(r, "//e:bgp/e:as"), [])
            self.assertEqual(values(r, "//e:vni[e:id='10']/e:route-target-export"), ["65001:10"])
            # State is not looked at.
            r = ask(m, "operational", "<origin-filter>or:unknown</origin-filter>")
            self.assertEqual(values(r, "//e:bgp/e:as"), [])
            self.assertNotEqual(values(r, "//e:state/e:system/e:version"), [])

    def test_config_filter(self):
        with client(self.eng) as m:
            for store in ("operational", "running"):
                r = ask(m, store, "<config-filter>true</config-filter>")
                self.assertEqual(values(r, "//e:bgp/e:as"), ["65001"])
                self.assertEqual(tree(r).xpath("//nmda:data/e:state", namespaces=NS), [])
                r = ask(m, store, "<config-filter>false</config-filter>")
                self.assertEqual(values(r, "//e:bgp/e:as"), [])
                self.assertEqual(len(tree(r).xpath("//nmda:data/e:state/e:system", namespaces=NS)),
                                 1 if store == "operational" else 0)
            with refused():
                ask(m, "operational", "<config-filter>maybe</config-filter>")

    def test_filters(self):
        with client(self.eng) as m:
            self.assertEqual(values(ask(m, "running", subtree('<system xmlns="%s"/>' % OURS)), "//e:bgp"), [])
            self.assertEqual(values(ask(m, "running", xpath("/e:system/e:hostname")), "//e:hostname"), ["leaf1"])
            one = '<bgp xmlns="%s"><l2vpn-evpn><vni><id>20</id></vni></l2vpn-evpn></bgp>' % OURS
            self.assertEqual(values(ask(m, "operational", subtree(one)), "//e:vni/e:rd"), ["7:7"])
            for bad in ("/e:[", "count(/e:bgp)", "/e:bgp["):
                with refused("invalid-value"):
                    ask(m, "running", xpath(bad))

    def test_max_depth(self):
        def depth(store, n, more=""):
            return ask(m, store, more + "<max-depth>%s</max-depth>" % n)
        with client(self.eng) as m:
            self.assertEqual(values(depth("running", 1), "//e:bgp/e:as"), [])
            self.assertEqual(len(tree(depth("running", 1)).xpath("//nmda:data/e:bgp", namespaces=NS)), 1)
            r = depth("running", 2)
            self.assertEqual(values(r, "//e:bgp/e:as"), ["65001"])
            self.assertEqual(values(r, "//e:neighbor/e:address"), ["192.0.2.9"])  # entries are never without keys
            self.assertEqual(values(r, "//e:neighbor/e:shutdown"), [])
            # It counts from what is selected, not from the top.
            vni = xpath("/e:bgp/e:l2vpn-evpn/e:vni")
            self.assertEqual(values(depth("running", 1, vni), "//e:vni/e:rd"), [])
            self.assertEqual(values(depth("running", 1, vni), "//e:vni/e:id"), ["10", "20"])
            self.assertEqual(values(depth("running", 2, vni), "//e:vni/e:rd"), ["7:7"])
            both = xpath("/e:bgp | /e:bgp/e:l2vpn-evpn/e:vni/e:rd")
            r = depth("running", 1, both)
            self.assertEqual(values(r, "//e:vni/e:rd"), ["7:7"])
            self.assertEqual(values(r, "//e:bgp/e:as"), [])
            self.assertEqual(values(depth("running", "unbounded"), "//e:vni/e:rd"), ["7:7"])
            for bad in (0, 65536, "deep"):
                with refused():
                    depth("running", bad)

    def test_lock_validate(self):
        """The parameter that RFC 8526 adds to lock, unlock and validate."""
        def on(op, kind, store):
            return rpc(m, '<%s xmlns="%s"><%s><datastore xmlns="%s" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"'
                       ">ds:%s</datastore></%s></%s>" % (op, BASE, kind, NS["nmda"], store, kind, op))
        with client(self.eng) as m, client(self.eng) as other:
            for store in ("candidate", "running", "startup"):
                on("lock", "target", store)
                with refused("lock-denied"):
                    other.lock(store)
                on("unlock", "target", store)
            on("validate", "source", "candidate")
            on("validate", "source", "running")
            for store in ("operational", "intended"):
                with refused("invalid-value"):
                    on("lock", "target", store)
            with refused("invalid-value"):
                on("validate", "source", "operational")

    def test_edit_data(self):
        def edit(store, inner, more=""):
            return rpc(m, '<edit-data xmlns="%s" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores">'
                       "<datastore>ds:%s</datastore>%s%s</edit-data>"
                       % (NS["nmda"], store, more, inner.replace(' xmlns="%s"' % BASE, "", 1)))
        rid = bgp("<router-id>192.0.2.%d</router-id>")
        with client(self.eng) as m:
            edit("candidate", rid % 8)
            self.assertEqual(values(m.get_config("candidate"), "//e:bgp/e:router-id"), ["192.0.2.8"])
            edit("candidate", bgp('<router-id xmlns:n="%s" n:operation="delete"/>' % BASE))
            with refused("data-missing"):
                edit("candidate", bgp('<router-id xmlns:n="%s" n:operation="delete"/>' % BASE))
            with refused("data-missing"):
                edit("candidate", bgp("<l2vpn-evpn><vni><id>77</id></vni></l2vpn-evpn>"),
                     "<default-operation>none</default-operation>")
            for store in ("running", "startup", "operational", "intended"):
                with refused("invalid-value"):
                    edit(store, rid % 8)
            m.discard_changes()


class Defaults(unittest.TestCase):
    MED = "<filter type='subtree'><bgp xmlns='%s'><always-compare-med/></bgp></filter>" % OURS

    @classmethod
    def setUpClass(cls):
        cls.eng = Engine()

    @classmethod
    def tearDownClass(cls):
        cls.eng.close()

    def get(self, m, mode, op="get-config"):
        source = "<source><running/></source>" if op == "get-config" else ""
        return rpc(m, '<%s xmlns="%s">%s%s<with-defaults xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults">'
                   "%s</with-defaults></%s>" % (op, BASE, source, self.MED, mode, op))

    def test_modes(self):
        path = "//e:bgp/e:always-compare-med"
        with client(self.eng) as m:
            (said,) = [c for c in m.server_capabilities if "with-defaults:1.0" in c]
            self.assertEqual(said.split("?")[1], "basic-mode=trim&also-supported=report-all,report-all-tagged,trim")
            for op in ("get", "get-config"):
                self.assertEqual(values(self.get(m, "trim", op), path), [])
                self.assertEqual(values(self.get(m, "report-all", op), path), ["false"])
                (n,) = tree(self.get(m, "report-all-tagged", op)).xpath(path, namespaces=NS)
                self.assertEqual((n.text, n.get(WD)), ("false", "true"))
                for bad in ("explicit", "none"):
                    with refused("invalid-value"):
                        self.get(m, bad, op)

            def data(store, mode):
                return ask(m, store, BGP + "<with-defaults>%s</with-defaults>" % mode)
            self.assertEqual(values(data("running", "report-all"), path), ["false"])
            self.assertEqual(values(data("running", "trim"), path), [])
            with refused("invalid-value"):
                data("running", "explicit")
            # :with-operational-defaults is not announced.
            for mode in ("trim", "report-all"):
                with refused("invalid-value"):
                    data("operational", mode)

    def test_edit(self):
        """RFC 6243 2.2.2: with trim, what equals the default is not there, for create and delete too."""
        med = '<always-compare-med xmlns:n="%s" xmlns:wd="%s" %%s>%%s</always-compare-med>' % (BASE, WD[1:-8])
        with client(self.eng) as m:
            def edit(attrs, value):
                m.edit_config(bgp(med % (attrs, value)), target="candidate")
            edit('n:operation="create"', "false")
            edit('n:operation="create"', "false")
            with refused("data-missing"):
                edit('n:operation="delete"', "false")
            edit("", "true")
            with refused("data-exists"):
                edit('n:operation="create"', "false")
            edit('wd:default="true"', "false")
            self.assertEqual(values(m.get_config("candidate"), "//e:always-compare-med"), [])
            with refused("invalid-value"):
                edit('wd:default="true"', "true")
            m.discard_changes()


if __name__ == "__main__":
    unittest.main()
