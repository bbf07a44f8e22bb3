/* SPDX-License-Identifier: ISC */
/* Groups of peers, their positions in the list of changes, and the walk along it. */
#include "config.h"

#include "bgpd/adjout.h"

#include <string.h>

#include "bgpd/adjout_priv.h"
#include "bgpd/refresh.h"
#include "bgpd/rib_priv.h"
#include "lib/util.h"

enum { SLICE_BLOCK = 64 /* routes between two looks at the clock */ };

static bool pos_work(struct loop_work *w);

struct adjout *
adjout_new(struct loop *l, struct rib *r, const struct afi_safi *family)
{
	struct adjout *a = xcalloc(1, sizeof(*a));

	a->loop = l;
	a->rib = r;
	a->family = family;
	a->slice = ADJOUT_SLICE;
	a->high = ADJOUT_HIGH;
	a->low = ADJOUT_LOW;
	build_init(a);
	return a;
}

void
adjout_free(struct adjout *a)
{
	if (!a)
		return;
	ensure(!a->groups);
	build_fini(a);
	free(a->by_peer);
	free(a);
}

/* Positions. */

static void
pos_wake(struct rib_cursor *c)
{
	struct adjout_pos *pos = container_of(c, struct adjout_pos, cur);

	loop_work_queue(pos->group->a->loop, &pos->work);
}

/* A position of the group without members and without a place yet. */
static struct adjout_pos *
pos_new(struct adjout_group *g)
{
	struct adjout_pos *pos = xcalloc(1, sizeof(*pos));

	pos->group = g;
	pos->cur.wake = pos_wake;
	loop_work_init(&pos->work, LOOP_PRIO_TX, pos_work);
	pos->next = g->positions;
	if (pos->next)
		pos->next->prev = pos;
	g->positions = pos;
	return pos;
}

static void
pos_free(struct adjout_pos *pos)
{
	loop_work_cancel(&pos->work);
	rib_cursor_close(&pos->cur);
	if (pos->next)
		pos->next->prev = pos->prev;
	if (pos->prev)
		pos->prev->next = pos->next;
	else
		pos->group->positions = pos->next;
	free(pos);
}

static bool
wants(const struct adjout_peer *p)
{
	return p->want_eor || p->want_eorr;
}

static void
member_add(struct adjout_pos *pos, struct adjout_peer *p)
{
	p->pos = pos;
	p->prev = NULL;
	p->next = pos->members;
	if (p->next)
		p->next->prev = p;
	pos->members = p;
	pos->nmembers++;
	pos->nfull += p->full;
	pos->nwant += wants(p);
}

static void
member_remove(struct adjout_peer *p)
{
	struct adjout_pos *pos = p->pos;

	if (p->next)
		p->next->prev = p->prev;
	if (p->prev)
		p->prev->next = p->next;
	else
		pos->members = p->next;
	p->pos = NULL;
	pos->nmembers--;
	pos->nfull -= p->full;
	pos->nwant -= wants(p);
}

static bool
pos_stands(const struct adjout_pos *pos)
{
	return pos->nfull == pos->nmembers;
}

/* Two positions of one group at one place: `other` is no more. */
static void
pos_absorb(struct adjout_pos *pos, struct adjout_pos *other)
{
	struct adjout_peer *p;

	while ((p = other->members) != NULL) {
		member_remove(p);
		member_add(pos, p);
	}
	pos_free(other);
}

/* The next position of the group ahead, if any. */
static struct adjout_pos *
pos_ahead(const struct adjout_pos *pos)
{
	struct rib_cursor *c = &((struct adjout_pos *)pos)->cur;

	/* A told bit may be shared by other groups and by who is no adj-out at all. */
	while ((c = rib_cursor_ahead(c)) != NULL) {
		struct adjout_pos *n = container_of(c, struct adjout_pos, cur);

		if (c->wake == pos_wake && n->group == pos->group)
			return n;
	}
	return NULL;
}

