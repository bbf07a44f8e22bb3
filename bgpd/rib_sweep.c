/* SPDX-License-Identifier: ISC */
/* Peers, and the walk over all routes that their end, a freed group or a new decision asks for.
 *
 * There is one walk, round and round over the cells in order of memory, and it does the work
 * of all jobs at once: ten peers that vanish together cost one walk.  A job is over when the
 * walk has come round to the place where the job came in. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/util.h"

enum {
	SWEEP_BLOCK = 64,    /* cells between two looks at the clock */
	SWEEP_SLICE = 16384, /* cells in a slice at most */
	PEERS_MAX = 65535,
};

/* Peers. */

struct rib_peer_slot *
rib_slot(const struct rib *r, uint16_t peer)
{
	return r->peers[peer];
}

struct rib_peer *
rib_peer(const struct rib *r, uint16_t peer)
{
	return peer < r->npeers && r->peers[peer] ? &r->peers[peer]->p : NULL;
}

static uint32_t
peer_free_index(struct rib *r)
{
	uint32_t i = 1;

	while (i < r->npeers && r->peers[i])
		i++;
	if (i < r->npeers || i > PEERS_MAX)
		return i;
	r->npeers = MAX(16, r->npeers * 2);
	r->peers = xrealloc(r->peers, r->npeers * sizeof(struct rib_peer_slot *));
	memset(r->peers + i, 0, (r->npeers - i) * sizeof(struct rib_peer_slot *));
	return i;
}

uint16_t
rib_peer_add(struct rib *r, const struct rib_peer *p)
{
	uint32_t i = peer_free_index(r);

	if (i > PEERS_MAX)
		return 0;
	r->peers[i] = xcalloc(1, sizeof(*r->peers[i]));
	r->peers[i]->p = *p;
	r->peers[i]->p.used = true;
	r->peers[i]->p.local = false;
	r->peers[i]->p.npaths = r->peers[i]->p.nbest = 0;
	memset(r->peers[i]->p.nbest_type, 0, sizeof(p->nbest_type));
	return (uint16_t)i;
}

static void
peer_free(struct rib *r, uint16_t peer)
{
	free(r->peers[peer]);
	r->peers[peer] = NULL;
}

/* The walk. */

static bool
path_is_stale(const struct rib_peer_slot *s, const struct rib_path *p)
{
	return p->flags & PATH_STALE || (p->flags ^ s->epoch) & PATH_EPOCH;
}

static bool
path_is_swept(const struct rib *r, const struct rib_path *p)
{
	const struct rib_peer_slot *s = r->peers[p->peer];

	return s->dying ||
	       (s->flushing && (p->flags ^ s->generation) & PATH_GENERATION) ||
	       (s->unstaling && path_is_stale(s, p));
}

static const struct rib_path *
first_swept(const struct rib *r, const struct rib_route *rt)
{
	const struct rib_path *p = rib_has_path(rt) ? &rt->path : NULL;

	while (p && !path_is_swept(r, p))
		p = rib_path_next(r, p);
	return p;
}

/* From here on the path says itself that it is stale. */
static void
mark(const struct rib *r, struct rib_path *p)
{
	const struct rib_peer_slot *s = r->peers[p->peer];

	if (!s->marking || !path_is_stale(s, p))
		return;
	p->flags = (uint16_t)((p->flags & ~PATH_EPOCH) | s->epoch | PATH_STALE);
}

static void
visit_peers(struct rib *r, uint32_t h, struct rib_route *rt)
{
	const struct rib_path *p;

	while ((p = first_swept(r, rt)) != NULL)
		rib_drop_path(r, h, rt, p->peer);
	if (!rib_has_path(rt))
		return;
	for (p = &rt->path; p; p = rib_path_next(r, p))
		mark(r, (struct rib_path *)p);
}

static void
visit_groups(struct rib *r, uint32_t h, struct rib_route *rt)
{
	uint32_t bits = rt->told & r->sweep_clear;

	if (!bits)
		return;
	rt->told &= ~bits;
	for (; bits; bits &= bits - 1)
		r->ntold[__builtin_ctz(bits)]--;
	if (rib_is_useless(rt))
		rib_reap_later(r, h, rt);
}

/* One of its next hops has changed since the oldest of these jobs began; a wrapped clock errs on
 * the side of a decision too many. */
static bool
hop_changed(const struct rib *r, const struct rib_route *rt)
{
	for (const struct rib_path *p = &rt->path; p; p = rib_path_next(r, p)) {
		const struct nht_hop *hop = rib_path_hop(r, p);

		if (hop && (int32_t)(hop->changed - r->hops_since) >= 0)
			return true;
	}
	return false;
}

