/* SPDX-License-Identifier: ISC */
/* zebra-lite/hops.c: records of nexthop objects. */
#include "config.h"

#include "zebra-lite/hops.h"

#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

void
hops_init(struct hops *s)
{
	memset(s, 0, sizeof *s);
	slab_init(&s->slab, "nexthop object", sizeof(struct hop));
	hidx_init(&s->by_id);
	hidx_init(&s->by_kid);
	hidx_init(&s->by_content);
	s->next_kid = HOPS_KID_FIRST;
}

void
hops_fini(struct hops *s)
{
	for (uint32_t h = 0; (h = slab_next(&s->slab, h)) != 0;)
		free(hop_ptr(s, h)->members);
	hidx_fini(&s->by_id);
	hidx_fini(&s->by_kid);
	hidx_fini(&s->by_content);
	slab_fini(&s->slab);
}

/* Indices. */

static uint32_t
u32_hash(uint32_t v)
{
	return hash32(&v, sizeof v);
}

static uint32_t
gateway_hash(uint32_t oif, const struct ip *gateway)
{
	uint8_t k[20];

	memcpy(k, &oif, 4);
	memcpy(k + 4, gateway->b, 16);
	return hash32(k, sizeof k);
}

static uint32_t
members_hash(const uint32_t *members, unsigned n)
{
	return hash32(members, n * sizeof *members);
}

static uint32_t
content_hash(const struct hop *p)
{
	return p->group ? members_hash(p->members, p->nmembers)
			: gateway_hash(p->hop.oif, &p->hop.gateway);
}

struct hop *
hops_by_id(const struct hops *s, uint32_t id)
{
	struct hidx_it it = hidx_first(&s->by_id, u32_hash(id));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (hop_ptr(s, h)->id == id)
			return hop_ptr(s, h);
	return NULL;
}

struct hop *
hops_by_kid(const struct hops *s, uint32_t kid)
{
	struct hidx_it it = hidx_first(&s->by_kid, u32_hash(kid));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (hop_ptr(s, h)->kid == kid)
			return hop_ptr(s, h);
	return NULL;
}

struct hop *
hops_by_gateway(
    const struct hops *s, uint32_t oif, struct ip gateway, const struct hop * not )
{
	struct hidx_it it = hidx_first(&s->by_content, gateway_hash(oif, &gateway));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		struct hop *p = hop_ptr(s, h);

		/* Of one that no engine has said yet it is not known. */
		if (p != not &&!p->group && (p->id == 0 || hop_has_neigh(p)) &&
		    p->hop.oif == oif && ip_equal(p->hop.gateway, gateway))
			return p;
	}
	return NULL;
}

static void
set_id(struct hops *s, struct hop *p, uint32_t id)
{
	if (p->id)
		hidx_remove(&s->by_id, u32_hash(p->id), p->self);
	p->id = id;
	if (id)
		hidx_insert(&s->by_id, u32_hash(id), p->self);
}

/* Out of the indices of what the kernel has; its content may change then. */
static void
unplace(struct hops *s, struct hop *p)
{
	if (!p->kid)
		return;
	hidx_remove(&s->by_kid, u32_hash(p->kid), p->self);
	if (!p->theirs)
		hidx_remove(&s->by_content, content_hash(p), p->self);
	p->kid = 0;
}

static void
place(struct hops *s, struct hop *p, uint32_t kid)
{
	p->kid = kid;
	hidx_insert(&s->by_kid, u32_hash(kid), p->self);
	if (!p->theirs)
		hidx_insert(&s->by_content, content_hash(p), p->self);
}

static struct hop *
new_record(struct hops *s, bool group)
{
	uint32_t h = slab_alloc(&s->slab);
	struct hop *p = hop_ptr(s, h);

	p->self = h;
	p->group = group;
	return p;
}

static void
release(struct hops *s, struct hop *p)
{
	unplace(s, p);
	set_id(s, p, 0);
	free(p->members);
	slab_free(&s->slab, p->self);
}

/* Records of the engine's ids. */

struct hop *
hops_get_hop(struct hops *s, uint32_t id, const struct nl_hop *content)
{
	struct hidx_it it =
	    hidx_first(&s->by_content, gateway_hash(content->oif, &content->gateway));
	struct hop *p = hops_by_id(s, id), *found = NULL;
	uint32_t h;

	if (p)
		return p->group ? NULL : p;
	while (!found && (h = hidx_next(&it)) != 0) {
		p = hop_ptr(s, h);
		if (p->id == 0 && !p->group && nl_hop_equal(&p->hop, content))
			found = p;
	}
	if (!found)
		found = new_record(s, false);
	set_id(s, found, id);
	return found;
}

static bool
members_equal(const struct hop *p, const uint32_t *members, unsigned n)
{
	return p->nmembers == n && memcmp(p->members, members, n * sizeof *members) == 0;
}

struct hop *
hops_get_group(struct hops *s, uint32_t id, const uint32_t *members, unsigned n)
{
	struct hidx_it it = hidx_first(&s->by_content, members_hash(members, n));
	struct hop *p = hops_by_id(s, id), *found = NULL;
	uint32_t h;

	if (p)
		return p->group ? p : NULL;
	while (!found && (h = hidx_next(&it)) != 0) {
		p = hop_ptr(s, h);
		if (p->id == 0 && p->group && members_equal(p, members, n))
			found = p;
	}
	if (!found)
		found = new_record(s, true);
	set_id(s, found, id);
	return found;
}

