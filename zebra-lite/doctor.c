/* SPDX-License-Identifier: ISC */
/* The set of findings: rounds, changes, and what the engine knows of them. */
#include "config.h"

#include "zebra-lite/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

static uint32_t
key_hash(const struct zl_finding *f)
{
	struct {
		char subject[ZL_IFNAME];
		uint32_t code, vni;
	} k = { .code = f->code, .vni = f->vni };

	memcpy(k.subject, f->subject, sizeof k.subject);
	return hash32(&k, sizeof k);
}

static struct doctor_entry *
entry(const struct doctor *d, uint32_t h)
{
	return slab_ptr(&d->entries, h);
}

static uint32_t
find(const struct doctor *d, const struct zl_finding *f)
{
	struct hidx_it it = hidx_first(&d->index, key_hash(f));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct zl_finding *g = &entry(d, h)->f;

		if (g->code == f->code && g->vni == f->vni &&
		    strcmp(g->subject, f->subject) == 0)
			return h;
	}
	return 0;
}

static void
dirty(struct doctor *d, struct doctor_entry *e)
{
	if (e->dirty || d->muted)
		return;
	e->dirty = true;
	d->ndirty++;
	d->wake(d->arg);
}

static void
drop(struct doctor *d, uint32_t h)
{
	struct doctor_entry *e = entry(d, h);

	d->ndirty -= e->dirty;
	hidx_remove(&d->index, key_hash(&e->f), h);
	slab_free(&d->entries, h);
}

void
doctor_found(struct doctor *d, enum zl_finding_code code, const char *subject,
    uint32_t vni, const char *fmt, ...)
{
	struct zl_finding f = { .op = ZL_SET, .code = (uint8_t)code, .vni = vni };
	struct doctor_entry *e;
	uint32_t h;
	va_list ap;

	snprintf(f.subject, sizeof f.subject, "%s", subject);
	va_start(ap, fmt);
	vsnprintf(f.text, sizeof f.text, fmt, ap);
	va_end(ap);
	h = find(d, &f);
	if (h == 0) {
		h = slab_alloc(&d->entries);
		entry(d, h)->f = f;
		entry(d, h)->f.op = ZL_DEL; /* so far */
		hidx_insert(&d->index, key_hash(&f), h);
	}
	e = entry(d, h);
	e->round = d->round;
	if (e->f.op == ZL_SET && strcmp(e->f.text, f.text) == 0)
		return;
	e->f = f;
	dirty(d, e);
}

/* What this round has not found again is mended. */
static void
round_end(struct doctor *d)
{
	for (uint32_t h = 0; (h = slab_next(&d->entries, h)) != 0;) {
		struct doctor_entry *e = entry(d, h);

		if (e->round == d->round || e->f.op == ZL_DEL)
			continue;
		e->f.op = ZL_DEL;
		if (e->said)
			dirty(d, e);
		else
			drop(d, h);
	}
	d->at = 0;
	loop_timer_start(d->loop, &d->timer, DOCTOR_PERIOD_US);
}

static bool
on_work(struct loop_work *w)
{
	struct doctor *d = container_of(w, struct doctor, work);

	if (d->at == 0) {
		d->round++;
		doctor_check_machine(d);
	}
	while ((d->at = slab_next(&d->iface->vnis, d->at)) != 0) {
		doctor_check_vni(d, slab_ptr(&d->iface->vnis, d->at));
		if (loop_slice_over(d->loop))
			return true;
	}
	round_end(d);
	return false;
}

static void
on_timer(struct loop_timer *t)
{
	struct doctor *d = container_of(t, struct doctor, timer);

	loop_work_queue(d->loop, &d->work);
}

void
doctor_soon(struct doctor *d)
{
	int64_t left = loop_timer_left(&d->timer);

	/* A round under way goes on; the next one sees the rest. */
	if (left < 0 || left > DOCTOR_SOON_US)
		loop_timer_start(d->loop, &d->timer, DOCTOR_SOON_US);
}

void
doctor_say_all(struct doctor *d)
{
	d->muted = false;
	for (uint32_t h = 0; (h = slab_next(&d->entries, h)) != 0;) {
		entry(d, h)->said = false;
		if (entry(d, h)->f.op == ZL_SET)
			dirty(d, entry(d, h));
		else
			drop(d, h);
	}
}

void
doctor_mute(struct doctor *d)
{
	d->muted = true;
	d->ndirty = 0;
	for (uint32_t h = 0; (h = slab_next(&d->entries, h)) != 0;) {
		entry(d, h)->dirty = false;
		entry(d, h)->said = false;
	}
}

/* Goes round the slab: a whole set is said in one turn. */
bool
doctor_next(struct doctor *d, struct zl_finding *out)
{
	while (d->ndirty > 0) {
		uint32_t h = d->say_at = slab_next(&d->entries, d->say_at);
		struct doctor_entry *e;

		if (h == 0 || !entry(d, h)->dirty)
			continue;
		e = entry(d, h);
		*out = e->f;
		e->dirty = false;
		d->ndirty--;
		e->said = e->f.op == ZL_SET;
		if (e->f.op == ZL_DEL)
			drop(d, h);
		return true;
	}
	return false;
}

void
doctor_init(struct doctor *d, struct loop *l, const struct iface *f,
    const struct observe *o, void (*wake)(void *arg), void *arg)
{
	*d = (struct doctor){
		.loop = l, .iface = f, .obs = o, .wake = wake, .arg = arg, .muted = true
	};
	slab_init(&d->entries, "findings", sizeof(struct doctor_entry));
	hidx_init(&d->index);
	loop_work_init(&d->work, LOOP_PRIO_BULK, on_work);
	loop_timer_init(&d->timer, on_timer);
}

void
doctor_fini(struct doctor *d)
{
	loop_work_cancel(&d->work);
	loop_timer_stop(&d->timer);
	hidx_fini(&d->index);
	slab_fini(&d->entries);
}
