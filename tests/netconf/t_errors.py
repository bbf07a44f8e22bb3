# SPDX-License-Identifier: ISC
"""Every kind of bad request, and the fields of its rpc-error (RFC 6241 4.3 and appendix A)."""
import unittest

from harness import BASE, NS, OURS, Engine, Raw, tree

CANDIDATE = "<target><candidate/></target>"
NMDA = 'xmlns="%s" xmlns:ds="urn:ietf:params:xml:ns:yang:ietf-datastores"' % NS["nmda"]
MON = 'xmlns="%s"' % NS["m"]
NOTIF = 'xmlns="urn:ietf:params:xml:ns:netconf:notification:1.0"'


def edit(inner, attrs=""):
    return ('<edit-config>%s<config><bgp xmlns="%s" xmlns:nc="%s"%s>%s</bgp></config></edit-config>'
            % (CANDIDATE, OURS, BASE, attrs, inner))


def clear(inner):
    return ('<action xmlns="urn:ietf:params:xml:ns:yang:1"><state xmlns="%s"><sessions><session>%s</session></sessions>'
            "</state></action>" % (OURS, inner))


VNI = "<l2vpn-evpn><vni%s><id>%s</id></vni></l2vpn-evpn>"

# request, error-type, error-tag, and what of error-info and error-path there must be
BAD = [
    ("<no-such-operation/>", "protocol", "operation-not-supported", {}),
    ('<x xmlns="urn:x"/>', "protocol", "unknown-namespace", {"bad-element": "x", "bad-namespace": "urn:x"}),
    ('<get foo="x"/>', "protocol", "unknown-attribute", {"bad-attribute": "foo", "bad-element": "get"}),
    ('<get xmlns:z="urn:z" z:foo="x"/>', "protocol", "unknown-attribute", {"bad-attribute": "foo", "bad-element": "get"}),
    ('<get><filter type="regex"/></get>', "protocol", "bad-attribute", {"bad-attribute": "type", "bad-element": "filter"}),
    ('<get><filter type="xpath"/></get>', "application", "missing-attribute",
     {"bad-attribute": "select", "bad-element": "filter"}),
    ('<get><filter type="xpath" select="/["/></get>', "protocol", "bad-attribute", {"bad-attribute": "select"}),
    ("<get/><get/>", "rpc", "malformed-message", {}),
    ("", "rpc", "malformed-message", {}),
    # sources and targets
    ("<get-config/>", "protocol", "missing-element", {"bad-element": "config-source"}),
    ("<get-config><source/></get-config>", "protocol", "missing-element", {}),
    ("<get-config><source><running/></source><colour/></get-config>", "protocol", "unknown-element",
     {"bad-element": "colour", "path": "/ietf-netconf:get-config"}),
    ("<get-config><source><running/></source><source><running/></source></get-config>", "protocol", "bad-element",
     {"bad-element": "source"}),
    ("<get-config><source><running/><candidate/></source></get-config>", "protocol", "bad-element", {}),
    ("<copy-config>%s</copy-config>" % CANDIDATE, "protocol", "missing-element", {}),
    ("<copy-config>%s<source><url>file:///x</url></source></copy-config>" % CANDIDATE, "protocol", "unknown-element",
     {"bad-element": "url"}),  # :url is not announced
    ("<copy-config>%s<source><candidate/></source></copy-config>" % CANDIDATE, "application", "invalid-value", {}),
    ("<copy-config><target><running/></target><source><candidate/></source></copy-config>", None, None, {}),
    ("<delete-config><target><running/></target></delete-config>", "protocol", "unknown-element", {"bad-element": "running"}),
    ("<delete-config><target><candidate/></target></delete-config>", None, None, {}),
    ("<lock><target/></lock>", "protocol", "missing-element", {}),
    ("<lock><target><attic/></target></lock>", "protocol", "unknown-element", {"bad-element": "attic"}),
    ("<unlock>%s</unlock>" % CANDIDATE, "application", "operation-failed", {}),
    ("<validate/>", "protocol", "missing-element", {}),
    # edits
    ("<edit-config>%s</edit-config>" % CANDIDATE, "protocol", "missing-element", {}),
    ("<edit-config>%s<default-operation>burn</default-operation><config/></edit-config>" % CANDIDATE, "protocol",
     "invalid-value", {"path": "/ietf-netconf:edit-config/default-operation"}),
    ("<edit-config><target><running/></target><config/></edit-config>", None, None, {}),
    ("<edit-config>%s<error-option>continue-on-error</error-option><config/></edit-config>" % CANDIDATE, "protocol",
     "operation-not-supported", {}),
    (edit("", ' nc:operation="burn"'), "protocol", "bad-attribute", {"bad-attribute": "operation"}),
    (edit("", ' nc:colour="red"'), "protocol", "unknown-attribute", {"bad-attribute": "colour"}),
    (edit("<as>x</as>"), "application", "invalid-value", {"path": "/evpnd:bgp/as"}),
    (edit("<colour/>"), "application", "unknown-element", {"bad-element": "colour"}),
    (edit('<x xmlns="urn:x"/>'), "application", "unknown-namespace", {"bad-element": "x", "bad-namespace": "urn:x"}),
    (edit("<l2vpn-evpn><vni/></l2vpn-evpn>"), "application", "missing-element", {"bad-element": "id"}),
    (edit(VNI % (' nc:operation="delete"', 77)), "application", "data-missing", {"path": "vni[id='77']"}),
    (edit('<as nc:operation="create">1</as>'), "application", "data-exists", {"path": "/evpnd:bgp/as"}),
    ('<edit-config>%s<config><state xmlns="%s"/></config></edit-config>' % (CANDIDATE, OURS), "application", "bad-element",
     {"bad-element": "state"}),
    # commits and sessions
    ("<commit><confirmed/><confirm-timeout>0</confirm-timeout></commit>", "protocol", "invalid-value",
     {"path": "/ietf-netconf:commit/confirm-timeout"}),
    ("<commit><persist>a</persist></commit>", "application", "invalid-value", {}),
    ("<commit><persist-id>nobody</persist-id></commit>", "application", None, {}),
    ("<cancel-commit/>", "application", "operation-failed", {}),
    ("<cancel-commit><persist-id>nobody</persist-id></cancel-commit>", "application", "invalid-value", {}),
    ("<kill-session/>", "protocol", "missing-element", {"bad-element": "session-id"}),
    ("<kill-session><session-id>0</session-id></kill-session>", "protocol", "invalid-value", {}),
    ("<kill-session><session-id>999999</session-id></kill-session>", "application", "invalid-value", {}),
    # schemas, events, actions
    ("<get-schema %s/>" % MON, "protocol", "missing-element", {"bad-element": "identifier"}),
    ("<get-schema %s><identifier>none</identifier></get-schema>" % MON, "application", "invalid-value", {}),
    ("<get-schema %s><identifier>evpnd</identifier><version>1999-01-01</version></get-schema>" % MON, "application",
     "invalid-value", {}),
    ("<get-schema %s><identifier>evpnd</identifier><format>rng</format></get-schema>" % MON, "application",
     "invalid-value", {}),
    ("<create-subscription %s><startTime>soon</startTime></create-subscription>" % NOTIF, "protocol", "invalid-value", {}),
    ("<create-subscription %s><stream>OTHER</stream></create-subscription>" % NOTIF, "application", "invalid-value", {}),
    ("<create-subscription %s><stopTime>2020-01-01T00:00:00Z</stopTime></create-subscription>" % NOTIF, None,
     "missing-element", {"bad-element": "startTime"}),
    ("<create-subscription %s><startTime>2020-01-02T00:00:00Z</startTime><stopTime>2020-01-01T00:00:00Z</stopTime>"
     "</create-subscription>" % NOTIF, None, "bad-element", {"bad-element": "stopTime"}),
    ("<create-subscription %s><startTime>2999-01-01T00:00:00Z</startTime></create-subscription>" % NOTIF, None,
     "bad-element", {"bad-element": "startTime"}),
    (clear("<clear/>"), "protocol", "missing-element", {"bad-element": "address"}),
    (clear("<address>192.0.2.9</address><clear><soft>up</soft></clear>"), "protocol", "invalid-value", {}),
    (clear("<address>192.0.2.99</address><clear/>"), "application", None, {}),
    # NMDA
    ("<get-data %s/>" % NMDA, "protocol", "missing-element", {"bad-element": "datastore"}),
    ("<get-data %s><datastore>ds:nowhere</datastore></get-data>" % NMDA, None, "invalid-value", {}),
    ("<get-data %s><datastore>ds:running</datastore><with-origin/></get-data>" % NMDA, None, "invalid-value", {}),
    ("<get-data %s><datastore>ds:running</datastore><max-depth>0</max-depth></get-data>" % NMDA, None, "invalid-value", {}),
    ("<edit-data %s><datastore>ds:candidate</datastore></edit-data>" % NMDA, "protocol", "missing-element", {}),
    ("<edit-data %s><datastore>ds:running</datastore><config/></edit-data>" % NMDA, None, "invalid-value", {}),
]