/* Members that cannot take more stay behind, together, at a position of their own. */
static void
pos_split(struct adjout_pos *pos)
{
	struct adjout_pos *slow = pos_new(pos->group);
	struct adjout_peer *p, *next;

	for (p = pos->members; p; p = next) {
		next = p->next;
		if (!p->full)
			continue;
		member_remove(p);
		member_add(slow, p);
	}
	rib_cursor_open_at(&slow->cur, &pos->cur);
}

/* A position at the start of the list with this one member, or an existing one there. */
static void
pos_at_start(struct adjout_group *g, struct adjout_peer *p)
{
	struct adjout_pos *pos = pos_new(g), *there;

	member_add(pos, p);
	rib_cursor_open(g->a->rib, &pos->cur, g->bit, true);
	there = pos_ahead(pos);
	if (there && !pos_stands(there) && rib_cursor_met(&pos->cur, &there->cur))
		pos_absorb(pos, there);
	/* Even an empty list has an end, where marks are due. */
	loop_work_queue(g->a->loop, &pos->work);
}

/* Marks. */

static void
push_refresh(struct adjout_peer *p, enum refresh_type type)
{
	const struct afi_safi *f = p->pos->group->a->family;
	struct refresh r = { .afi = f->afi, .safi = f->safi, .type = (uint8_t)type };
	uint8_t msg[MSG_HEADER_LEN + 4];
	struct wbuf w = wb_init(msg, sizeof(msg));
	struct txbuf *b;

	refresh_encode(&w, &r);
	ensure(!w.failed);
	b = txbuf_new(msg, wb_len(&w));
	adjout_push(p, b);
	txbuf_unref(b);
}

static void
push_eor(struct adjout_peer *p)
{
	uint8_t msg[MSG_HEADER_LEN + 16];
	struct wbuf w = wb_init(msg, sizeof(msg));
	struct txbuf *b;

	update_encode_eor(&w, p->pos->group->a->family);
	ensure(!w.failed);
	b = txbuf_new(msg, wb_len(&w));
	adjout_push(p, b);
	txbuf_unref(b);
}

/* The position is at the end of the list. */
static void
pos_marks(struct adjout_pos *pos)
{
	const struct adjout *a = pos->group->a;

	for (struct adjout_peer *p = pos->members; p && pos->nwant; p = p->next) {
		if (!wants(p))
			continue;
		pos->nwant--;
		if (p->want_eorr)
			push_refresh(p, REFRESH_EORR);
		p->want_eorr = false;
		if (p->want_eor && !a->hold_eor) {
			push_eor(p);
			p->want_eor = false;
		}
		pos->nwant += wants(p);
	}
}

static void
pos_flush(struct adjout_pos *pos)
{
	for (struct adjout_peer *p = pos->members; p; p = p->next) {
		if (!p->dirty)
			continue;
		p->dirty = false;
		if (p->flush)
			p->flush(p);
	}
}

/* The walk. */

static void
pos_route(struct adjout *a, struct adjout_pos *pos, uint32_t h)
{
	const struct rib_route *rt = rib_cell(a->rib, h);
	bool told = rib_was_told(&pos->cur, rt);
	struct adjout_peer *source;

	pos->group->walked++;
	if (rib_best(rt) && build_announce(a, rt)) {
		source = pos_member(a, pos, rt->path.peer);
		/* The source gets nothing, so what it was told from another one must go. */
		if (source && told && rt->flags & RIB_ROUTE_MIXED)
			build_withdraw_one(a, rt, source);
		rib_told(&pos->cur, h, true);
		return;
	}
	if (told) {
		/* Who brought it was not told, unless others brought it too. */
		build_withdraw(a, rt, rt->flags & RIB_ROUTE_MIXED ? 0 : rt->path.peer);
		rib_told(&pos->cur, h, false);
	}
}