static void
visit(struct rib *r, uint32_t h)
{
	struct rib_route *rt = rib_cell(r, h);
	struct rib_before before;

	if (rt->flags & RIB_ROUTE_CURSOR)
		return;
	if (r->sweep_peers)
		visit_peers(r, h, rt);
	if (r->sweep_clear)
		visit_groups(r, h, rt);
	if (!rib_has_path(rt))
		return;
	if (!r->sweep_decide && !(r->sweep_hops && hop_changed(r, rt)))
		return;
	before = rib_before(rt);
	rib_settle(r, h, rt, before, rib_select(r, rt));
}

static void
wrap(struct rib *r)
{
	r->sweep_at = 0;
	for (struct rib_job *j = r->jobs; j; j = j->next) {
		/* The second time: what stood where it came in has been freed. */
		if (j->wrapped)
			j->at = 0;
		j->wrapped = true;
	}
}

/* Some cells further; not past the end. */
static void
sweep_block(struct rib *r, uint32_t cells)
{
	uint32_t class = r->sweep_at >> RIB_CLASS_SHIFT;
	uint32_t h = r->sweep_at & ((1u << RIB_CLASS_SHIFT) - 1);

	for (; cells > 0; cells--) {
		h = slab_next(&r->cells[class], h);
		if (h) {
			visit(r, class << RIB_CLASS_SHIFT | h);
		} else if (++class == RIB_CLASSES) {
			wrap(r);
			return;
		}
	}
	r->sweep_at = class << RIB_CLASS_SHIFT | h;
}

/* Jobs. */

static bool
job_is_over(const struct rib *r, const struct rib_job *j)
{
	if (j->wrapped && r->sweep_at >= j->at)
		return true;
	return j->kind <= RIB_JOB_DEL && r->peers[j->what]->p.npaths == 0;
}

static bool
job_exists(const struct rib *r, enum rib_job_kind kind, uint32_t what)
{
	const struct rib_job *j = r->jobs;

	while (j && (j->kind != kind || j->what != what))
		j = j->next;
	return j != NULL;
}

static uint32_t
oldest_hop_change(const struct rib *r)
{
	const struct rib_job *j = r->jobs;

	while (j && j->kind != RIB_JOB_HOPS)
		j = j->next;
	return j ? j->what : 0;
}

/* Already out of the list of jobs. */
static void
job_end(struct rib *r, const struct rib_job *j)
{
	switch (j->kind) {
	case RIB_JOB_FLUSH:
		r->sweep_peers--;
		r->peers[j->what]->flushing = false;
		break;
	case RIB_JOB_STALE:
		r->sweep_peers--;
		r->peers[j->what]->unstaling = job_exists(r, RIB_JOB_STALE, j->what);
		break;
	case RIB_JOB_MARK:
		r->sweep_peers--;
		r->peers[j->what]->marking = false;
		break;
	case RIB_JOB_DEL:
		r->sweep_peers--;
		peer_free(r, (uint16_t)j->what);
		break;
	case RIB_JOB_GROUP:
		r->sweep_clear &= ~(1u << j->what);
		rib_group_freed(r, (uint8_t)j->what);
		break;
	case RIB_JOB_DECISION:
		r->sweep_decide--;
		break;
	case RIB_JOB_HOPS:
		r->sweep_hops--;
		r->hops_since = oldest_hop_change(r);
		break;
	}
}

static void
jobs_append(struct rib_job **list, struct rib_job *j)
{
	while (*list)
		list = &(*list)->next;
	j->next = NULL;
	*list = j;
}

/* Ends what is over; its callback waits for the loop. */
static void
jobs_check(struct rib *r)
{
	struct rib_job **at = &r->jobs, *j;

	while ((j = *at) != NULL) {
		if (!job_is_over(r, j)) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		job_end(r, j);
		jobs_append(&r->over, j);
	}
}

static void
jobs_report(struct rib *r)
{
	struct rib_job *j;

	while ((j = r->over) != NULL) {
		r->over = j->next;
		if (j->done)
			j->done(j->arg);
		free(j);
	}
}

static bool
sweep_work(struct loop_work *w)
{
	struct rib *r = container_of(w, struct rib, sweep);
	uint32_t left = r->sweep_slice;

	jobs_check(r);
	while (r->jobs && left > 0 && !loop_slice_over(r->loop)) {
		uint32_t n = MIN(left, SWEEP_BLOCK);

		sweep_block(r, n);
		jobs_check(r);
		left -= n;
	}
	rib_reap(r);
	jobs_report(r);
	return r->jobs || r->over;
}

/* Does the rest of this job now, where waiting would confuse it with another. */
static void
job_finish(struct rib *r, enum rib_job_kind kind, uint32_t what)
{
	while (job_exists(r, kind, what)) {
		jobs_check(r);
		sweep_block(r, SWEEP_BLOCK);
	}
	rib_reap(r);
}

