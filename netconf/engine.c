/* SPDX-License-Identifier: ISC */
/* Questions to the engine, blocking. */
#include "config.h"

#include "netconf/engine.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/ctl_proto.h"

/* Tells in c->err that the connection is lost. */
static bool
lost(struct engine_client *c)
{
	c->err = (struct ctl_rpc_error){ .tag = "operation-failed" };
	snprintf(c->err.text, sizeof c->err.text,
	    "the connection to the engine is lost (%s)", c->ctl.why);
	return false;
}

static bool
broken(struct engine_client *c, const char *why)
{
	ctl_client_fail(&c->ctl, why);
	return lost(c);
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
	struct rbuf r = rb_init(c->ctl.body, len);
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
	struct rbuf r = rb_init(c->ctl.body, len);
	struct ctl_rpc_error err;
	struct ctl_done done;

	if (type == CTL_EVENT)
		return take_event(c, len);
	if (type == CTL_OUT) {
		if (out)
			strbuf_putn(out, (const char *)c->ctl.body, len);
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

		if (!ctl_client_read(&c->ctl, &type, &len))
			return lost(c);
		if (!take_message(c, type, len, out, &last))
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
		return lost(c);
	if (len > CTL_RPC_PAYLOAD_MAX) {
		c->err = (struct ctl_rpc_error){ .tag = "too-big",
			.text = "the request is too large" };
		return false;
	}
	ctl_rpc_encode(&w, m);
	if (!ctl_client_send_pieces(&c->ctl, CTL_RPC, payload, len) ||
	    !ctl_client_send(&c->ctl, CTL_RPC_END, body, wb_len(&w)))
		return lost(c);
	return read_answer(c, out);
}

void
engine_poll(struct engine_client *c)
{
	struct pollfd p = { .fd = c->ctl.fd, .events = POLLIN };
	bool last = false;
	uint16_t type;
	size_t len;

	while (!engine_lost(c) && poll(&p, 1, 0) == 1)
		if (!ctl_client_read(&c->ctl, &type, &len) ||
		    !take_message(c, type, len, NULL, &last) || last)
			return;
}

bool
engine_lost(const struct engine_client *c)
{
	return ctl_client_lost(&c->ctl);
}

/* ---- the beginning ---- */

static bool
say_user(struct engine_client *c, const char *user)
{
	struct ctl_user m = { .door = "netconf" };
	uint8_t body[sizeof m + 8];
	struct wbuf w = wb_init(body, sizeof body);

	snprintf(m.name, sizeof m.name, "%s", user);
	ctl_user_encode(&w, &m);
	return ctl_client_send(&c->ctl, CTL_USER, body, wb_len(&w)) || lost(c);
}

/* The engine's number of this session, and its consent. */
static bool
ask_number(struct engine_client *c, unsigned max)
{
	struct ctl_rpc m = { .op = CTL_OP_WHO, .number = max };
	struct strbuf b;
	bool ok;

	strbuf_init(&b);
	ok = engine_ask(c, &m, NULL, &b);
	c->refused = strcmp(c->err.tag, "resource-denied") == 0;
	if (ok || c->refused)
		c->session = (uint32_t)strtoul(b.s, NULL, 10);
	/* Who is only told so keeps nobody's place. */
	if (c->refused)
		ctl_client_fail(&c->ctl, c->err.text);
	strbuf_fini(&b);
	return ok || c->refused;
}

bool
engine_open(struct engine_client *c, const char *rundir, const char *user, unsigned max,
    struct err *e)
{
	*c = (struct engine_client){ 0 };
	c->last = &c->first;
	if (!ctl_client_open(&c->ctl, rundir, e))
		return false;
	if (read_answer(c, NULL) && (!user || say_user(c, user)) && ask_number(c, max))
		return true;
	err_set(e, "%s", c->err.text);
	engine_close(c);
	return false;
}

void
engine_close(struct engine_client *c)
{
	while (c->first)
		event_free(engine_event(c));
	ctl_client_close(&c->ctl);
}
