/* SPDX-License-Identifier: ISC */
/* Questions to the engine, blocking. */
#include "config.h"

#include "netconf/engine.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "lib/util.h"
#include "mgmt/ctl_proto.h"

#define FRAME 6 /* bytes of length and type */

static bool
broken(struct engine_client *c, const char *why)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	c->err = (struct ctl_rpc_error){ .tag = "operation-failed" };
	snprintf(c->err.text, sizeof c->err.text,
	    "the connection to the engine is lost (%s)", why);
	return false;
}

static bool
write_all(struct engine_client *c, const void *data, size_t len)
{
	const uint8_t *p = data;

	while (len > 0) {
		ssize_t n = send(c->fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return broken(c, strerror(errno));
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
send_frame(struct engine_client *c, uint16_t type, const void *body, size_t len)
{
	uint8_t head[FRAME];
	struct wbuf w = wb_init(head, sizeof head);

	wb_u32(&w, (uint32_t)(len + 2));
	wb_u16(&w, type);
	return write_all(c, head, sizeof head) && (len == 0 || write_all(c, body, len));
}

static bool
read_all(struct engine_client *c, uint8_t *p, size_t len)
{
	while (len > 0) {
		ssize_t n = recv(c->fd, p, len, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return broken(c, n < 0 ? strerror(errno) : "closed");
		p += n;
		len -= (size_t)n;
	}
	return true;
}

static bool
read_frame(struct engine_client *c, uint16_t *type, size_t *len)
{
	uint8_t head[FRAME];
	struct rbuf r = rb_init(head, sizeof head);
	uint32_t n;

	if (!read_all(c, head, sizeof head))
		return false;
	n = rb_u32(&r);
	*type = rb_u16(&r);
	if (n < 2 || n - 2 > CTL_MSG_MAX)
		return broken(c, "malformed answer");
	*len = n - 2;
	return read_all(c, c->body, *len);
}

static void
event_free(struct engine_event *ev)
{
	if (ev)
		free(ev->json);
	free(ev);
}

struct engine_event *
engine_event(struct engine_client *c)
{
	struct engine_event *ev = c->first;

	if (!ev)
		return NULL;
	c->first = ev->next;
	if (!c->first)
		c->last = &c->first;
	c->nevents--;
	return ev;
}

static bool
take_event(struct engine_client *c, size_t len)
{
	struct rbuf r = rb_init(c->body, len);
	struct engine_event *ev = xcalloc(1, sizeof *ev);
	size_t left;

	if (!ctl_event_decode(&r, &ev->head)) {
		free(ev);
		return broken(c, "malformed event");
	}
	left = rb_left(&r);
	ev->json = ctl_text(rb_take(&r, left), left, true);
	if (c->nevents == ENGINE_EVENTS_MAX)
		event_free(engine_event(c));
	*c->last = ev;
	c->last = &ev->next;
	c->nevents++;
	return true;
}

/* One message; *last when it was the end of an answer. */
static bool
take_message(
    struct engine_client *c, uint16_t type, size_t len, struct strbuf *out, bool *last)
{
	struct rbuf r = rb_init(c->body, len);
	struct ctl_rpc_error err;
	struct ctl_done done;

	if (type == CTL_EVENT)
		return take_event(c, len);
	if (type == CTL_OUT) {
		if (out)
			strbuf_putn(out, (const char *)c->body, len);
		return true;
	}
	if (type == CTL_ERROR && ctl_rpc_error_decode(&r, &err)) {
		if (!c->err.tag[0])
			c->err = err;
		return true;
	}
	if (type == CTL_DONE && ctl_done_decode(&r, &done)) {
		*last = true;
		if (done.status && !c->err.tag[0])
			snprintf(c->err.tag, sizeof c->err.tag, "operation-failed");
		return true;
	}
	return broken(c, "unexpected answer");
}

static bool
read_answer(struct engine_client *c, struct strbuf *out)
{
	bool last = false;

	c->err = (struct ctl_rpc_error){ 0 };
	while (!last) {
		uint16_t type;
		size_t len;

		if (!read_frame(c, &type, &len) ||
		    !take_message(c, type, len, out, &last))
			return false;
	}
	return !c->err.tag[0];
}

bool
engine_ask(struct engine_client *c, const struct ctl_rpc *m, const char *payload,
    struct strbuf *out)
{
	size_t len = payload ? strlen(payload) : 0;
	uint8_t body[CTL_RPC_BODY_MAX];
	struct wbuf w = wb_init(body, sizeof body);

	if (engine_lost(c))
		return broken(c, "closed");
	if (len > CTL_RPC_PAYLOAD_MAX) {
		c->err = (struct ctl_rpc_error){ .tag = "too-big",
			.text = "the request is too large" };
		return false;
	}
	for (size_t at = 0; at < len; at += CTL_MSG_MAX)
		if (!send_frame(
			c, CTL_RPC, payload + at, MIN(len - at, (size_t)CTL_MSG_MAX)))
			return false;
	ctl_rpc_encode(&w, m);
	return send_frame(c, CTL_RPC_END, body, wb_len(&w)) && read_answer(c, out);
}

void
engine_poll(struct engine_client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	bool last = false;
	uint16_t type;
	size_t len;

	while (c->fd >= 0 && poll(&p, 1, 0) == 1)
		if (!read_frame(c, &type, &len) ||
		    !take_message(c, type, len, NULL, &last) || last)
			return;
}

bool
engine_lost(const struct engine_client *c)
{
	return c->fd < 0;
}

/* ---- the beginning ---- */

static bool
greet(struct engine_client *c)
{
	uint8_t hello[4];
	struct wbuf w = wb_init(hello, sizeof hello);
	uint16_t type;
	size_t len;
	struct rbuf r;

	if (!read_frame(c, &type, &len))
		return false;
	r = rb_init(c->body, len);
	if (type != CTL_HELLO || rb_u32(&r) != CTL_VERSION)
		return broken(c, "evpnd is of another version");
	wb_u32(&w, CTL_VERSION);
	return send_frame(c, CTL_HELLO, hello, sizeof hello) && read_answer(c, NULL);
}

static bool
say_user(struct engine_client *c, const char *user)
{
	struct ctl_user m = { .door = "netconf" };
	uint8_t body[sizeof m + 8];
	struct wbuf w = wb_init(body, sizeof body);

	snprintf(m.name, sizeof m.name, "%s", user);
	ctl_user_encode(&w, &m);
	return send_frame(c, CTL_USER, body, wb_len(&w));
}

static bool
ask_number(struct engine_client *c)
{
	struct ctl_rpc m = { .op = CTL_OP_WHO };
	struct strbuf b;
	bool ok;

	strbuf_init(&b);
	ok = engine_ask(c, &m, NULL, &b);
	if (ok)
		c->session = (uint32_t)strtoul(b.s, NULL, 10);
	strbuf_fini(&b);
	return ok;
}

bool
engine_open(struct engine_client *c, const char *rundir, const char *user, struct err *e)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int n = snprintf(sa.sun_path, sizeof sa.sun_path, "%s/" CTL_SOCKET, rundir);

	*c = (struct engine_client){ .fd = -1 };
	c->last = &c->first;
	if (n < 0 || (size_t)n >= sizeof sa.sun_path)
		return err_set(e, "%s: the path is too long", rundir);
	c->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&sa, sizeof sa) != 0) {
		err_set(e, "cannot reach evpnd at %s (%s)", sa.sun_path, strerror(errno));
		engine_close(c);
		return false;
	}
	c->body = xmalloc(CTL_MSG_MAX);
	if (greet(c) && (!user || say_user(c, user)) && ask_number(c))
		return true;
	err_set(e, "%s", c->err.text);
	engine_close(c);
	return false;
}

void
engine_close(struct engine_client *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	while (c->first)
		event_free(engine_event(c));
	free(c->body);
	c->body = NULL;
}
