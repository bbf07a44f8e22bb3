/* SPDX-License-Identifier: ISC */
/* Long walks over an instance's objects, in slices: withdraw, forget, export, send again. */
#include "config.h"

#include "evpn/core.h"
#include "lib/util.h"

#define STEPS 64

static unsigned
current(const struct evi *evi)
{
	return evi->jobs & -evi->jobs;
}

/* Ends a walk that is under way; the jobs left begin again. */
static void
job_stop(struct evpn *e, struct evi *evi)
{
	if (evi->job_running)
		obj_walk_end(e, &evi->walk);
	evi->job_running = false;
}

void
evi_job(struct evpn *e, struct evi *evi, unsigned jobs)
{
	struct evi_table *t = &e->evis;

	/* What was passed already must be looked at again. */
	if (jobs & (EVI_JOB_WITHDRAW | EVI_JOB_FORGET | EVI_JOB_EXPORT) ||
	    (jobs && (!evi->jobs || current(evi) == EVI_JOB_RESEND)))
		job_stop(e, evi);
	evi->jobs |= (uint8_t)jobs;
	if (jobs & EVI_JOB_WITHDRAW)
		evi->ident.on = false; /* nothing more under the old identity */
	if (!evi->job_queued) {
		evi->job_queued = true;
		evi->job_next = NULL;
		if (t->job_tail)
			t->job_tail->job_next = evi;
		else
			t->job_head = evi;
		t->job_tail = evi;
	}
	loop_work_queue(e->loop, &t->work);
}

bool
evi_jobs_done(const struct evpn *e)
{
	return e->evis.job_head == NULL;
}

static void
mac_apply(struct evpn *e, unsigned job, uint32_t h)
{
	if (job == EVI_JOB_WITHDRAW)
		export_withdraw_mac(e, h);
	else if (job == EVI_JOB_FORGET)
		mac_forget_old(e, h);
	else
		export_mac(e, h);
}

static void
neigh_apply(struct evpn *e, unsigned job, uint32_t h)
{
	if (job == EVI_JOB_WITHDRAW)
		export_withdraw_neigh(e, h);
	else if (job == EVI_JOB_FORGET)
		neigh_forget_old(e, h);
	else
		export_neigh(e, h);
}

static void
job_apply(struct evpn *e, unsigned job, enum zl_kind k, uint32_t h)
{
	if (job == EVI_JOB_RESEND)
		fib_again(e, obj_ref(k, h));
	else if (k == ZL_KIND_MAC)
		mac_apply(e, job, h);
	else if (k == ZL_KIND_NEIGH)
		neigh_apply(e, job, h);
}

static void
job_begin(struct evpn *e, struct evi *evi)
{
	evi->job_running = true;
	evi->job_kind = ZL_KIND_FLOOD;
	obj_walk_begin(e, &evi->walk, evi, evi->job_kind);
	if (current(evi) & (EVI_JOB_WITHDRAW | EVI_JOB_EXPORT))
		export_imet(e, evi);
}

static void
job_end(struct evpn *e, struct evi *evi)
{
	unsigned job = current(evi);

	job_stop(e, evi);
	evi->jobs &= (uint8_t)~job;
	if (job == EVI_JOB_WITHDRAW)
		export_adopt(e, evi);
}

/* Goes on with the instance's first job; false when the slice is over. */
static bool
job_run(struct evpn *e, struct evi *evi)
{
	unsigned steps = 0;
	uint32_t h;

	if (!evi->job_running)
		job_begin(e, evi);
	for (;;) {
		while ((h = obj_walk_next(e, &evi->walk)) != 0) {
			job_apply(e, current(evi), evi->job_kind, h);
			if (++steps % STEPS == 0 && loop_slice_over(e->loop))
				return false;
		}
		if (evi->job_kind == ZL_KIND_NEIGH)
			break;
		obj_walk_end(e, &evi->walk);
		evi->job_kind++;
		obj_walk_begin(e, &evi->walk, evi, evi->job_kind);
	}
	job_end(e, evi);
	return true;
}

static bool
jobs_work(struct loop_work *w)
{
	struct evpn *e = container_of(w, struct evpn, evis.work);
	struct evi_table *t = &e->evis;
	struct evi *evi;

	while ((evi = t->job_head) != NULL) {
		while (evi->jobs)
			if (!job_run(e, evi))
				return true;
		t->job_head = evi->job_next;
		if (!t->job_head)
			t->job_tail = NULL;
		evi->job_queued = false;
		evi_release(e, evi);
		if (loop_slice_over(e->loop))
			break;
	}
	core_jobs_done(e);
	return t->job_head != NULL;
}

void
evi_table_init(struct evpn *e)
{
	e->evis = (struct evi_table){ 0 };
	e->evis.slots = xcalloc(65536, sizeof *e->evis.slots);
	loop_work_init(&e->evis.work, LOOP_PRIO_DECIDE, jobs_work);
}
