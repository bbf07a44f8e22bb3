/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov.c: rounds of comparing and writing, and plans. */
#include "config.h"

#include "zebra-lite/prov.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("zl.prov");

#define ROUNDS_MAX 16 /* in a row: more is a fight with somebody else */
#define BACKOFF_FIRST MONO_SEC(1)
#define BACKOFF_MAX MONO_SEC(30)
#define PERIOD_US MONO_SEC(30) /* nobody tells of a changed sysctl */
#define DELS_MAX 8	       /* devices removed in a slice: the kernel takes its time */
#define SET_MAX 262144	       /* records of one set */

static void
set_fini(struct prov_set *s)
{
	free(s->recs);
	*s = (struct prov_set){ 0 };
}

static void
start(struct prov *p)
{
	if (p->known && p->said)
		loop_work_queue(p->loop, &p->work);
}

/* ---- a round ---- */

static void
compare(struct prov *p, const struct prov_want *want, const struct prov_want *had,
    const struct prov_want *before, bool conf, struct prov_steps *steps)
{
	const struct prov_diff d = { .want = want,
		.had = had,
		.before = before,
		.f = p->f,
		.left = p->left,
		.nleft = p->nleft,
		.found = &p->found,
		.conf = conf };

	prov_diff(&d, steps);
}

static void
round_begin(struct prov *p)
{
	prov_steps_fini(&p->steps);
	prov_want_fini(&p->before);
	p->before = p->want;
	prov_want_init(&p->want);
	prov_want_make(&p->want, p->set.recs, p->set.n, p->f, &p->before);
	prov_find(
	    &(struct prov_diff){ .want = &p->want, .before = &p->before, .f = p->f },
	    &p->found);
	/* A change of ours shall not be taken for that of the next round. */
	p->again = false;
	compare(p, &p->want, &p->want, &p->before, p->conf, &p->steps);
	p->at = 0;
	p->done = p->failed = 0;
}

/* Once for each state of things. */
static void
complain(const struct prov_step *s, const char *why)
{
	struct strbuf b;

	strbuf_init(&b);
	prov_step_text(s, &b);
	if (why)
		log_warn("%s: cannot %s (%s)", s->subject, b.s, why);
	else
		log_warn("%s: %s", s->subject, b.s);
	strbuf_fini(&b);
}

static void
say_done(const struct prov_step *s)
{
	struct strbuf b;

	strbuf_init(&b);
	prov_step_text(s, &b);
	log_debug("%s: %s", s->subject, b.s);
	strbuf_fini(&b);
}

/* What has gone by itself need not be removed. */
static bool
forgivable(const struct prov_step *s, int err)
{
	return (s->op == PROV_DEL && err == ENODEV) ||
	       (s->op == PROV_ADDR_DEL && (err == EADDRNOTAVAIL || err == ENODEV)) ||
	       (s->op == PROV_VLAN_DEL && err == ENOENT) ||
	       (s->op == PROV_VNI_DEL && err == ENOENT) ||
	       (s->op == PROV_VNI && err == EEXIST);
}

static void
result(struct prov *p, const struct prov_step *s, int err, const char *why)
{
	if (err == 0 || forgivable(s, err)) {
		p->done++;
		say_done(s);
		return;
	}
	p->failed++;
	if (p->backoff <= BACKOFF_FIRST)
		complain(s, why[0] ? why : strerror(err));
}

/* Sends the batch; at[i] is the step of message i. */
static void
flush(struct prov *p, const uint32_t *at)
{
	uint32_t last = UINT32_MAX;

	nl_batch_send(p->nl, &p->batch);
	for (unsigned i = 0; i < p->batch.n; i++) {
		/* A step of two messages fails with the first. */
		if (at[i] == last)
			continue;
		last = at[i];
		result(
		    p, &p->steps.s[at[i]], p->batch.err[i], nl_batch_text(&p->batch, i));
	}
	nl_batch_reset(&p->batch);
}

static bool
write_some(struct prov *p)
{
	uint32_t at[NL_BATCH_MAX];
	unsigned dels = 0;

	while (p->at < p->steps.n && p->batch.n + 2 <= NL_BATCH_MAX && dels < DELS_MAX) {
		const struct prov_step *s = &p->steps.s[p->at];
		unsigned n = p->batch.n;
		int err;

		if (prov_put(&p->batch, s, p->f)) {
			for (; n < p->batch.n; n++)
				at[n] = p->at;
		} else if ((err = prov_write_file(s)) >= 0) {
			result(p, s, err, "");
		}
		dels += s->op == PROV_DEL;
		p->at++;
	}
	flush(p, at);
	return p->at < p->steps.n;
}

