# SPDX-License-Identifier: ISC
"""An engine without a kernel, and NETCONF clients of it: ncclient over the subsystem's pipes, and a raw one.

Programs come from the environment: EVPND_ENGINE, EVPND_NETCONF, VTYSH.
"""
import os
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager

from lxml import etree
from ncclient import manager
from ncclient.transport.session import Session

BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
OURS = "urn:evpnd:evpnd"
NS = {"nc": BASE, "e": OURS,
      "m": "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring",
      "n": "urn:ietf:params:xml:ns:netconf:notification:1.0",
      "yl": "urn:ietf:params:xml:ns:yang:ietf-yang-library",
      "nmda": "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda"}
END = b"]]>]]>"
WAIT = 60  # seconds, for a condition on a busy machine

ENGINE = os.environ.get("EVPND_ENGINE", "./evpnd-engine")
NETCONF = os.environ.get("EVPND_NETCONF", "./evpnd-netconf")
VTYSH = os.environ.get("VTYSH", "./vtysh/vtysh")

LEAF = """!
hostname leaf1
!
router bgp 65001
 bgp router-id 192.0.2.1
 neighbor 192.0.2.9 remote-as 65001
 neighbor 192.0.2.9 shutdown
 address-family l2vpn evpn
  neighbor 192.0.2.9 activate
  advertise-all-vni
 exit-address-family
!
end
"""


def wait_for(what, fn, seconds=WAIT):
    """Until fn() is true; its value."""
    end = time.monotonic() + seconds
    while True:
        got = fn()
        if got:
            return got
        if time.monotonic() > end:
            raise AssertionError("timeout: " + what)
        time.sleep(0.05)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Engine:
    """One engine in a directory of its own."""

    def __init__(self, conf=LEAF):
        self.dir = tempfile.mkdtemp(prefix="evpnd-netconf-")
        self.conf = os.path.join(self.dir, "evpnd.conf")
        with open(self.conf, "w") as f:
            f.write(conf)
        self.port = free_port()
        self.proc = None
        self.start()

    def start(self):
        log = open(os.path.join(self.dir, "log"), "ab")
        self.proc = subprocess.Popen(
            [ENGINE, "--no-kernel", "-f", self.conf, "--rundir", self.dir, "-p", str(self.port)],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for("the engine listens", lambda: self.alive() and self.listens())

    def listens(self):
        s = socket.socket(socket.AF_UNIX)
        try:
            s.connect(os.path.join(self.dir, "evpnd.vty"))
            return True
        except OSError:
            return False
        finally:
            s.close()

    def alive(self):
        if self.proc.poll() is not None:
            raise AssertionError("the engine has ended: " + self.log()[-2000:])
        return True

    def log(self):
        with open(os.path.join(self.dir, "log"), errors="replace") as f:
            return f.read()

    def startup(self):
        with open(self.conf) as f:
            return f.read()

    def memory(self, what="VmRSS"):
        """Resident kilobytes; VmHWM: the most there ever were."""
        with open("/proc/%d/status" % self.proc.pid) as f:
            return int(re.search(what + r":\s*(\d+)", f.read()).group(1))

    def vtysh(self, *commands, ok=True):
        args = [VTYSH, "--vty_socket", self.dir]
        for c in commands:
            args += ["-c", c]
        p = subprocess.run(args, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=WAIT, text=True)
        if ok and p.returncode != 0:
            raise AssertionError("vtysh %s: %s" % (commands, p.stdout))
        return p.stdout

    def stop(self, how=signal.SIGTERM):
        if self.proc.poll() is None:
            self.proc.send_signal(how)
            self.proc.wait(WAIT)
        return self.proc.returncode

    def close(self):
        rc = self.stop()
        text = self.log()
        shutil.rmtree(self.dir, ignore_errors=True)
        if rc not in (0, -signal.SIGTERM, -signal.SIGKILL) or "Sanitizer" in text:
            raise AssertionError("the engine ended with %s: %s" % (rc, text[-4000:]))


def no_rules(eng):
    """A file by which everybody may do everything: who runs the tests may be anybody."""
    path = os.path.join(eng.dir, "open.xml")
    if os.path.exists(path):  # others may be reading it
        return path
    with open(path, "w") as f:
        f.write('<nacm xmlns="urn:ietf:params:xml:ns:yang:ietf-netconf-acm"><enable-nacm>false</enable-nacm></nacm>')
    return path


def command(eng, *more):
    """The subsystem's command line."""
    return [NETCONF, "--subsystem", "--rundir", eng.dir, "--nacm", no_rules(eng), *more]


class Pipe(Session):
    """ncclient over the pipes of a process, where it would have an SSH channel."""

    def __init__(self, handler, argv, env=None):
        capabilities = handler.get_capabilities()
        Session.__init__(self, capabilities)
        self._device_handler = handler
        self.proc = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.PIPE, env=env)
        self.err = b""
        self._connected = True
        self._post_connect()

    def _send(self, text):
        data = text.encode() if isinstance(text, str) else text
        if self._base == 2:
            data = b"\n#%d\n" % len(data) + data + b"\n##\n"
        else:
            data += END
        self.proc.stdin.write(data)
        self.proc.stdin.flush()

    def run(self):
        sel = selectors.DefaultSelector()
        sel.register(self.proc.stdout, selectors.EVENT_READ)
        sel.register(self.proc.stderr, selectors.EVENT_READ)
        frames = Frames()
        try:
            while self._connected:
                while not self._q.empty():
                    self._send(self._q.get())
                for key, _ in sel.select(0.02):
                    data = os.read(key.fd, 65536)
                    if key.fileobj is self.proc.stderr:
                        self.err += data
                        if not data:
                            sel.unregister(key.fileobj)
                        continue
                    if not data:
                        raise EOFError("the server has closed")
                    frames.chunked = self._base == 2
                    for msg in frames.take(data):
                        self._dispatch_message(msg.decode())
                        frames.chunked = self._base == 2
        except Exception as e:  # whatever it is, those who wait must hear of it
            self._connected = False
            self._dispatch_error(e)

    def close(self):
        self._connected = False
        self.proc.stdin.close()
        self.join(WAIT)
        rc = self.proc.wait(WAIT)
        self.err += self.proc.stderr.read()
        self.proc.stdout.close()
        self.proc.stderr.close()
        if b"Sanitizer" in self.err:
            raise AssertionError(self.err.decode(errors="replace"))
        return rc