void
hops_put_hop(struct hops *s, struct hop *p, uint32_t kid, const struct nl_hop *c)
{
	unplace(s, p);
	p->hop = *c;
	place(s, p, kid);
}

void
hops_put_group(
    struct hops *s, struct hop *p, uint32_t kid, const uint32_t *members, unsigned n)
{
	unplace(s, p);
	p->members = xrealloc(p->members, n * sizeof *members);
	memcpy(p->members, members, n * sizeof *members);
	p->nmembers = n;
	place(s, p, kid);
}

uint32_t
hops_new_kid(struct hops *s)
{
	for (;;) {
		uint32_t kid = s->next_kid;

		s->next_kid = kid == HOPS_KID_LAST ? HOPS_KID_FIRST : kid + 1;
		if (!hops_by_kid(s, kid))
			return kid;
	}
}

void
hops_blur(struct hops *s, struct hop *p)
{
	uint32_t kid = p->kid;

	if (!kid)
		return;
	unplace(s, p);
	p->nmembers = 0;
	memset(&p->hop, 0, sizeof p->hop);
	place(s, p, kid);
}

/* Takes a member out of a group; true if it was the last one. */
static bool
leave_group(struct hops *s, struct hop *g, uint32_t member)
{
	uint32_t kid = g->kid, n = 0;

	for (uint32_t i = 0; i < g->nmembers; i++)
		n += g->members[i] != member;
	if (n == g->nmembers)
		return false;
	unplace(s, g);
	for (uint32_t i = n = 0; i < g->nmembers; i++)
		if (g->members[i] != member)
			g->members[n++] = g->members[i];
	g->nmembers = n;
	place(s, g, kid);
	return n == 0;
}

void
hops_gone(struct hops *s, struct hop *p)
{
	uint32_t kid = p->kid;

	if (kid && !p->group && !p->theirs)
		for (uint32_t h = 0; (h = slab_next(&s->slab, h)) != 0;) {
			struct hop *g = hop_ptr(s, h);

			if (g->group && g->kid && leave_group(s, g, kid))
				hops_gone(s, g);
		}
	unplace(s, p);
	p->nmembers = 0;
	if (p->id == 0)
		release(s, p);
}

void
hops_drop(struct hops *s, struct hop *p)
{
	set_id(s, p, 0);
	hops_gone(s, p);
}

void
hops_theirs(struct hops *s, uint32_t kid)
{
	struct hop *p;

	if (kid < HOPS_KID_FIRST || kid > HOPS_KID_LAST)
		return;
	p = hops_by_kid(s, kid);
	if (!p) {
		p = new_record(s, false);
		p->theirs = true;
		place(s, p, kid);
	}
	p->seen = true;
}

/* Dumps. */

void
hops_dump_begin(struct hops *s)
{
	for (uint32_t h = 0; (h = slab_next(&s->slab, h)) != 0;)
		hop_ptr(s, h)->seen = hop_ptr(s, h)->wanted = false;
}

void
hops_dump_seen(struct hops *s, const struct nl_nexthop *n)
{
	uint32_t sorted[NL_NEXTHOP_MEMBERS];
	struct hop *p = hops_by_kid(s, n->id);

	if (!n->ours && (!p || p->theirs)) {
		hops_theirs(s, n->id);
		return;
	}
	/* Of another kind than it was: what we knew is gone. */
	if (p && (p->theirs || !n->ours || (n->known && p->group != (n->nmembers > 0)))) {
		hops_gone(s, p);
		p = NULL;
		if (!n->ours) {
			hops_theirs(s, n->id);
			return;
		}
	}
	if (!p)
		p = new_record(s, n->nmembers > 0);
	p->seen = true;
	if (p->group) {
		memcpy(sorted, n->members, n->nmembers * sizeof sorted[0]);
		qsort(sorted, n->nmembers, sizeof sorted[0], u32_cmp);
		hops_put_group(s, p, n->id, sorted, n->nmembers);
	} else {
		/* All zero if it is of a shape that we do not make: nothing equals that. */
		hops_put_hop(s, p, n->id, &n->hop);
	}
}

bool
hops_dump_end(struct hops *s)
{
	bool missing = false;

	for (uint32_t h = 0; (h = slab_next(&s->slab, h)) != 0;) {
		struct hop *p = hop_ptr(s, h);

		if (p->seen || (!p->kid && p->id))
			continue;
		missing |= p->id != 0;
		/* The dump has told what is left in the groups: nothing to take out. */
		unplace(s, p);
		p->nmembers = 0;
		if (p->id == 0)
			release(s, p);
	}
	return missing;
}

void
hops_forget_ids(struct hops *s)
{
	for (uint32_t h = 0; (h = slab_next(&s->slab, h)) != 0;) {
		struct hop *p = hop_ptr(s, h);

		set_id(s, p, 0);
		if (p->kid == 0)
			release(s, p);
	}
}
