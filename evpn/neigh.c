/* SPDX-License-Identifier: ISC */
/* The neighbour table: local and remote bindings of IP addresses, and which one holds. */
#include "config.h"

#include "evpn/neigh.h"

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(neigh_bad_local);
COUNTER(neigh_moved);

_Static_assert(sizeof(struct neigh) == 48, "a hot struct has grown");

#define LFLAGS (NEIGH_LSTATIC | NEIGH_LSVI | NEIGH_LROUTER | NEIGH_LSTALE)

/* --- table --- */

static uint32_t
key_hash(uint16_t evi, struct ip ip)
{
	uint8_t k[18] = { (uint8_t)(evi >> 8), (uint8_t)evi };

	memcpy(k + 2, ip.b, ip.len);
	return hash32(k, 2u + ip.len);
}

struct ip
neigh_ip(const struct neigh *n)
{
	struct ip ip = { .len = n->iplen };

	memcpy(ip.b, n->ip, sizeof ip.b);
	return ip;
}

static uint32_t
find(const struct evpn *e, uint16_t evi, struct ip ip, uint32_t hash)
{
	struct hidx_it it = hidx_first(&e->neighs.index, hash);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct neigh *n = neigh_at(&e->neighs, h);

		if (n->obj.evi == evi && n->iplen == ip.len &&
		    memcmp(n->ip, ip.b, 16) == 0)
			return h;
	}
	return 0;
}

uint32_t
neigh_find(const struct evpn *e, uint16_t evi, struct ip ip)
{
	return find(e, evi, ip, key_hash(evi, ip));
}

uint32_t
neigh_get(struct evpn *e, struct evi *evi, struct ip ip)
{
	uint32_t hash = key_hash(evi->id, ip), h = find(e, evi->id, ip, hash);
	struct neigh *n;

	if (h)
		return h;
	h = slab_alloc(&e->neighs.cells);
	n = neigh_at(&e->neighs, h);
	memcpy(n->ip, ip.b, 16);
	n->iplen = ip.len;
	obj_link(e, evi, obj_ref(ZL_KIND_NEIGH, h));
	hidx_insert(&e->neighs.index, hash, h);
	return h;
}

void
neigh_release(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);

	if (n->imps || n->local || n->flags & NEIGH_EXPORTED || !fib_idle(&n->obj))
		return;
	obj_unlink(e, obj_ref(ZL_KIND_NEIGH, h));
	hidx_remove(&e->neighs.index, key_hash(n->obj.evi, neigh_ip(n)), h);
	slab_free(&e->neighs.cells, h);
}

struct neigh_local *
neigh_local_of(const struct evpn *e, const struct neigh *n)
{
	return n->local ? slab_ptr(&e->neighs.locals, n->local) : NULL;
}

uint32_t
neigh_remote_mac(const struct evpn *e, const struct neigh *n)
{
	return n->best ? obj_handle(import_imp(&e->import, n->best)->obj) : 0;
}

/* --- who holds the address --- */

/* Its local binding stands by itself: the MAC is here. */
static bool
local_stands(const struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);

	return l && mac_wins_local(mac_at(&e->macs, l->mac));
}

bool
neigh_wins_local(struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);
	struct cand c;
	uint32_t seq;

	if (!local_stands(e, n))
		return false;
	if (!n->best || neigh_remote_mac(e, n) == l->mac)
		return true;
	if (n->flags & (NEIGH_LSTATIC | NEIGH_LSVI))
		return true;
	if (!import_cand(e, import_imp(&e->import, n->best), &c))
		return true;
	/* RFC 9721 7: the address follows the MAC route with the higher number. */
	seq = mac_seq(e, mac_at(&e->macs, l->mac));
	if (seq != c.seq)
		return seq > c.seq;
	return ip_cmp(evpn_ip(e, c.vtep), obj_evi(e, &n->obj)->obs.local) >= 0;
}

/* again: what is wanted in the kernel has other content than before. */
static void
decide(struct evpn *e, uint32_t h, bool again)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	uint32_t ref = obj_ref(ZL_KIND_NEIGH, h), rmac = neigh_remote_mac(e, n);

	export_neigh(e, h);
	if (neigh_wins_local(e, n) || !rmac || mac_wins_local(mac_at(&e->macs, rmac)))
		fib_unwant(e, ref);
	else if (again || !(n->obj.bits & FIB_WANTED))
		fib_want(e, ref);
}