static void
job_add(
    struct rib *r, enum rib_job_kind kind, uint32_t what, void (*done)(void *), void *arg)
{
	struct rib_job *j = xcalloc(1, sizeof(*j));

	if (!r->jobs)
		r->sweep_at = 0;
	j->kind = kind;
	j->what = what;
	j->at = r->sweep_at;
	j->done = done;
	j->arg = arg;
	jobs_append(&r->jobs, j);
	r->sweep_peers += kind <= RIB_JOB_DEL;
	r->sweep_decide += kind == RIB_JOB_DECISION;
	r->sweep_hops += kind == RIB_JOB_HOPS;
	loop_work_queue(r->loop, &r->sweep);
}

void
rib_peer_flush(
    struct rib *r, uint16_t peer, bool stale_only, void (*done)(void *arg), void *arg)
{
	struct rib_peer_slot *s = rib_slot(r, peer);

	ensure(s && !s->dying);
	if (stale_only) {
		s->unstaling = true;
		job_add(r, RIB_JOB_STALE, peer, done, arg);
		return;
	}
	/* Two generations are all that a path can tell apart. */
	job_finish(r, RIB_JOB_FLUSH, peer);
	s->flushing = true;
	s->generation ^= PATH_GENERATION;
	job_add(r, RIB_JOB_FLUSH, peer, done, arg);
}

void
rib_peer_del(struct rib *r, uint16_t peer)
{
	struct rib_peer_slot *s = rib_slot(r, peer);

	ensure(s && !s->dying && !s->p.local);
	s->dying = true;
	s->p.owner = NULL;
	job_add(r, RIB_JOB_DEL, peer, NULL, NULL);
}

void
rib_peer_mark_stale(struct rib *r, uint16_t peer)
{
	struct rib_peer_slot *s = rib_slot(r, peer);

	/* What is marked now is not what that one was asked to remove, and two epochs are all that a
	 * path can tell apart. */
	job_finish(r, RIB_JOB_STALE, peer);
	job_finish(r, RIB_JOB_MARK, peer);
	if (s->p.npaths == 0)
		return;
	s->epoch ^= PATH_EPOCH;
	s->marking = true;
	job_add(r, RIB_JOB_MARK, peer, NULL, NULL);
}

void
rib_sweep_group(struct rib *r, uint8_t group)
{
	r->sweep_clear |= 1u << group;
	job_add(r, RIB_JOB_GROUP, group, NULL, NULL);
}

void
rib_sweep_group_finish(struct rib *r, uint8_t group)
{
	job_finish(r, RIB_JOB_GROUP, group);
}

void
rib_set_decision(struct rib *r, const struct rib_decision_conf *c)
{
	if (memcmp(&r->conf, c, sizeof(*c)) == 0)
		return;
	r->conf = *c;
	job_add(r, RIB_JOB_DECISION, 0, NULL, NULL);
}

/* A job that has not moved yet will see this change, too. */
static bool
hops_job_waits(const struct rib *r)
{
	const struct rib_job *j = r->jobs;

	while (j && (j->kind != RIB_JOB_HOPS || j->wrapped || j->at != r->sweep_at))
		j = j->next;
	return j != NULL;
}

void
rib_hops_changed(struct rib *r, bool metric_only)
{
	uint32_t first = r->hops_seen + 1;

	r->hops_seen = r->nht->clock;
	/* Costs are compared between paths of one route only. */
	if (r->npaths == 0 || (metric_only && r->npaths == r->nroutes))
		return;
	if (hops_job_waits(r))
		return;
	if (r->sweep_hops == 0)
		r->hops_since = first;
	job_add(r, RIB_JOB_HOPS, first, NULL, NULL);
}

void
rib_sweep_init(struct rib *r)
{
	peer_free_index(r);
	r->peers[0] = xcalloc(1, sizeof(*r->peers[0]));
	r->peers[0]->p.used = r->peers[0]->p.local = true;
	r->peers[0]->p.weight = RIB_LOCAL_WEIGHT;
	r->sweep_slice = SWEEP_SLICE;
	loop_work_init(&r->sweep, LOOP_PRIO_DECIDE, sweep_work);
}

static void
jobs_free(struct rib_job *j)
{
	struct rib_job *next;

	for (; j; j = next) {
		next = j->next;
		free(j);
	}
}

void
rib_sweep_fini(struct rib *r)
{
	loop_work_cancel(&r->sweep);
	jobs_free(r->jobs);
	jobs_free(r->over);
	for (uint32_t i = 0; i < r->npeers; i++)
		free(r->peers[i]);
	free(r->peers);
}