class Frames:
    """Messages out of bytes, for the client's side."""

    def __init__(self):
        self.buf = b""
        self.chunked = False

    def take(self, data):
        self.buf += data
        while True:
            msg = self.one_chunked() if self.chunked and not self.buf.startswith(b"<") else self.one_marked()
            if msg is None:
                return
            yield msg

    def one_marked(self):
        at = self.buf.find(END)
        if at < 0:
            return None
        msg, self.buf = self.buf[:at], self.buf[at + len(END):]
        return msg

    def one_chunked(self):
        out, at = b"", 0
        while True:
            m = re.match(rb"\n#(?:(\d+)\n|#\n)", self.buf[at:at + 32])
            if not m:
                return None
            at += m.end()
            if m.group(1) is None:
                self.buf = self.buf[at:]
                return out
            n = int(m.group(1))
            if len(self.buf) < at + n:
                return None
            out += self.buf[at:at + n]
            at += n


@contextmanager
def client(eng, *more, timeout=WAIT, env=None, argv=None):
    """ncclient's manager on a subsystem of its own."""
    handler = manager.make_device_handler({"name": "default"})
    session = Pipe(handler, argv or command(eng, *more), env)
    m = manager.Manager(session, handler, timeout=timeout)
    m.pipe = session
    try:
        yield m
    finally:
        session.close()


class Raw:
    """A client that may break every rule."""

    def __init__(self, eng, *more, argv=None):
        self.proc = subprocess.Popen(argv or command(eng, *more), stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.frames = Frames()
        self.msgs = []

    def write(self, data):
        try:
            self.proc.stdin.write(data)
            self.proc.stdin.flush()
        except BrokenPipeError:
            pass

    def hello(self, version="1.0"):
        self.write(b'<hello xmlns="%s"><capabilities><capability>urn:ietf:params:netconf:base:%s'
                   b"</capability></capabilities></hello>]]>]]>" % (BASE.encode(), version.encode()))
        first = self.read()
        self.frames.chunked = version == "1.1"
        return first

    def read(self, seconds=WAIT):
        """The next message, None at the end."""
        end = time.monotonic() + seconds
        sel = selectors.DefaultSelector()
        sel.register(self.proc.stdout, selectors.EVENT_READ)
        while not self.msgs:
            left = end - time.monotonic()
            if left <= 0 or not sel.select(left):
                raise AssertionError("no answer")
            data = os.read(self.proc.stdout.fileno(), 65536)
            if not data:
                return None
            self.msgs += self.frames.take(data)
        return self.msgs.pop(0)

    def ask(self, inner, number=1):
        return self.message(b'<rpc message-id="%d" xmlns="%s">%s</rpc>' % (number, BASE.encode(), inner))

    def message(self, msg):
        """The answer to these bytes as a message."""
        if self.frames.chunked:
            self.write(b"\n#%d\n%s\n##\n" % (len(msg), msg))
        else:
            self.write(msg + END)
        return self.read()

    def close(self):
        try:
            self.proc.stdin.close()
        except BrokenPipeError:
            pass
        rc = self.proc.wait(WAIT)
        err = self.proc.stderr.read()
        self.proc.stdout.close()
        self.proc.stderr.close()
        if b"Sanitizer" in err:
            raise AssertionError(err.decode(errors="replace"))
        return rc


def config(inner):
    return '<config xmlns="%s" xmlns:nc="%s">%s</config>' % (BASE, BASE, inner)


def bgp(inner, more=""):
    return config('<bgp xmlns="%s"%s>%s</bgp>' % (OURS, more, inner))


def tree(reply):
    """The reply's XML, parsed."""
    return etree.fromstring(reply.xml.encode() if hasattr(reply, "xml") else reply)


def values(reply, path):
    return [x.text for x in tree(reply).xpath(path, namespaces=NS)]


@contextmanager
def refused(tag=None, path=None, word=None):
    """The block must end with an rpc-error of this kind."""
    from ncclient.operations.rpc import RPCError
    try:
        yield
    except RPCError as e:
        if tag and e.tag != tag:
            raise AssertionError("%s, not %s: %s" % (e.tag, tag, e.message))
        if path and path not in (e.path or ""):
            raise AssertionError("%s is not the path: %s" % (path, e.path))
        if word and word not in (e.message or ""):
            raise AssertionError("%s is not said: %s" % (word, e.message))
        return
    raise AssertionError("not refused")