/* Walks some routes.  True at the end of the list. */
static bool
pos_walk(struct adjout *a, struct adjout_pos *pos)
{
	struct adjout_pos *ahead = pos_ahead(pos);
	uint32_t h;

	for (uint32_t n = 1; n <= a->slice; n++) {
		if (ahead && rib_cursor_met(&pos->cur, &ahead->cur)) {
			if (!pos_stands(ahead))
				return false;
			/* Nobody there can take anything: go past. */
			ahead = NULL;
		}
		h = rib_cursor_next(&pos->cur);
		if (h == 0)
			return true;
		pos_route(a, pos, h);
		if (n % SLICE_BLOCK == 0 && loop_slice_over(a->loop))
			break;
	}
	return false;
}

static void
pos_meet(struct adjout_pos *pos)
{
	struct adjout_pos *ahead;

	while ((ahead = pos_ahead(pos)) != NULL && !pos_stands(ahead) &&
	       rib_cursor_met(&pos->cur, &ahead->cur))
		pos_absorb(pos, ahead);
}

static bool
pos_work(struct loop_work *w)
{
	struct adjout_pos *pos = container_of(w, struct adjout_pos, work);
	struct adjout *a = pos->group->a;
	bool dry;

	/* adjout_drained() queues it again. */
	if (pos_stands(pos))
		return false;
	if (pos->nfull)
		pos_split(pos);
	a->pos = pos;
	dry = pos_walk(a, pos);
	build_flush(a);
	a->pos = NULL;
	pos_meet(pos);
	if (dry)
		pos_marks(pos);
	pos_flush(pos);
	return !dry;
}

/* Groups. */

static struct adjout_group *
group_get(struct adjout *a, const struct adjout_policy *pol)
{
	struct adjout_group *g;

	for (g = a->groups; g; g = g->next)
		if (policy_equal(&g->policy, pol))
			return g;
	g = xcalloc(1, sizeof(*g));
	g->a = a;
	g->policy = *pol;
	rmap_ref(g->policy.map);
	g->bit = rib_group_alloc(a->rib);
	g->next = a->groups;
	a->groups = g;
	a->ngroups++;
	return g;
}

static void
group_free(struct adjout_group *g)
{
	struct adjout *a = g->a;
	struct adjout_group **at = &a->groups;

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	a->ngroups--;
	rib_group_free(a->rib, g->bit);
	rmap_unref(g->policy.map);
	free(g->own);
	free(g);
}

static void
peer_slot(struct adjout *a, uint16_t peer)
{
	uint32_t n = MAX(16, a->nby_peer);

	if (peer < a->nby_peer)
		return;
	while (n <= peer)
		n *= 2;
	a->by_peer = xrealloc(a->by_peer, n * sizeof(struct adjout_peer *));
	memset(a->by_peer + a->nby_peer, 0,
	    (n - a->nby_peer) * sizeof(struct adjout_peer *));
	a->nby_peer = n;
}

void
adjout_join(
    struct adjout *a, struct adjout_peer *p, const struct adjout_policy *pol, bool eor)
{
	ensure(!p->pos);
	peer_slot(a, p->peer);
	ensure(!a->by_peer[p->peer]);
	a->by_peer[p->peer] = p;
	p->full = p->dirty = p->want_eorr = false;
	p->want_eor = eor;
	pos_at_start(group_get(a, pol), p);
}

void
adjout_leave(struct adjout_peer *p)
{
	struct adjout_pos *pos = p->pos;
	struct adjout_group *g;

	if (!pos)
		return;
	g = pos->group;
	ensure(g->a->pos == NULL);
	g->a->by_peer[p->peer] = NULL;
	member_remove(p);
	if (!pos->members)
		pos_free(pos);
	if (!g->positions)
		group_free(g);
}

void
adjout_refresh(struct adjout_peer *p, bool enhanced)
{
	struct adjout_pos *pos = p->pos;
	struct adjout_group *g;
	bool empty;

	if (!pos)
		return;
	g = pos->group;
	/* RFC 7313 4: no BoRR before End-of-RIB, which says the same when it comes. */
	enhanced = enhanced && !p->want_eor;
	member_remove(p);
	/* With members left it may be absorbed by the new position, which stands where it stands. */
	empty = !pos->members;
	p->want_eorr |= enhanced;
	pos_at_start(g, p);
	if (enhanced)
		push_refresh(p, REFRESH_BORR);
	if (empty)
		pos_free(pos);
}

