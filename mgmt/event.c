/* SPDX-License-Identifier: ISC */
/* The ring of events and who reads it; the contract is in the header. */
#include "config.h"

#include "mgmt/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/util.h"

/* A kind's allowance. */
struct bucket {
	struct mono at; /* when it was filled last */
	unsigned left;	/* events that may come now */
};

struct events {
	struct loop *loop;		   /* borrowed */
	struct event ring[EVENTS_KEPT];	   /* number n at n % EVENTS_KEPT */
	uint64_t last;			   /* number of the latest, 0 none */
	uint64_t suppressed;		   /* left out */
	struct bucket bucket[EVENT_KINDS]; /* allowances */
	struct event_sub *subs;		   /* borrowed */
	struct out out;			   /* of the event being written */
	enum event_kind kind;		   /* of it */
};

static const char *const names[EVENT_KINDS] = {
	[EVENT_SESSION_UP] = "session-up",
	[EVENT_SESSION_DOWN] = "session-down",
	[EVENT_VNI_STATE] = "vni-state",
	[EVENT_VRF_STATE] = "vrf-state",
	[EVENT_MAC_MOVED] = "mac-moved",
	[EVENT_DUPLICATE] = "duplicate",
	[EVENT_KERNEL_DRIFT] = "kernel-drift",
	[EVENT_INSTALL_FAILURE] = "install-failure",
	[EVENT_COMMIT] = "commit",
};

const char *
event_name(enum event_kind k)
{
	return names[k];
}

struct events *
events_new(struct loop *l)
{
	struct events *v = xcalloc(1, sizeof *v);

	v->loop = l;
	for (unsigned k = 0; k < EVENT_KINDS; k++)
		v->bucket[k] = (struct bucket){ loop_now(l), EVENT_BURST };
	return v;
}

void
events_free(struct events *v)
{
	if (!v)
		return;
	while (v->subs)
		event_unsubscribe(v->subs);
	for (unsigned i = 0; i < EVENTS_KEPT; i++)
		free(v->ring[i].text);
	free(v);
}

/* ---- writing ---- */

static bool
allowed(struct events *v, enum event_kind k)
{
	struct bucket *b = &v->bucket[k];
	const int64_t each = MONO_SEC(1) / EVENT_RATE;
	const int64_t earned = mono_diff(loop_now(v->loop), b->at) / each;

	if (earned > EVENT_BURST - (int64_t)b->left) {
		*b = (struct bucket){ loop_now(v->loop), EVENT_BURST };
	} else if (earned > 0) {
		b->left += (unsigned)earned;
		b->at = mono_add(b->at, earned * each);
	}
	if (b->left == 0)
		return false;
	b->left--;
	return true;
}

struct out *
event_begin(struct events *v, enum event_kind k)
{
	char key[40];

	if (!v)
		return NULL;
	if (!allowed(v, k)) {
		v->suppressed++;
		return NULL;
	}
	v->kind = k;
	out_init(&v->out);
	out_json_compact(&v->out);
	out_obj_begin(&v->out, NULL);
	snprintf(key, sizeof key, "evpnd:%s", names[k]);
	out_obj_begin(&v->out, key);
	return &v->out;
}

static int64_t
wall_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void
event_end(struct events *v)
{
	struct event *ev = &v->ring[++v->last % EVENTS_KEPT];
	struct event_sub *next;

	out_obj_end(&v->out);
	out_obj_end(&v->out);
	while (v->out.buf.len && v->out.buf.s[v->out.buf.len - 1] == '\n')
		v->out.buf.s[--v->out.buf.len] = '\0';
	free(ev->text);
	*ev = (struct event){ v->last, wall_ms(), v->kind, strbuf_take(&v->out.buf) };
	out_fini(&v->out);
	for (struct event_sub *s = v->subs; s; s = next) {
		next = s->next;
		s->wake(s);
	}
}

/* ---- reading ---- */

void
event_subscribe(struct events *v, struct event_sub *s, void (*wake)(struct event_sub *))
{
	*s = (struct event_sub){ wake, v->subs, &v->subs };
	if (s->next)
		s->next->link = &s->next;
	v->subs = s;
}

void
event_unsubscribe(struct event_sub *s)
{
	if (!s->link)
		return;
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	s->link = NULL;
}

static uint64_t
oldest(const struct events *v)
{
	return v->last > EVENTS_KEPT ? v->last - EVENTS_KEPT + 1 : 1;
}

const struct event *
event_after(const struct events *v, uint64_t number)
{
	const uint64_t want = MAX(number + 1, oldest(v));

	return want <= v->last ? &v->ring[want % EVENTS_KEPT] : NULL;
}

uint64_t
event_before_time(const struct events *v, int64_t ms)
{
	uint64_t n = oldest(v);

	while (n <= v->last && v->ring[n % EVENTS_KEPT].ms < ms)
		n++;
	return n - 1;
}

uint64_t
event_last(const struct events *v)
{
	return v->last;
}

uint64_t
event_suppressed(const struct events *v)
{
	return v->suppressed;
}