void
neigh_decide(struct evpn *e, uint32_t h)
{
	decide(e, h, false);
}

/* --- local side --- */

static void
bind_mac(struct evpn *e, uint32_t h, struct neigh *n, uint32_t mac)
{
	struct neigh_local *l;
	struct macent *m = mac_at(&e->macs, mac);

	n->local = slab_alloc(&e->neighs.locals);
	l = neigh_local_of(e, n);
	l->mac = mac;
	l->since = (uint32_t)(loop_now(e->loop).us / 1000000);
	l->next = m->neighs;
	if (m->neighs)
		neigh_local_of(e, neigh_at(&e->neighs, m->neighs))->prev = h;
	m->neighs = h;
}

static void
unbind_mac(struct evpn *e, uint32_t h, struct neigh *n)
{
	struct neigh_local *l = neigh_local_of(e, n);
	uint32_t mac = l->mac;

	export_withdraw_neigh(e, h);
	if (l->next)
		neigh_local_of(e, neigh_at(&e->neighs, l->next))->prev = l->prev;
	if (l->prev)
		neigh_local_of(e, neigh_at(&e->neighs, l->prev))->next = l->next;
	else
		mac_at(&e->macs, mac)->neighs = l->next;
	slab_free(&e->neighs.locals, n->local);
	n->local = 0;
	mac_release(e, mac);
}

/* A local learn over a remote binding to another MAC: the local MAC's number goes above it. */
static void
raise_over_remote(struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);
	struct cand c;

	if (!local_stands(e, n) || !n->best || neigh_remote_mac(e, n) == l->mac ||
	    !import_cand(e, import_imp(&e->import, n->best), &c))
		return;
	COUNT(neigh_moved);
	if (c.seq < UINT32_MAX)
		mac_raise(e, l->mac, c.seq + 1);
}

static uint8_t
flags_of(const struct zl_neigh *z)
{
	return (uint8_t)((z->flags & ZL_NEIGH_STATIC ? NEIGH_LSTATIC : 0) |
			 (z->flags & ZL_NEIGH_SVI ? NEIGH_LSVI : 0) |
			 (z->flags & ZL_NEIGH_ROUTER ? NEIGH_LROUTER : 0) |
			 (z->flags & ZL_NEIGH_STALE ? NEIGH_LSTALE : 0));
}

void
neigh_local_set(struct evpn *e, struct evi *evi, const struct zl_neigh *z)
{
	uint32_t h, mac;
	struct neigh *n;
	bool fresh;

	if ((z->ip.len != 4 && z->ip.len != 16) || ip_is_zero(z->ip) ||
	    ip_is_multicast(z->ip) || mac_is_zero(z->mac) || mac_is_multicast(z->mac)) {
		COUNT(neigh_bad_local);
		return;
	}
	h = neigh_get(e, evi, z->ip);
	n = neigh_at(&e->neighs, h);
	mac = mac_get(e, evi, z->mac);
	fresh = !n->local || neigh_local_of(e, n)->mac != mac;
	if (fresh && n->local)
		unbind_mac(e, h, n);
	n->flags = (uint8_t)((n->flags & ~(LFLAGS | NEIGH_SEEN)) | flags_of(z));
	if (e->epoch)
		n->flags |= NEIGH_SEEN;
	if (fresh)
		bind_mac(e, h, n, mac);
	neigh_local_of(e, n)->gen = evi->local_gen;
	if (fresh)
		raise_over_remote(e, n);
	decide(e, h, false);
}

void
neigh_forget_local(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);

	if (!n->local)
		return;
	unbind_mac(e, h, n);
	n->flags &= (uint8_t)~LFLAGS;
	/* A remote binding that could not be written because of this one may be written now. */
	decide(e, h, n->obj.fib == FIB_FAILED);
	neigh_release(e, h);
}

void
neigh_forget_old(struct evpn *e, uint32_t h)
{
	const struct neigh *n = neigh_at(&e->neighs, h);
	const struct neigh_local *l = neigh_local_of(e, n);

	if (l && l->gen != obj_evi(e, &n->obj)->local_gen)
		neigh_forget_local(e, h);
}

void
neigh_local_del(struct evpn *e, struct evi *evi, struct ip ip)
{
	uint32_t h = neigh_find(e, evi->id, ip);

	if (h)
		neigh_forget_local(e, h);
}