void
adjout_drained(struct adjout_peer *p)
{
	if (!p->pos || !p->full || p->queued > p->pos->group->a->low)
		return;
	p->full = false;
	p->pos->nfull--;
	loop_work_queue(p->pos->group->a->loop, &p->pos->work);
}

void
adjout_hold_eor(struct adjout *a, bool on)
{
	a->hold_eor = on;
	if (on)
		return;
	for (struct adjout_group *g = a->groups; g; g = g->next) {
		for (struct adjout_pos *pos = g->positions; pos; pos = pos->next) {
			if (!pos->nwant)
				continue;
			/* Its next slice finds the end, if it stands there. */
			loop_work_queue(a->loop, &pos->work);
		}
	}
}

/* Questions. */

bool
adjout_idle(const struct adjout_peer *p)
{
	return p->pos && !p->pos->cur.awake;
}

const struct adjout_policy *
adjout_policy_of(const struct adjout_peer *p)
{
	return p->pos ? &p->pos->group->policy : NULL;
}

bool
adjout_sends(const struct adjout_peer *p, uint32_t route)
{
	const struct adjout_group *g;
	const struct rib_route *rt;
	const struct rib_path *b;

	if (!p->pos)
		return false;
	g = p->pos->group;
	rt = rib_cell(g->a->rib, route);
	b = rib_best(rt);
	if (!b || b->peer == p->peer || !rib_was_told(&p->pos->cur, rt))
		return false;
	if (g->a->family->afi == AFI_L2VPN &&
	    !policy_permits_type(&g->policy, rt->tail[0]))
		return false;
	if (g->policy.map && adjout_entry(g->a, &g->policy, rt) == 0)
		return false;
	return policy_permits_set(&g->policy, rib_peer(g->a->rib, b->peer),
	    attrset_get(rib_attrtab(g->a->rib), b->attrs));
}

/* Routes of the peer that the filter lets out to its group, but for itself. */
static uint32_t
own_permitted(const struct adjout_policy *pol, const struct rib_peer *own)
{
	uint32_t n = 0;

	for (uint8_t type = 0; type < ARRAY_LEN(own->nbest_type); type++)
		if (policy_permits_type(pol, type))
			n += own->nbest_type[type];
	return n;
}

/* Which of the peer's routes a map lets out nobody has counted: that takes a walk, once for all
 * members, until there is something new. */
static uint32_t
own_told(struct adjout_group *g, uint16_t peer)
{
	if (g->counted != g->walked + 1) {
		free(g->own);
		g->nown = g->a->nby_peer;
		g->own = xcalloc(g->nown + 1u, sizeof g->own[0]);
		rib_told_by_peer(g->a->rib, g->bit, g->own, g->nown);
		g->counted = g->walked + 1;
	}
	return peer < g->nown ? g->own[peer] : 0;
}

uint32_t
adjout_sent(const struct adjout_peer *p)
{
	const struct rib_peer *own;
	struct adjout_group *g;
	uint32_t n, back;

	if (!p->pos)
		return 0;
	g = p->pos->group;
	n = rib_told_count(g->a->rib, g->bit);
	if (g->policy.map)
		return n - MIN(n, own_told(g, p->peer));
	own = rib_peer(g->a->rib, p->peer);
	if (!own || !policy_reflects(&g->policy, own))
		return n;
	back =
	    g->a->family->afi == AFI_L2VPN ? own_permitted(&g->policy, own) : own->nbest;
	return n - MIN(n, back);
}

size_t
adjout_groups(const struct adjout *a)
{
	return a->ngroups;
}

unsigned
adjout_group_number(const struct adjout_peer *p)
{
	unsigned n = 0;

	if (!p->pos)
		return 0;
	/* New groups stand in front. */
	for (const struct adjout_group *g = p->pos->group; g; g = g->next)
		n++;
	return n;
}
