/* SPDX-License-Identifier: ISC */
/* The wire form of requests from machines. */
#include "config.h"

#include "mgmt/ctl_rpc.h"

#include "mgmt/ctl_proto.h"

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
	ctl_text_put(w, m->text);
	ctl_text_put(w, m->text2);
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
	ctl_text_get(r, m->text, sizeof m->text);
	ctl_text_get(r, m->text2, sizeof m->text2);
	return rb_done(r) && m->op < CTL_OPS && m->source < CTL_STORES &&
	       m->target < CTL_STORES && m->edit <= 2;
}

void
ctl_rpc_error_encode(struct wbuf *w, const struct ctl_rpc_error *m)
{
	ctl_text_put(w, m->tag);
	ctl_text_put(w, m->app_tag);
	ctl_text_put(w, m->path);
	ctl_text_put(w, m->text);
	ctl_text_put(w, m->element);
	ctl_text_put(w, m->attribute);
	ctl_text_put(w, m->ns);
	wb_u32(w, m->session);
}

bool
ctl_rpc_error_decode(struct rbuf *r, struct ctl_rpc_error *m)
{
	ctl_text_get(r, m->tag, sizeof m->tag);
	ctl_text_get(r, m->app_tag, sizeof m->app_tag);
	ctl_text_get(r, m->path, sizeof m->path);
	ctl_text_get(r, m->text, sizeof m->text);
	ctl_text_get(r, m->element, sizeof m->element);
	ctl_text_get(r, m->attribute, sizeof m->attribute);
	ctl_text_get(r, m->ns, sizeof m->ns);
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
