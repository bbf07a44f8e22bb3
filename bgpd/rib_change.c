/* SPDX-License-Identifier: ISC */
/* The list of changes, the cursors that walk it, and the bits that say who was told. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/rib_priv.h"
#include "lib/util.h"

enum {
	JANITOR_BLOCK = 64, /* routes between two looks at the clock */
};

/* Goes on where a cursor was closed while others of its group were ahead of it: they have
 * passed routes that are gone, but only the rearmost may clear the bit. */
struct janitor {
	struct rib_cursor c;   /* janitor_wake() as its wake tells it from others */
	struct loop_work work; /* its slices */
};

/* List. */

static void
list_insert(struct rib *r, uint32_t h, struct rib_route *rt, uint32_t before)
{
	struct rib_route *next = rib_cell(r, before);

	rt->prev = next->prev;
	rt->next = before;
	rib_cell(r, rt->prev)->next = h;
	next->prev = h;
}

void
rib_list_unlink(struct rib *r, struct rib_route *rt)
{
	rib_cell(r, rt->prev)->next = rt->next;
	rib_cell(r, rt->next)->prev = rt->prev;
}

void
rib_list_append(struct rib *r, uint32_t h, struct rib_route *rt)
{
	list_insert(r, h, rt, r->anchor);
}

/* Sentinels are cells of the smallest class; their tail holds the cursor. */
static uint32_t
sentinel_new(struct rib *r, struct rib_cursor *c)
{
	uint32_t h = rib_cell_alloc(r, 0);
	struct rib_route *rt = rib_cell(r, h);

	rt->flags = RIB_ROUTE_CURSOR;
	memcpy(rt->tail, &c, sizeof(c));
	return h;
}

static void
sentinel_set(struct rib *r, uint32_t h, struct rib_cursor *c)
{
	memcpy(rib_cell(r, h)->tail, &c, sizeof(c));
}

static void
sentinel_free(struct rib *r, uint32_t h)
{
	rib_list_unlink(r, rib_cell(r, h));
	slab_free(&r->cells[0], h);
}

/* A cursor's sentinel goes behind a later route.  Nothing is looked up that is at hand: a walk waits
 * for its next route here, and should wait for nothing else. */
static void
sentinel_move(
    struct rib *r, uint32_t node, struct rib_route *s, uint32_t h, struct rib_route *rt)
{
	rib_list_unlink(r, s);
	s->prev = h;
	s->next = rt->next;
	rib_cell(r, rt->next)->prev = node;
	rt->next = node;
}

void
rib_change_init(struct rib *r)
{
	struct rib_route *a;

	r->anchor = sentinel_new(r, NULL);
	a = rib_cell(r, r->anchor);
	a->prev = a->next = r->anchor;
}

/* Cursors, linked in the order of their places. */

static void
order_insert(struct rib *r, struct rib_cursor *c, struct rib_cursor *after)
{
	c->lprev = after;
	c->lnext = after ? after->lnext : r->first;
	if (c->lnext)
		c->lnext->lprev = c;
	else
		r->last = c;
	if (after)
		after->lnext = c;
	else
		r->first = c;
}

static void
order_remove(struct rib *r, struct rib_cursor *c)
{
	if (c->lprev)
		c->lprev->lnext = c->lnext;
	else
		r->first = c->lnext;
	if (c->lnext)
		c->lnext->lprev = c->lprev;
	else
		r->last = c->lprev;
}

static struct rib_cursor *
next_of_group(const struct rib_cursor *c)
{
	struct rib_cursor *n = c->lnext;

	if (c->group == RIB_GROUP_NONE)
		return NULL;
	while (n && n->group != c->group)
		n = n->lnext;
	return n;
}

static bool
group_behind(const struct rib_cursor *c)
{
	const struct rib_cursor *n = c->lprev;

	while (n && n->group != c->group)
		n = n->lprev;
	return n != NULL;
}

/* After c was linked: who is the rearmost of its group? */
static void
rearmost_on_insert(struct rib_cursor *c)
{
	struct rib_cursor *n = next_of_group(c);

	c->rearmost = !group_behind(c);
	if (c->rearmost && n)
		n->rearmost = false;
}

static void
rearmost_on_leave(struct rib_cursor *c)
{
	struct rib_cursor *n = next_of_group(c);

	if (c->rearmost && n)
		n->rearmost = true;
	c->rearmost = false;
}

static bool
at_end(const struct rib_cursor *c)
{
	const struct rib *r = c->rib;
	uint32_t h = rib_cell(r, c->node)->next;

	while (h != r->anchor && rib_cell(r, h)->flags & RIB_ROUTE_CURSOR)
		h = rib_cell(r, h)->next;
	return h == r->anchor;
}

static void
cursor_rouse(struct rib_cursor *c)
{
	if (c->awake)
		return;
	c->awake = true;
	c->rib->nasleep--;
	if (c->wake)
		c->wake(c);
}

