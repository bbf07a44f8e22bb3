/* SPDX-License-Identifier: ISC */
/* A session: hello, messages, events; the contract is in netconf/netconf.h. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libnetconf2/log.h>
#include <libnetconf2/session_server.h>
#include <libyang/libyang.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "lib/priv.h"
#include "lib/util.h"
#include "lib/xmlscan.h"
#include "netconf/frame.h"
#include "netconf/nacm.h"
#include "netconf/netconf.h"
#include "netconf/reply.h"
#include "netconf/request.h"

#define DEPTH_MAX 48			     /* elements inside each other in a message */
#define ITEMS_MAX (CTL_RPC_ITEMS_MAX + 1000) /* elements and attributes in a message */
#define READ_SIZE 65536			     /* bytes read at once */
#define HELLO_MAX 262144		     /* bytes of our own hello */
#define NS_BASE "urn:ietf:params:xml:ns:netconf:base:1.0"

/* What comes from the client. */
struct input {
	int fd;		     /* borrowed */
	struct frame frame;  /* of the present message */
	char buf[READ_SIZE]; /* read, not yet used */
	size_t pos, len;     /* in buf */
};

int64_t
session_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* ---- writing by ourselves: hello and the last word ---- */

static bool
write_all(int fd, const char *p, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static void
say_nothing(const struct nc_session *nc, NC_VERB_LEVEL level, const char *text)
{
	(void)nc;
	(void)level;
	(void)text;
}

static void
say(const struct nc_session *nc, NC_VERB_LEVEL level, const char *text)
{
	(void)nc;
	if (level == NC_VERB_ERROR)
		fprintf(stderr, "evpnd-netconf: %s\n", text);
}

/* The server's hello as libnetconf2 writes it to a client that is not there. */
static char *
hello_text(const char *user, int null)
{
	int to = memfd_create("hello", MFD_CLOEXEC);
	struct nc_session *nc = NULL;
	char *text = NULL;
	off_t len = -1;

	if (to >= 0 && nc_accept_inout(null, to, user, &nc) != NC_MSG_HELLO)
		len = lseek(to, 0, SEEK_END);
	if (len > 0 && len < HELLO_MAX) {
		text = xcalloc(1, (size_t)len + 1);
		if (pread(to, text, (size_t)len, 0) != len) {
			free(text);
			text = NULL;
		}
	}
	if (to >= 0)
		close(to);
	return text;
}

/* The same with the engine's number in it. */
static bool
send_hello(struct netconf *s, int out)
{
	static const char open_tag[] = "<session-id>", close_tag[] = "</session-id>";
	char *text = hello_text(s->opts->user, s->null), *from, *to;
	struct strbuf b;
	bool ok;

	from = text ? strstr(text, open_tag) : NULL;
	to = from ? strstr(from, close_tag) : NULL;
	if (!to) {
		free(text);
		return false;
	}
	strbuf_init(&b);
	strbuf_putn(&b, text, (size_t)(from - text) + strlen(open_tag));
	strbuf_printf(&b, "%u%s", s->eng.session, to);
	ok = write_all(out, b.s, b.len);
	strbuf_fini(&b);
	free(text);
	return ok;
}

/* ---- messages ---- */

/* What is read, put into frames.  FRAME_MORE: more has to be read. */
static enum frame_state
input_take(struct input *in)
{
	enum frame_state st = FRAME_MORE;

	while (st == FRAME_MORE && in->pos < in->len) {
		size_t used;

		st = frame_take(&in->frame, in->buf + in->pos, in->len - in->pos, &used);
		in->pos += used;
	}
	return st;
}

/* False at the end of the stream. */
static bool
input_read(struct input *in)
{
	ssize_t n;

	do
		n = read(in->fd, in->buf, sizeof in->buf);
	while (n < 0 && errno == EINTR);
	in->pos = 0;
	in->len = n > 0 ? (size_t)n : 0;
	return n > 0 || (n < 0 && errno == EAGAIN);
}

/* Gives libnetconf2 one whole message to read. */
static bool
feed(struct netconf *s, const char *msg, size_t len, bool chunked)
{
	char head[32];
	int n = snprintf(head, sizeof head, "\n#%zu\n", len);
	bool ok;

	if (ftruncate(s->feed, 0) != 0 || lseek(s->feed, 0, SEEK_SET) != 0)
		return false;
	ok = (!chunked || write_all(s->feed, head, (size_t)n)) &&
	     write_all(s->feed, msg, len) &&
	     (chunked ? write_all(s->feed, "\n##\n", 4)
		      : write_all(s->feed, FRAME_END, strlen(FRAME_END)));
	return ok && lseek(s->feed, 0, SEEK_SET) == 0;
}

/* Waits for the client's hello and begins the session of libnetconf2. */
static bool
take_hello(struct netconf *s, struct input *in)
{
	int64_t until = session_now() + (int64_t)s->opts->hello_s * 1000;
	struct pollfd p = { .fd = in->fd, .events = POLLIN };
	enum frame_state st;
	int null;
	bool ok;

	while ((st = input_take(in)) == FRAME_MORE) {
		int64_t left = until - session_now();

		if (left <= 0 || poll(&p, 1, (int)left) == 0 || !input_read(in))
			return false;
	}
	/* libnetconf2 would wait for more than an empty message. */
	if (st != FRAME_WHOLE || in->frame.msg.len == 0 ||
	    xmlscan(in->frame.msg.s, in->frame.msg.len, DEPTH_MAX, ITEMS_MAX) !=
		XMLSCAN_OK ||
	    !feed(s, in->frame.msg.s, in->frame.msg.len, false))
		return false;
	/* Its hello goes nowhere: ours has been sent. */
	null = fcntl(s->null, F_DUPFD_CLOEXEC, 3);
	ok = null >= 0 &&
	     nc_accept_inout(s->feed, null, s->opts->user, &s->nc) == NC_MSG_HELLO;
	if (ok)
		ok = dup2(s->out, null) >= 0;
	if (!ok) {
		close(null);
		return false;
	}
	close(s->out);
	s->out = null;
	return true;
}

/* A reply that libnetconf2 does not make: what it would have to answer never gets to it. */
static bool
send_error(struct netconf *s, const struct ctl_rpc_error *e, const char *attrs)
{
	struct lyd_node *tree = reply_error_tree(s->ly, e, true);
	bool chunked = nc_session_get_version(s->nc) != 0;
	struct strbuf b, f;
	char *text = NULL;
	bool ok;

	strbuf_init(&b);
	strbuf_init(&f);
	lyd_print_mem(&text, tree, LYD_XML, LYD_PRINT_SHRINK);
	strbuf_printf(&b, "<rpc-reply xmlns=\"" NS_BASE "\"%s>%s</rpc-reply>", attrs,
	    text ? text : "");
	if (chunked)
		strbuf_printf(&f, "\n#%zu\n%s\n##\n", b.len, b.s);
	else
		strbuf_printf(&f, "%s%s", b.s, FRAME_END);
	ok = write_all(s->out, f.s, f.len);
	strbuf_fini(&b);
	strbuf_fini(&f);
	free(text);
	lyd_free_all(tree);
	s->in_bad++;
	s->out_errors++;
	return ok;
}

/* An error for a message that is not parsed at all. */
static bool
refuse(struct netconf *s, const char *tag, const char *why)
{
	struct ctl_rpc_error e = { 0 };

	/* RFC 6241 appendix A: malformed-message is unknown to clients of version 1.0. */
	if (nc_session_get_version(s->nc) == 0 && strcmp(tag, "malformed-message") == 0)
		tag = "operation-failed";
	snprintf(e.tag, sizeof e.tag, "%s", tag);
	snprintf(e.text, sizeof e.text, "the message %s", why);
	return send_error(s, &e, "");
}

/* True if the schema allows it; else its error has been sent, and *ok says whether it could be. */
static bool
allowed(struct netconf *s, const char *msg, bool *ok)
{
	struct ctl_rpc_error e;
	struct strbuf attrs;
	enum request v;

	strbuf_init(&attrs);
	v = request_check(s->ly, msg, &e, &attrs);
	*ok = true;
	if (v == REQUEST_NONE)
		*ok = refuse(s, "malformed-message", "is no request");
	else if (v == REQUEST_WRONG)
		*ok = send_error(s, &e, attrs.len ? attrs.s : "");
	strbuf_fini(&attrs);
	return v == REQUEST_FINE;
}

/* One message; false when the session is over. */
static bool
take_message(struct netconf *s, struct input *in)
{
	bool chunked = nc_session_get_version(s->nc) != 0;
	const struct strbuf *msg = &in->frame.msg;
	enum xmlscan v = xmlscan(msg->s, msg->len, DEPTH_MAX, ITEMS_MAX);
	bool ok;
	int rc;

	if (msg->len == 0)
		return refuse(s, "malformed-message", "is empty");
	if (v != XMLSCAN_OK)
		return refuse(s, v == XMLSCAN_MANY ? "too-big" : "malformed-message",
		    xmlscan_text(v));
	if (!allowed(s, msg->s, &ok))
		return ok;
	if (!feed(s, msg->s, msg->len, chunked))
		return false;
	rc = nc_ps_poll(s->ps, 0, NULL);
	s->in_rpcs += (rc & NC_PSPOLL_RPC) != 0;
	s->in_bad += (rc & NC_PSPOLL_BAD_RPC) != 0;
	s->out_errors += (rc & NC_PSPOLL_REPLY_ERROR) != 0;
	return !(
	    rc & (NC_PSPOLL_SESSION_TERM | NC_PSPOLL_SESSION_ERROR | NC_PSPOLL_ERROR));
}

/* All whole messages that have come; false when the session is over. */
static bool
take_messages(struct netconf *s, struct input *in)
{
	for (;;) {
		bool chunked = nc_session_get_version(s->nc) != 0;
		enum frame_state st = input_take(in);

		if (st == FRAME_MORE)
			return true;
		if (st != FRAME_WHOLE) {
			/* RFC 6242 4.2: where the next one begins nobody knows. */
			refuse(s, st == FRAME_LONG ? "too-big" : "malformed-message",
			    st == FRAME_LONG ? "is too long" : "is framed wrong");
			return false;
		}
		if (!take_message(s, in))
			return false;
		frame_next(&in->frame, chunked);
	}
}

/* ---- the loop ---- */

/* A session too many is there for its client to hear so, no longer than for a hello. */
static bool
refused_long_ago(const struct netconf *s)
{
	return s->eng.refused &&
	       session_now() - s->login_ms >= (int64_t)s->opts->hello_s * 1000;
}

static int
timeout(const struct netconf *s)
{
	return s->eng.refused ? (int)s->opts->hello_s * 1000 : notif_timeout(s);
}

static void
serve(struct netconf *s, struct input *in)
{
	frame_next(&in->frame, nc_session_get_version(s->nc) != 0);
	/* What came behind hello may be a message already. */
	while (take_messages(s, in)) {
		struct pollfd p[] = {
			{ .fd = in->fd, .events = POLLIN },
			{ .fd = s->eng.ctl.fd, .events = POLLIN },
		};
		int n;

		notif_send_waiting(s);
		n = poll(p, ARRAY_LEN(p), timeout(s));
		if ((n < 0 && errno != EINTR) || refused_long_ago(s))
			return;
		if (n > 0 && p[1].revents)
			engine_poll(&s->eng);
		/* Without the engine there is nothing to serve, and its end was ours: kill-session. */
		if (engine_lost(&s->eng) && !s->eng.refused)
			return;
		if (n > 0 && p[0].revents && !input_read(in))
			return;
	}
}

static void
session_fini(struct netconf *s)
{
	notif_fini(s);
	if (s->ps)
		nc_ps_free(s->ps);
	nc_session_free(s->nc, NULL);
	engine_close(&s->eng);
	nacm_free(s->nacm);
	if (s->null >= 0)
		close(s->null);
	if (s->feed >= 0)
		close(s->feed);
	if (s->out >= 0)
		close(s->out);
}

bool
session_lock_down(struct err *e)
{
	int rc;

	tzset(); /* reads a file, later times are from memory */
	rc = priv_seccomp_session();
	return rc == 0 || err_set(e, "no filter of system calls: %s", strerror(-rc));
}

static bool
session_init(struct netconf *s, int out, struct err *e)
{
	s->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	s->feed = memfd_create("netconf", MFD_CLOEXEC);
	s->out = fcntl(out, F_DUPFD_CLOEXEC, 3);
	s->ps = nc_ps_new();
	s->nacm = nacm_new(s->ly, s->opts->nacm_file, s->opts->user, e);
	if (!s->nacm)
		return false;
	if (s->null < 0 || s->feed < 0 || s->out < 0 || !s->ps)
		return err_set(e, "no descriptor left");
	if (!engine_open(&s->eng, s->opts->rundir,
		s->opts->say_user ? s->opts->user : NULL, s->opts->sessions, e))
		return false;
	if (s->eng.refused)
		fprintf(stderr, "evpnd-netconf: %s\n", s->eng.err.text);
	return session_lock_down(e);
}

int
session_run(const struct netconf_opts *opts, struct ly_ctx *ly, int in, int out)
{
	struct netconf s = { .opts = opts, .ly = ly, .null = -1, .feed = -1, .out = -1 };
	struct input *input = xcalloc(1, sizeof *input);
	struct err e = { 0 };
	int status = 1;

	signal(SIGPIPE, SIG_IGN);
	/* That nobody answers our first hello is no news. */
	nc_set_print_clb_session(say_nothing);
	s.eng.ctl.fd = -1;
	s.login_ms = session_now();
	input->fd = in;
	frame_init(&input->frame);
	if (!session_init(&s, out, &e)) {
		fprintf(stderr, "evpnd-netconf: %s\n", e.text);
	} else if (send_hello(&s, out) && take_hello(&s, input)) {
		nc_session_set_data(s.nc, &s);
		nc_set_print_clb_session(say);
		if (nc_ps_add_session(s.ps, s.nc) == 0) {
			serve(&s, input);
			status = 0;
		}
		nc_ps_del_session(s.ps, s.nc);
	}
	session_fini(&s);
	frame_fini(&input->frame);
	free(input);
	return status;
}