void
neigh_mac_changed(struct evpn *e, uint32_t mac)
{
	uint32_t h, i;

	for (h = mac_at(&e->macs, mac)->neighs; h;
	     h = neigh_local_of(e, neigh_at(&e->neighs, h))->next)
		decide(e, h, false);
	for (i = mac_at(&e->macs, mac)->imps; i; i = import_imp(&e->import, i)->onext) {
		h = import_imp(&e->import, i)->neigh;
		if (h && neigh_at(&e->neighs, h)->best == i)
			decide(e, h, false);
	}
}

/* --- remote side --- */

static void
take(struct evpn *e, uint32_t h, uint32_t imp, const struct cand *c)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	uint8_t router = c->flags & CAND_ROUTER ? NEIGH_RROUTER : 0;
	uint32_t mac = obj_handle(import_imp(&e->import, imp)->obj);
	bool again =
	    (n->flags & NEIGH_RROUTER) != router || neigh_remote_mac(e, n) != mac;

	n->best = imp;
	n->flags = (uint8_t)((n->flags & ~NEIGH_RROUTER) | router);
	decide(e, h, again);
}

static void
choose(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct cand best = { 0 }, c;
	uint32_t i, found = 0;

	for (i = n->imps; i; i = import_imp(&e->import, i)->nnext) {
		if (!import_cand(e, import_imp(&e->import, i), &c) ||
		    (found && !import_better(e, &c, &best)))
			continue;
		intern_ref(&e->ips, c.vtep);
		intern_unref(&e->ips, best.vtep);
		best = c;
		found = i;
	}
	if (found) {
		take(e, h, found, &best);
	} else {
		n->best = 0;
		n->flags &= (uint8_t)~NEIGH_RROUTER;
		decide(e, h, false);
	}
	intern_unref(&e->ips, best.vtep);
}

/* Is this candidate better than the one that stands? */
static bool
beats_best(struct evpn *e, const struct neigh *n, const struct cand *c)
{
	struct cand old;
	bool better;

	if (!n->best)
		return true;
	intern_ref(&e->ips, c->vtep); /* the next look-up may reuse the cache's slot */
	better = !import_cand(e, import_imp(&e->import, n->best), &old) ||
		 import_better(e, c, &old);
	intern_unref(&e->ips, c->vtep);
	return better;
}

void
neigh_cand_changed(struct evpn *e, uint32_t h, uint32_t imp)
{
	const struct neigh *n = neigh_at(&e->neighs, h);
	struct cand c;

	/* Only when the one that stands has changed are all looked at. */
	if (n->best == imp)
		choose(e, h);
	else if (import_cand(e, import_imp(&e->import, imp), &c) && beats_best(e, n, &c))
		take(e, h, imp, &c);
}

void
neigh_cand_add(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct imp *i = import_imp(&e->import, imp);

	i->nprev = 0;
	i->nnext = n->imps;
	if (n->imps)
		import_imp(&e->import, n->imps)->nprev = imp;
	n->imps = imp;
	neigh_cand_changed(e, h, imp);
}

void
neigh_cand_del(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct imp *i = import_imp(&e->import, imp);

	if (i->nnext)
		import_imp(&e->import, i->nnext)->nprev = i->nprev;
	if (i->nprev)
		import_imp(&e->import, i->nprev)->nnext = i->nnext;
	else
		n->imps = i->nnext;
	if (n->best == imp)
		choose(e, h);
	neigh_release(e, h);
}

/* --- for the data plane --- */

void
neigh_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct neigh *n = neigh_at(&e->neighs, h);
	uint32_t mac = neigh_remote_mac(e, n);

	w->ip = neigh_ip(n);
	if (mac)
		w->mac = mac_at(&e->macs, mac)->addr;
	if (n->flags & NEIGH_RROUTER)
		w->flags |= ZL_F_ROUTER;
}

uint32_t
neigh_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w)
{
	return neigh_find(e, evi, w->ip);
}

void
neigh_table_init(struct evpn *e)
{
	struct neigh_table *t = &e->neighs;

	slab_init(&t->cells, "evpn neighbours", sizeof(struct neigh));
	slab_init(&t->locals, "evpn local neighbours", sizeof(struct neigh_local));
	hidx_init(&t->index);
}

void
neigh_table_fini(struct evpn *e)
{
	hidx_fini(&e->neighs.index);
	slab_fini(&e->neighs.cells);
	slab_fini(&e->neighs.locals);
}