class Errors(unittest.TestCase):
    def setUp(self):
        self.eng = Engine()
        self.addCleanup(self.eng.close)

    def check(self, answer, kind, tag, more):
        self.assertIsNotNone(answer, "the session has ended")
        root = tree(answer)
        (err,) = root.xpath("/nc:rpc-reply/nc:rpc-error", namespaces=NS)

        def text(name):
            got = err.xpath("nc:" + name, namespaces=NS)
            return got[0].text if got else None
        self.assertEqual(text("error-severity"), "error")
        self.assertTrue(text("error-message"))
        self.assertIn(text("error-type"), (kind,) if kind else ("protocol", "application"))
        if tag:
            self.assertEqual(text("error-tag"), tag)
        for name, want in more.items():
            if name == "path":
                self.assertIn(want, text("error-path"))
            else:
                self.assertEqual(text("error-info/nc:" + name), want)
        # Appendix A: what each of these has to name.
        for tags, name in ((("missing-attribute", "bad-attribute", "unknown-attribute"), "bad-attribute"),
                           (("missing-element", "bad-element", "unknown-element", "unknown-namespace",
                             "missing-attribute", "bad-attribute", "unknown-attribute"), "bad-element"),
                           (("unknown-namespace",), "bad-namespace"), (("lock-denied",), "session-id")):
            if text("error-tag") in tags:
                self.assertTrue(text("error-info/nc:" + name), name)
        return root

    def test_bad_requests(self):
        c = Raw(self.eng)
        c.hello("1.1")
        for n, (request, kind, tag, more) in enumerate(BAD):
            with self.subTest(request=request):
                root = self.check(c.ask(request.encode(), n), kind, tag, more)
                self.assertEqual(root.get("message-id"), str(n))
        # None of all that has done anything, and the session goes on.
        self.assertNotIn(b"<vni>", c.ask(b"<get-config><source><candidate/></source></get-config>"))
        c.close()

    def test_envelopes(self):
        """Requests that are none, and attributes of <rpc> that come back (RFC 6241 4.1)."""
        for version in ("1.0", "1.1"):
            c = Raw(self.eng)
            c.hello(version)
            self.check(c.message(b'<rpc xmlns="%s"><get/></rpc>' % BASE.encode()), "protocol", "missing-attribute",
                       {"bad-attribute": "message-id", "bad-element": "rpc"})
            root = self.check(c.message(b'<rpc xmlns="%s" message-id="a&quot;b" user="&lt;x&gt;"><zz/></rpc>' % BASE.encode()),
                              "protocol", "operation-not-supported", {})
            self.assertEqual((root.get("message-id"), root.get("user")), ('a"b', "<x>"))
            for bad in (b'<rpc message-id="1"><get/></rpc>', b'<hello xmlns="%s"/>' % BASE.encode(), b"<rpc", b"text"):
                # Appendix A: that tag is not for clients of version 1.0.
                one = ("rpc", "malformed-message") if version == "1.1" else ("protocol", "operation-failed")
                self.check(c.message(bad), *one, {})
            self.assertIn(b"65001", c.ask(b"<get-config><source><running/></source></get-config>"))
            c.close()

    def test_two_sessions(self):
        a, b = Raw(self.eng), Raw(self.eng)
        a.hello("1.1")
        b.hello("1.1")
        a.ask(b"<lock><target><candidate/></target></lock>")
        self.check(b.ask(b"<lock><target><candidate/></target></lock>"), "protocol", "lock-denied", {})
        self.check(b.ask(edit("<as>1</as>").encode()), None, "in-use", {})
        self.check(b.ask(b"<commit/>"), None, "in-use", {})
        self.check(b.ask(b"<discard-changes/>"), None, "in-use", {})
        self.check(b.ask(b"<unlock><target><candidate/></target></unlock>"), None, "operation-failed", {})
        a.close()
        b.close()


if __name__ == "__main__":
    unittest.main()
