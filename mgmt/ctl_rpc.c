/* SPDX-License-Identifier: ISC */
/* The wire form of requests from machines. */
#include "config.h"

#include "mgmt/ctl_rpc.h"

#include <string.h>

#include "lib/util.h"

static void
put_text(struct wbuf *w, const char *s)
{
	size_t n = strlen(s);

	wb_u16(w, (uint16_t)n);
	wb_bytes(w, s, n);
}

/* A text that fits, without NUL bytes. */
static void
get_text(struct rbuf *r, char *out, size_t size)
{
	size_t n = rb_u16(r);

	out[0] = '\0';
	if (n >= size) {
		rb_fail(r);
		return;
	}
	rb_copy(r, out, n);
	out[n] = '\0';
	if (strlen(out) != n)
		rb_fail(r);
}

void
ctl_rpc_encode(struct wbuf *w, const struct ctl_rpc *m)
{
	wb_u8(w, m->op);
	wb_u8(w, m->source);
	wb_u8(w, m->target);
	wb_u8(w, m->edit);
	wb_u32(w, m->flags);
	wb_u32(w, m->number);
	wb_u64(w, (uint64_t)m->time);
	put_text(w, m->text);
	put_text(w, m->text2);
}

bool
ctl_rpc_decode(struct rbuf *r, struct ctl_rpc *m)
{
	m->op = rb_u8(r);
	m->source = rb_u8(r);
	m->target = rb_u8(r);
	m->edit = rb_u8(r);
	m->flags = rb_u32(r);
	m->number = rb_u32(r);
	m->time = (int64_t)rb_u64(r);
	get_text(r, m->text, sizeof m->text);
	get_text(r, m->text2, sizeof m->text2);
	return rb_done(r) && m->op < CTL_OPS && m->source < CTL_STORES &&
	       m->target < CTL_STORES && m->edit <= 2;
}

void
ctl_rpc_error_encode(struct wbuf *w, const struct ctl_rpc_error *m)
{
	put_text(w, m->tag);
	put_text(w, m->app_tag);
	put_text(w, m->path);
	put_text(w, m->text);
	put_text(w, m->element);
	put_text(w, m->attribute);
	put_text(w, m->ns);
	wb_u32(w, m->session);
}

bool
ctl_rpc_error_decode(struct rbuf *r, struct ctl_rpc_error *m)
{
	get_text(r, m->tag, sizeof m->tag);
	get_text(r, m->app_tag, sizeof m->app_tag);
	get_text(r, m->path, sizeof m->path);
	get_text(r, m->text, sizeof m->text);
	get_text(r, m->element, sizeof m->element);
	get_text(r, m->attribute, sizeof m->attribute);
	get_text(r, m->ns, sizeof m->ns);
	m->session = rb_u32(r);
	return rb_done(r);
}

void
ctl_event_encode(struct wbuf *w, const struct ctl_event *m)
{
	wb_u64(w, m->number);
	wb_u64(w, (uint64_t)m->ms);
}

bool
ctl_event_decode(struct rbuf *r, struct ctl_event *m)
{
	m->number = rb_u64(r);
	m->ms = (int64_t)rb_u64(r);
	return !r->failed;
}