/* What stands in the way is said when it is new. */
static void
say_problems(struct prov *p)
{
	uint32_t h = 0;

	for (uint32_t i = 0; i < p->steps.n; i++)
		if (p->steps.s[i].op == PROV_PROBLEM)
			h = h * 31 +
			    hash32(p->steps.s[i].text, strlen(p->steps.s[i].text)) +
			    hash32(p->steps.s[i].subject, strlen(p->steps.s[i].subject));
	if (h == p->complaint)
		return;
	p->complaint = h;
	for (uint32_t i = 0; i < p->steps.n; i++)
		if (p->steps.s[i].op == PROV_PROBLEM)
			complain(&p->steps.s[i], NULL);
}

/* The ports that are in bridges of ours now. */
static void
remember_ports(struct prov *p)
{
	for (uint32_t i = 0; i < p->want.ndevs; i++) {
		const struct prov_dev *w = &p->want.devs[i];
		uint32_t k = 0;

		if (!(w->flags & PROV_PORT))
			continue;
		while (k < p->nleft && strcmp(p->left[k].port, w->name) != 0)
			k++;
		if (k == p->nleft)
			p->left = xrealloc(p->left, ++p->nleft * sizeof p->left[0]);
		memcpy(p->left[k].port, w->name, sizeof w->name);
		memcpy(p->left[k].bridge, w->master, sizeof w->master);
	}
}

/* The kernel tells nobody of a new mark while the device is down: what was made is asked for. */
static void
ask_made(struct prov *p)
{
	for (uint32_t i = 0; i < p->steps.n; i++) {
		if (p->steps.s[i].op != PROV_NEW || p->steps.s[i].later)
			continue;
		nl_dev_put_get(&p->batch, p->steps.s[i].subject);
		nl_get(p->nl, &p->batch, p->ops->link, p->arg);
		nl_batch_reset(&p->batch);
		/* Its sysctls are the defaults. */
		p->conf = true;
	}
}

static void
round_end(struct prov *p)
{
	p->ops->drain(p->arg);
	ask_made(p);
	remember_ports(p);
	say_problems(p);
	if (p->done)
		log_info("devices: %u steps done, %u failed", p->done, p->failed);
	p->rounds = p->done ? p->rounds + 1 : 0;
	if (p->done && p->rounds < ROUNDS_MAX) {
		p->backoff = BACKOFF_FIRST;
		loop_work_queue(p->loop, &p->work);
		return;
	}
	if (p->rounds >= ROUNDS_MAX)
		log_warn("devices: somebody undoes what evpnd does; a pause");
	p->conf = false;
	if (p->failed || p->rounds) {
		loop_timer_start(p->loop, &p->later, p->backoff);
		p->backoff = MIN(2 * p->backoff, BACKOFF_MAX);
	} else {
		p->backoff = BACKOFF_FIRST;
		loop_timer_start(p->loop, &p->later, PERIOD_US);
	}
	p->rounds = 0;
	if (p->again && !p->failed)
		loop_work_queue(p->loop, &p->work);
}

static bool
on_work(struct loop_work *w)
{
	struct prov *p = container_of(w, struct prov, work);

	if (!p->known || !p->said)
		return false;
	if (p->at == p->steps.n)
		round_begin(p);
	if (write_some(p))
		return true;
	round_end(p);
	return false;
}

static void
on_later(struct loop_timer *t)
{
	struct prov *p = container_of(t, struct prov, later);

	p->conf = p->set.n > 0;
	start(p);
}

/* ---- plans ---- */