/* Linked and placed: now it may be told that there is something to see. */
static void
cursor_start(struct rib_cursor *c)
{
	rearmost_on_insert(c);
	c->awake = false;
	c->rib->nasleep++;
	if (!at_end(c))
		cursor_rouse(c);
}

void
rib_cursor_open(struct rib *r, struct rib_cursor *c, uint8_t group, bool at_start)
{
	uint32_t before = at_start ? rib_cell(r, r->anchor)->next : r->anchor;

	c->rib = r;
	c->group = group;
	c->node = sentinel_new(r, c);
	list_insert(r, c->node, rib_cell(r, c->node), before);
	order_insert(r, c, at_start ? NULL : r->last);
	cursor_start(c);
}

void
rib_cursor_open_at(struct rib_cursor *c, const struct rib_cursor *at)
{
	struct rib *r = at->rib;

	c->rib = r;
	c->group = at->group;
	c->node = sentinel_new(r, c);
	list_insert(r, c->node, rib_cell(r, c->node), at->node);
	order_insert(r, c, at->lprev);
	cursor_start(c);
}

void
rib_cursor_rewind(struct rib_cursor *c)
{
	struct rib *r = c->rib;
	struct rib_route *s = rib_cell(r, c->node);

	rearmost_on_leave(c);
	order_remove(r, c);
	rib_list_unlink(r, s);
	list_insert(r, c->node, s, rib_cell(r, r->anchor)->next);
	order_insert(r, c, NULL);
	rearmost_on_insert(c);
	if (!at_end(c))
		cursor_rouse(c);
}

static void
cursor_unlink(struct rib_cursor *c)
{
	struct rib *r = c->rib;

	rearmost_on_leave(c);
	order_remove(r, c);
	sentinel_free(r, c->node);
	if (!c->awake)
		r->nasleep--;
	c->rib = NULL;
}

static void
janitor_free(struct janitor *j)
{
	loop_work_cancel(&j->work);
	rib_reap(j->c.rib);
	cursor_unlink(&j->c);
	free(j);
}

/* One slice; over when another cursor of the group is the rearmost or nothing is left. */
static bool
janitor_work(struct loop_work *w)
{
	struct janitor *j = container_of(w, struct janitor, work);
	struct rib *r = j->c.rib;

	for (uint32_t left = r->sweep_slice; left > 0; left--) {
		uint32_t h = rib_cursor_next(&j->c);

		if (h == 0 || !j->c.rearmost) {
			janitor_free(j);
			return false;
		}
		if (!rib_best(rib_cell(r, h)))
			rib_told(&j->c, h, false);
		if (left % JANITOR_BLOCK == 0 && loop_slice_over(r->loop))
			break;
	}
	return true;
}

/* It has its own work and needs no waking. */
static void
janitor_wake(struct rib_cursor *c)
{
	(void)c;
}

/* Takes over the place of a closed cursor. */
static void
janitor_start(struct rib_cursor *old)
{
	struct rib *r = old->rib;
	struct janitor *j = xcalloc(1, sizeof(*j));

	j->c.rib = r;
	j->c.group = old->group;
	j->c.node = old->node;
	j->c.wake = janitor_wake;
	j->c.awake = true;
	j->c.rearmost = true;
	if (!old->awake)
		r->nasleep--;
	sentinel_set(r, j->c.node, &j->c);
	order_insert(r, &j->c, old);
	order_remove(r, old);
	old->rib = NULL;
	loop_work_init(&j->work, LOOP_PRIO_BULK, janitor_work);
	loop_work_queue(r->loop, &j->work);
}

void
rib_cursor_close(struct rib_cursor *c)
{
	struct rib_cursor *n = next_of_group(c);

	if (c->rearmost && n && !rib_cursor_met(c, n))
		janitor_start(c);
	else
		cursor_unlink(c);
}

/* c steps over n sentinels that stand before the next route. */
static void
cursor_pass(struct rib_cursor *c, int n)
{
	struct rib *r = c->rib;

	for (; n > 0; n--) {
		struct rib_cursor *d = c->lnext;

		order_remove(r, c);
		order_insert(r, c, d);
		if (c->rearmost && d->group == c->group) {
			c->rearmost = false;
			d->rearmost = true;
		}
	}
}

static void
cursor_sleep(struct rib_cursor *c)
{
	if (c->awake)
		c->rib->nasleep++;
	c->awake = false;
}

uint32_t
rib_cursor_next(struct rib_cursor *c)
{
	struct rib *r = c->rib;
	struct rib_route *s = rib_cell(r, c->node), *rt;
	uint32_t h;
	int passed = 0;

	for (h = s->next; (rt = rib_cell(r, h))->flags & RIB_ROUTE_CURSOR; h = rt->next) {
		if (h == r->anchor) {
			rib_reap(r);
			cursor_sleep(c);
			return 0;
		}
		passed++;
	}
	__builtin_prefetch(rib_cell(r, rt->next));
	sentinel_move(r, c->node, s, h, rt);
	cursor_pass(c, passed);
	return h;
}

