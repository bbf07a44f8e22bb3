/* SPDX-License-Identifier: ISC */
/* Long walks over a VRF's objects, in slices: withdraw, export, choose again, send again. */
#include "config.h"

#include "evpn/core.h"
#include "lib/util.h"

#define STEPS 64

/* What leads somewhere is sent after that. */
static const uint8_t lists[] = { OBJ_RMAC, ZL_KIND_HOP, ZL_KIND_GROUP, ZL_KIND_ROUTE };

static unsigned
current(const struct vrf *v)
{
	return v->jobs & -v->jobs;
}

/* The first list that a job looks at. */
static uint8_t
first_step(unsigned job)
{
	if (job == VRF_JOB_RESEND)
		return 0;
	return job == VRF_JOB_REHOP ? 2 : 3;
}

static void
job_stop(struct evpn *e, struct vrf *v)
{
	if (v->job_running)
		obj_walk_end(e, &v->walk);
	v->job_running = false;
}

void
vrf_job(struct evpn *e, struct vrf *v, unsigned jobs)
{
	struct vrf_table *t = &e->vrfs;

	if (e->closing)
		return;
	/* What was passed already must be looked at again; an earlier job goes first. */
	if (jobs && v->job_running && (jobs & -jobs) <= current(v))
		job_stop(e, v);
	v->jobs |= (uint8_t)jobs;
	if (jobs & VRF_JOB_WITHDRAW)
		v->ident.on = false; /* nothing more under the old identity */
	if (!v->job_queued) {
		v->job_queued = true;
		v->job_next = NULL;
		if (t->job_tail)
			t->job_tail->job_next = v;
		else
			t->job_head = v;
		t->job_tail = v;
	}
	loop_work_queue(e->loop, &t->work);
}

void
vrf_job_users(struct evpn *e, struct vrf *v, unsigned jobs)
{
	size_t i;

	vrf_job(e, v, jobs);
	for (i = 0; i < e->vrfs.n; i++)
		if (e->vrfs.order[i]->foreign && e->vrfs.order[i] != v)
			vrf_job(e, e->vrfs.order[i], jobs);
}

bool
vrf_jobs_done(const struct evpn *e)
{
	return e->vrfs.job_head == NULL;
}

static void
job_apply(struct evpn *e, unsigned job, unsigned kind, uint32_t h)
{
	uint32_t ref = obj_ref(kind, h);

	switch (job) {
	case VRF_JOB_WITHDRAW:
		l3_withdraw(e, h);
		l3_release(e, h);
		break;
	case VRF_JOB_EXPORT:
		l3_export(e, h);
		l3_release(e, h);
		break;
	case VRF_JOB_EVAL:
		l3_eval(e, h);
		break;
	case VRF_JOB_DECIDE:
		l3_decide(e, h);
		break;
	case VRF_JOB_LEAK:
		l3_leak(e, obj_vrf(e, obj_ptr(e, ref)), l3_prefix_of(l3_at(&e->l3, h)));
		break;
	case VRF_JOB_REHOP:
		if (kind == ZL_KIND_GROUP ? hop_group_awaits(e, h) : l3_awaits(e, h))
			fib_again(e, ref);
		break;
	default:
		fib_again(e, ref);
	}
}

static void
job_begin(struct evpn *e, struct vrf *v)
{
	v->job_running = true;
	v->job_step = first_step(current(v));
	if (current(v) == VRF_JOB_REHOP)
		v->rehop_now = e->hops.clock;
	obj_walk_vrf(e, &v->walk, v, lists[v->job_step]);
}

static void
job_end(struct evpn *e, struct vrf *v)
{
	unsigned job = current(v);

	job_stop(e, v);
	v->jobs &= (uint8_t)~job;
	if (job == VRF_JOB_WITHDRAW)
		l3_adopt(e, v);
	if (job == VRF_JOB_REHOP)
		v->rehop_done = v->rehop_now;
}

/* Goes on with the VRF's first job; false when the slice is over. */
static bool
job_run(struct evpn *e, struct vrf *v)
{
	unsigned steps = 0;
	uint32_t h;

	if (!v->job_running)
		job_begin(e, v);
	for (;;) {
		/* An object's turn may start an earlier job of this VRF: that goes first. */
		while (v->job_running && (h = obj_walk_next(e, &v->walk)) != 0) {
			job_apply(e, current(v), lists[v->job_step], h);
			if (++steps % STEPS == 0 && loop_slice_over(e->loop))
				return false;
		}
		if (!v->job_running)
			return true;
		if (v->job_step == ARRAY_LEN(lists) - 1)
			break;
		obj_walk_end(e, &v->walk);
		v->job_step++;
		obj_walk_vrf(e, &v->walk, v, lists[v->job_step]);
	}
	job_end(e, v);
	return true;
}

static bool
jobs_work(struct loop_work *w)
{
	struct evpn *e = container_of(w, struct evpn, vrfs.work);
	struct vrf_table *t = &e->vrfs;
	struct vrf *v;

	while ((v = t->job_head) != NULL) {
		while (v->jobs)
			if (!job_run(e, v))
				return true;
		t->job_head = v->job_next;
		if (!t->job_head)
			t->job_tail = NULL;
		v->job_queued = false;
		vrf_settle(e, v);
		if (loop_slice_over(e->loop))
			break;
	}
	core_jobs_done(e);
	return t->job_head != NULL;
}

void
vrf_table_init(struct evpn *e)
{
	e->vrfs = (struct vrf_table){ 0 };
	loop_work_init(&e->vrfs.work, LOOP_PRIO_DECIDE, jobs_work);
}