static void
send_steps(struct prov *p, uint32_t req, const struct prov_steps *steps)
{
	uint8_t *body = xmalloc(ZL_MSG_MAX);
	uint32_t i = 0;

	do {
		struct zl_prov_head head = { .req = req };
		struct wbuf w = wb_init(body, ZL_MSG_MAX);
		uint32_t end = MIN(i + ZL_STEPS_MAX, steps->n);

		head.flags = end == steps->n ? ZL_PROV_LAST : 0;
		zl_prov_head_encode(&w, &head);
		for (; i < end; i++) {
			const struct prov_step *s = &steps->s[i];
			struct zl_step m = { .level = ZL_STEP_DO };
			struct strbuf b;

			if (s->op == PROV_PROBLEM) {
				m.level = s->error ? ZL_STEP_ERROR : ZL_STEP_NOTE;
				m.kind = (uint8_t)s->kind;
				m.vni = s->vni;
				strncpy(m.leaf, s->leaf, sizeof m.leaf - 1);
			}
			strbuf_init(&b);
			prov_step_text(s, &b);
			strncpy(m.subject, s->subject, sizeof m.subject - 1);
			strncpy(m.text, b.s ? b.s : "", sizeof m.text - 1);
			strbuf_fini(&b);
			zl_step_encode(&w, &m);
		}
		p->ops->send(p->arg, body, wb_len(&w));
	} while (i < steps->n);
	free(body);
}

/* A table that is thrown away again. */
static void
plan(struct prov *p, const struct prov_set *set)
{
	struct prov_want want, had;
	struct prov_steps steps = { 0 };

	prov_want_init(&want);
	prov_want_init(&had);
	prov_want_make(&want, set->recs, set->n, p->f, &p->want);
	prov_want_make(&had, p->set.recs, p->set.n, p->f, &p->want);
	compare(p, &want, &had, &p->want, true, &steps);
	send_steps(p, set->req, &steps);
	prov_steps_fini(&steps);
	prov_want_fini(&want);
	prov_want_fini(&had);
}

/* Answers what was asked, now that interfaces are known. */
static void
answer(struct prov *p)
{
	for (uint32_t i = 0; i < p->nasked; i++) {
		plan(p, &p->asked[i]);
		set_fini(&p->asked[i]);
	}
	p->nasked = 0;
}

static void
set_take(struct prov *p)
{
	struct prov_set set = p->in;

	p->in = (struct prov_set){ 0 };
	if (set.req) {
		p->asked = xrealloc(p->asked, (p->nasked + 1) * sizeof p->asked[0]);
		p->asked[p->nasked++] = set;
		if (p->known)
			answer(p);
		return;
	}
	set_fini(&p->set);
	p->set = set;
	p->said = true;
	p->conf = true;
	p->backoff = BACKOFF_FIRST;
	p->again = true;
	/* A round under way is of the old set. */
	p->at = p->steps.n;
	start(p);
}

bool
prov_frame(struct prov *p, struct rbuf *r)
{
	struct zl_prov_head head;
	struct prov_set *s = &p->in;

	if (!zl_prov_head_decode(r, &head))
		return false;
	if (head.flags & ZL_PROV_FIRST)
		s->n = 0;
	s->req = head.req;
	while (rb_left(r) > 0) {
		if (s->n == s->cap) {
			s->cap = s->cap ? 2 * s->cap : 64;
			s->recs = xrealloc(s->recs, s->cap * sizeof s->recs[0]);
		}
		if (s->n == SET_MAX || !zl_prov_decode(r, &s->recs[s->n++]))
			return false;
	}
	if (!rb_done(r))
		return false;
	if (head.flags & ZL_PROV_LAST)
		set_take(p);
	return true;
}

void
prov_changed(struct prov *p)
{
	p->known = true;
	p->again = true;
	answer(p);
	/* What failed waits for its time, unless something else has changed. */
	start(p);
}

void
prov_pause(struct prov *p)
{
	p->known = false;
}

void
prov_forget(struct prov *p)
{
	set_fini(&p->in);
	for (uint32_t i = 0; i < p->nasked; i++)
		set_fini(&p->asked[i]);
	p->nasked = 0;
}

void
prov_init(struct prov *p, struct loop *l, struct nl *nl, const struct iface *f,
    const struct prov_ops *ops, void *arg)
{
	*p = (struct prov){ .loop = l, .nl = nl, .f = f, .ops = ops, .arg = arg };
	p->backoff = BACKOFF_FIRST;
	prov_want_init(&p->want);
	prov_want_init(&p->before);
	nl_batch_init(&p->batch);
	loop_work_init(&p->work, LOOP_PRIO_DECIDE, on_work);
	loop_timer_init(&p->later, on_later);
}

void
prov_fini(struct prov *p)
{
	loop_work_cancel(&p->work);
	loop_timer_stop(&p->later);
	prov_forget(p);
	free(p->asked);
	set_fini(&p->set);
	prov_steps_fini(&p->steps);
	prov_want_fini(&p->want);
	prov_want_fini(&p->before);
	nl_batch_fini(&p->batch);
	free(p->left);
}