bool
rib_cursor_met(const struct rib_cursor *a, const struct rib_cursor *b)
{
	const struct rib *r = a->rib;
	uint32_t h;

	for (h = rib_cell(r, a->node)->next; h != b->node; h = rib_cell(r, h)->next)
		if (h == r->anchor || !(rib_cell(r, h)->flags & RIB_ROUTE_CURSOR))
			break;
	if (h == b->node)
		return true;
	for (h = rib_cell(r, b->node)->next; h != a->node; h = rib_cell(r, h)->next)
		if (h == r->anchor || !(rib_cell(r, h)->flags & RIB_ROUTE_CURSOR))
			return false;
	return true;
}

struct rib_cursor *
rib_cursor_ahead(const struct rib_cursor *c)
{
	struct rib_cursor *n = next_of_group(c);

	while (n && n->wake == janitor_wake)
		n = next_of_group(n);
	return n;
}

void
rib_wake(struct rib *r)
{
	if (r->nasleep == 0)
		return;
	for (struct rib_cursor *c = r->first; c; c = c->lnext)
		cursor_rouse(c);
}

/* Told. */

/* Who shares a bit may be denied what another one was told; what is gone is gone for all. */
static bool
may_clear(const struct rib_cursor *c, const struct rib_route *rt)
{
	return c->group != RIB_GROUP_SHARED || !rib_best(rt);
}

void
rib_told(struct rib_cursor *c, uint32_t route, bool told)
{
	struct rib *r = c->rib;
	struct rib_route *rt = rib_cell(r, route);
	uint32_t bit;

	if (c->group == RIB_GROUP_NONE)
		return;
	bit = 1u << c->group;
	if (told && !(rt->told & bit)) {
		if (rt->told == 0)
			rt->flags &= (uint8_t)~RIB_ROUTE_MIXED;
		rt->told |= bit;
		r->ntold[c->group]++;
	} else if (!told && rt->told & bit && c->rearmost && may_clear(c, rt)) {
		rt->told &= ~bit;
		r->ntold[c->group]--;
		if (rib_is_useless(rt))
			rib_reap_later(r, route, rt);
	}
}

bool
rib_was_told(const struct rib_cursor *c, const struct rib_route *rt)
{
	return c->group != RIB_GROUP_NONE && rt->told >> c->group & 1;
}

uint32_t
rib_told_count(const struct rib *r, uint8_t group)
{
	return r->ntold[group];
}

void
rib_told_by_peer(const struct rib *r, uint8_t group, uint32_t *n, uint32_t npeers)
{
	for (uint32_t c = 0; c < RIB_CLASSES; c++)
		for (uint32_t h = 0; (h = slab_next(&r->cells[c], h)) != 0;) {
			const struct rib_route *rt = slab_ptr(&r->cells[c], h);
			const struct rib_path *best = rib_best(rt);

			if (rt->told >> group & 1 && best && best->peer < npeers)
				n[best->peer]++;
		}
}

uint8_t
rib_group_alloc(struct rib *r)
{
	uint32_t free_bits = ~r->groups & ~(1u << RIB_GROUP_SHARED);
	uint8_t g;

	if (free_bits == 0) {
		/* Bits of former users must be gone before a new one sets its own. */
		if (r->shared++ == 0)
			rib_sweep_group_finish(r, RIB_GROUP_SHARED);
		return RIB_GROUP_SHARED;
	}
	g = (uint8_t)__builtin_ctz(free_bits);
	r->groups |= 1u << g;
	return g;
}

/* What janitors of the group would do the sweep does now. */
static void
janitors_stop(struct rib *r, uint8_t group)
{
	struct rib_cursor *c, *next;

	for (c = r->first; c; c = next) {
		next = c->lnext;
		if (c->group != group)
			continue;
		ensure(c->wake == janitor_wake); /* consumers close theirs first */
		janitor_free(container_of(c, struct janitor, c));
	}
}

void
rib_group_free(struct rib *r, uint8_t group)
{
	if (group == RIB_GROUP_SHARED && --r->shared > 0)
		return;
	janitors_stop(r, group);
	rib_sweep_group(r, group);
}

void
rib_group_freed(struct rib *r, uint8_t group)
{
	r->groups &= ~(1u << group);
}

void
rib_foreach(struct rib *r, bool (*fn)(struct rib *, uint32_t route, void *arg), void *arg)
{
	uint32_t h, next;

	for (h = rib_cell(r, r->anchor)->next; h != r->anchor; h = next) {
		struct rib_route *rt = rib_cell(r, h);

		next = rt->next;
		if (!(rt->flags & RIB_ROUTE_CURSOR) && rib_has_path(rt) && !fn(r, h, arg))
			return;
	}
}

void
rib_change_fini(struct rib *r)
{
	while (r->first) {
		ensure(r->first->wake == janitor_wake);
		janitor_free(container_of(r->first, struct janitor, c));
	}
}
