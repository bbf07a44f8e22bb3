/* SPDX-License-Identifier: ISC */
/* Next hops: a table, a queue of what to ask of the data plane, and its answers. */
#include "config.h"

#include "bgpd/nht.h"

#include <string.h>

#include "lib/util.h"

static struct nht_hop *
hop_ptr(const struct nht *n, uint32_t h)
{
	return slab_ptr(&n->hops, h);
}

static uint32_t
find(const struct nht *n, struct ip ip)
{
	uint32_t h;

	for (struct hidx_it it = hidx_first(&n->index, ip_hash(ip));
	     (h = hidx_next(&it)) != 0;)
		if (ip_equal(hop_ptr(n, h)->ip, ip))
			return h;
	return 0;
}

const struct nht_hop *
nht_find(const struct nht *n, struct ip ip)
{
	uint32_t h = find(n, ip);

	return h ? hop_ptr(n, h) : NULL;
}

static void
hop_free(struct nht *n, uint32_t h)
{
	struct nht_hop *p = hop_ptr(n, h);

	n->nunreachable -= p->unreachable;
	hidx_remove(&n->index, ip_hash(p->ip), h);
	slab_free(&n->hops, h);
}

/* What the data plane should do and what it was told differ, perhaps. */
static void
ask(struct nht *n, uint32_t h)
{
	struct nht_hop *p = hop_ptr(n, h);

	if (p->queued)
		return;
	p->queued = true;
	p->next = 0;
	if (n->first)
		hop_ptr(n, n->last)->next = h;
	else
		n->first = h;
	n->last = h;
	if (n->wake)
		n->wake(n->arg);
}

bool
nht_ask_next(struct nht *n, struct nht_ask *a)
{
	uint32_t h;

	while ((h = n->first) != 0) {
		struct nht_hop *p = hop_ptr(n, h);
		bool wanted = p->refs > 0, told = p->watched;

		n->first = p->next;
		p->queued = false;
		p->watched = wanted;
		*a = (struct nht_ask){ wanted, p->ip };
		if (!wanted)
			hop_free(n, h);
		if (wanted != told)
			return true;
	}
	return false;
}

/* Only for a global address can the kernel's tables say where it is. */
static bool
can_be_tracked(struct ip ip)
{
	return ip.len != 0 && !ip_is_zero(ip) && !ip_is_linklocal(ip) &&
	       !ip_is_multicast(ip);
}

static uint32_t
hop_ref(struct nht *n, struct ip ip)
{
	uint32_t h;
	struct nht_hop *p;

	if (!can_be_tracked(ip))
		return NHT_NONE;
	h = find(n, ip);
	if (h) {
		hop_ptr(n, h)->refs++;
		return h;
	}
	h = slab_alloc(&n->hops);
	p = hop_ptr(n, h);
	*p = (struct nht_hop){ .ip = ip, .refs = 1 };
	hidx_insert(&n->index, ip_hash(ip), h);
	if (n->wake)
		ask(n, h);
	return h;
}

/* A set that had this next hop is freed. */
static void
hop_unref(void *arg, uint32_t h)
{
	struct nht *n = arg;
	struct nht_hop *p = hop_ptr(n, h);

	if (h == NHT_NONE || --p->refs > 0)
		return;
	if (p->watched || p->queued)
		ask(n, h);
	else
		hop_free(n, h);
}

void
nht_attach_new(struct nht *n, uint32_t attrs)
{
	attrset_set_hop(
	    n->attrs, attrs, hop_ref(n, attrset_get(n->attrs, attrs)->a.nexthop));
}

enum nht_change
nht_answer(struct nht *n, struct ip ip, bool reachable, uint32_t metric)
{
	uint32_t h = find(n, ip), was;
	struct nht_hop *p;
	bool turned;

	if (!h)
		return NHT_SAME;
	p = hop_ptr(n, h);
	p->known = true;
	turned = p->unreachable == reachable;
	was = p->metric;
	p->metric = reachable ? metric : 0;
	if (!turned && p->metric == was)
		return NHT_SAME;
	p->changed = ++n->clock;
	if (!turned)
		return NHT_METRIC;
	p->unreachable = !reachable;
	n->nunreachable += p->unreachable ? 1u : -1u;
	return NHT_REACH;
}

enum nht_change
nht_answer_loose(struct nht *n, struct ip ip, bool loose)
{
	uint32_t h = find(n, ip);
	struct nht_hop *p = h ? hop_ptr(n, h) : NULL;

	if (!p || p->loose == loose)
		return NHT_SAME;
	p->loose = loose;
	p->changed = ++n->clock;
	return NHT_REACH;
}

void
nht_on_ask(struct nht *n, void (*wake)(void *arg), void *arg)
{
	n->wake = wake;
	n->arg = arg;
	for (uint32_t h = NHT_NONE; (h = slab_next(&n->hops, h)) != 0;)
		ask(n, h);
}

void
nht_init(struct nht *n, struct attrtab *attrs)
{
	uint32_t none;

	memset(n, 0, sizeof(*n));
	n->attrs = attrs;
	slab_init(&n->hops, "next hops", sizeof(struct nht_hop));
	hidx_init(&n->index);
	none = slab_alloc(&n->hops);
	ensure(none == NHT_NONE);
	*hop_ptr(n, none) = (struct nht_hop){ .refs = 1 };
	attrs->hop_release = hop_unref;
	attrs->hop_arg = n;
}

void
nht_fini(struct nht *n)
{
	n->attrs->hop_release = NULL;
	hidx_fini(&n->index);
	slab_fini(&n->hops);
}
