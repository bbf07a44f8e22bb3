/* SPDX-License-Identifier: ISC */
/* The neighbour table, and what the data plane says of neighbours. */
#include "config.h"

#include "evpn/neigh.h"

#include "evpn/neigh_priv.h"
#include "lib/hash.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(neigh_bad_local);

_Static_assert(sizeof(struct neigh) == 48, "a hot struct has grown");

#define LFLAGS                                                                           \
	(NEIGH_LSTATIC | NEIGH_LSVI | NEIGH_LROUTER | NEIGH_LSTALE | NEIGH_LGATEWAY)

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

struct neigh_local *
neigh_side(const struct evpn *e, const struct neigh *n)
{
	return n->local ? slab_ptr(&e->neighs.locals, n->local) : NULL;
}

struct neigh_local *
neigh_side_get(struct evpn *e, struct neigh *n)
{
	if (!n->local)
		n->local = slab_alloc(&e->neighs.locals);
	return neigh_side(e, n);
}

static void
side_free(struct evpn *e, uint32_t h, struct neigh *n)
{
	const struct neigh_local *l = neigh_side(e, n);

	if (!l)
		return;
	prober_forget(e, h);
	if (l->moved)
		slab_free(&e->neighs.moved, l->moved);
	slab_free(&e->neighs.locals, n->local);
	n->local = 0;
}

struct neigh_local *
neigh_local_of(const struct evpn *e, const struct neigh *n)
{
	struct neigh_local *l = neigh_side(e, n);

	return l && l->mac ? l : NULL;
}

void
neigh_release(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	const struct dup *d = neigh_dup(e, n);

	if (n->imps || neigh_local_of(e, n) || n->flags & NEIGH_EXPORTED ||
	    !fib_idle(&n->obj) || prober_holds(e, n) || (d && d->frozen))
		return;
	side_free(e, h, n);
	obj_unlink(e, obj_ref(ZL_KIND_NEIGH, h));
	hidx_remove(&e->neighs.index, key_hash(n->obj.evi, neigh_ip(n)), h);
	slab_free(&e->neighs.cells, h);
}

uint32_t
neigh_remote_mac(const struct evpn *e, const struct neigh *n)
{
	return n->best ? obj_handle(import_imp(&e->import, n->best)->obj) : 0;
}

/* --- local side --- */

static void
bind_mac(struct evpn *e, uint32_t h, struct neigh *n, uint32_t mac)
{
	struct neigh_local *l;
	struct macent *m = mac_at(&e->macs, mac);

	l = neigh_side_get(e, n);
	l->mac = mac;
	l->prev = 0;
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
	l->mac = l->next = l->prev = 0;
	n->flags &= (uint16_t) ~(NEIGH_LNEWER | NEIGH_LWON);
	prober_end(e, h);
	mac_release(e, mac);
}

static uint16_t
flags_of(const struct zl_neigh *z)
{
	return (
	    uint16_t)((z->flags & ZL_NEIGH_STATIC ? NEIGH_LSTATIC : 0) |
		      (z->flags & ZL_NEIGH_SVI ? NEIGH_LSVI : 0) |
		      (z->flags & ZL_NEIGH_ROUTER ? NEIGH_LROUTER : 0) |
		      (z->flags & ZL_NEIGH_STALE ? NEIGH_LSTALE : 0) |
		      (z->flags & ZL_NEIGH_GATEWAY ? NEIGH_LSVI | NEIGH_LGATEWAY : 0));
}

static void
set_seen(const struct evpn *e, struct neigh *n)
{
	n->flags &= (uint16_t)~NEIGH_SEEN;
	if (e->epoch)
		n->flags |= NEIGH_SEEN;
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
	fresh = !neigh_local_of(e, n) || neigh_local_of(e, n)->mac != mac;
	if (fresh && neigh_local_of(e, n)) {
		if (!neigh_may_rebind(e, h, mac, z)) {
			neigh_local_of(e, n)->gen = evi->local_gen;
			set_seen(e, n);
			return;
		}
		unbind_mac(e, h, n);
	}
	neigh_not_refused(e, n);
	n->flags = (uint16_t)((n->flags & ~LFLAGS) | flags_of(z));
	set_seen(e, n);
	if (fresh)
		bind_mac(e, h, n, mac);
	neigh_local_of(e, n)->gen = evi->local_gen;
	if (fresh)
		n->flags |= NEIGH_LNEWER;
	prober_said(e, h);
	if (fresh)
		prober_lost_mac(e, h, mac);
	neigh_settle(e, h, false);
}

void
neigh_forget_local(struct evpn *e, uint32_t h)
{
	struct neigh *n = neigh_at(&e->neighs, h);

	if (!neigh_local_of(e, n))
		return;
	unbind_mac(e, h, n);
	neigh_not_refused(e, n);
	n->flags &= (uint16_t)~LFLAGS;
	/* A remote binding that could not be written because of this one may be written now. */
	neigh_settle(e, h, n->obj.fib == FIB_FAILED);
	neigh_release(e, h);
}

void
neigh_gone(struct evpn *e, uint32_t h)
{
	neigh_not_refused(e, neigh_at(&e->neighs, h));
	if (neigh_local_of(e, neigh_at(&e->neighs, h)) && !prober_gone(e, h))
		neigh_forget_local(e, h);
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
		neigh_gone(e, h);
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
	if (n->flags & NEIGH_RMOVED)
		w->flags |= ZL_F_MOVED;
}

/* Once is enough: what is sent again is no move. */
void
neigh_sent(struct evpn *e, uint32_t h, bool set)
{
	(void)set;
	neigh_at(&e->neighs, h)->flags &= (uint16_t)~NEIGH_RMOVED;
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
	slab_init(&t->moved, "evpn moved addresses", sizeof(struct neigh_moved));
	hidx_init(&t->index);
	loop_timer_init(&t->thaw, neigh_thaw_tick);
}

void
neigh_table_fini(struct evpn *e)
{
	loop_timer_stop(&e->neighs.thaw);
	hidx_fini(&e->neighs.index);
	slab_fini(&e->neighs.moved);
	slab_fini(&e->neighs.cells);
	slab_fini(&e->neighs.locals);
}
