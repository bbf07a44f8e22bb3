/* SPDX-License-Identifier: ISC */
/* The MAC table, and what the data plane says of MACs. */
#include "config.h"

#include "evpn/mac.h"

#include "evpn/mac_priv.h"
#include "lib/hash.h"
#include "lib/stats.h"
#include "lib/util.h"

COUNTER(mac_bad_local);

#define LOST_S 10 /* seconds */

_Static_assert(sizeof(struct macent) == 48, "a hot struct has grown");

#define LFLAGS (MAC_LSTATIC | MAC_LSTICKY | MAC_LSVI | MAC_LGATEWAY)

/* --- table --- */

static uint32_t
key_hash(uint16_t evi, struct mac addr)
{
	uint8_t k[8] = { (uint8_t)(evi >> 8), (uint8_t)evi };

	memcpy(k + 2, addr.b, 6);
	return hash32(k, sizeof k);
}

static uint32_t
find(const struct evpn *e, uint16_t evi, struct mac addr, uint32_t hash)
{
	struct hidx_it it = hidx_first(&e->macs.index, hash);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct macent *m = mac_at(&e->macs, h);

		if (m->obj.evi == evi && mac_equal(m->addr, addr))
			return h;
	}
	return 0;
}

uint32_t
mac_find(const struct evpn *e, uint16_t evi, struct mac addr)
{
	return find(e, evi, addr, key_hash(evi, addr));
}

uint32_t
mac_get(struct evpn *e, struct evi *evi, struct mac addr)
{
	uint32_t hash = key_hash(evi->id, addr), h = find(e, evi->id, addr, hash);

	if (h)
		return h;
	h = slab_alloc(&e->macs.cells);
	mac_at(&e->macs, h)->addr = addr;
	obj_link(e, evi, obj_ref(ZL_KIND_MAC, h));
	hidx_insert(&e->macs.index, hash, h);
	return h;
}

struct mac_local *
mac_local_of(const struct evpn *e, const struct macent *m)
{
	return m->local ? slab_ptr(&e->macs.locals, m->local) : NULL;
}

static void
local_free(struct evpn *e, struct macent *m)
{
	struct mac_local *l = mac_local_of(e, m);

	if (!l)
		return;
	intern_unref(&e->ports, l->port);
	slab_free(&e->macs.locals, m->local);
	m->local = 0;
}

void
mac_release(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);
	const struct mac_local *l = mac_local_of(e, m);

	if (m->state != MOB_NONE || m->imps || m->neighs || m->flags & MAC_EXPORTED ||
	    !fib_idle(&m->obj) || (l && l->dup.frozen))
		return;
	local_free(e, m);
	obj_unlink(e, obj_ref(ZL_KIND_MAC, h));
	hidx_remove(&e->macs.index, key_hash(m->obj.evi, m->addr), h);
	slab_free(&e->macs.cells, h);
}

uint32_t
mac_seq(const struct evpn *e, const struct macent *m)
{
	const struct mac_local *l = mac_local_of(e, m);

	return l ? l->lseq : 0;
}

/* --- local side --- */

static uint8_t
flags_of(const struct zl_mac *z)
{
	return (uint8_t)((z->flags & ZL_MAC_STATIC ? MAC_LSTATIC : 0) |
			 (z->flags & ZL_MAC_STICKY ? MAC_LSTICKY : 0) |
			 (z->flags & ZL_MAC_SVI ? MAC_LSVI : 0) |
			 (z->flags & ZL_MAC_GATEWAY ? MAC_LSVI | MAC_LGATEWAY : 0));
}

static uint32_t
get_port(struct evpn *e, const struct zl_mac *z)
{
	struct mac_port p;

	memset(&p, 0, sizeof p); /* padding is part of the key */
	p.ifindex = z->ifindex;
	p.vid = z->vid;
	memcpy(p.ifname, z->ifname, sizeof p.ifname);
	return intern_get(&e->ports, &p, sizeof p);
}

bool
mac_port_of(const struct evpn *e, const struct macent *m, struct mac_port *p)
{
	const struct mac_local *l = mac_local_of(e, m);

	if (!l || !l->port)
		return false;
	memcpy(
	    p, intern_bytes(&e->ports, l->port, NULL), sizeof *p); /* not aligned there */
	return true;
}

static uint32_t
seconds(const struct evpn *e)
{
	return (uint32_t)(loop_now(e->loop).us / 1000000);
}

bool
mac_lost_lately(const struct evpn *e, const struct macent *m)
{
	const struct mac_local *l = mac_local_of(e, m);

	if (m->state == MOB_REMOTE)
		return l && seconds(e) - l->since <= LOST_S;
	return m->state == MOB_REMOTE_WINS;
}

static void
set_seen(const struct evpn *e, struct macent *m)
{
	m->flags &= (uint8_t)~MAC_SEEN;
	if (e->epoch)
		m->flags |= MAC_SEEN;
}

static struct mac_local *
local_get(struct evpn *e, uint32_t h, struct macent *m)
{
	struct mac_local *l = mac_local_of(e, m);

	if (l)
		return l;
	m->local = slab_alloc(&e->macs.locals);
	l = mac_local_of(e, m);
	l->mac = h;
	return l;
}

void
mac_local_set(struct evpn *e, struct evi *evi, const struct zl_mac *z)
{
	uint8_t flags = flags_of(z);
	struct mac_local *l;
	struct macent *m;
	uint32_t h, port;

	if (mac_is_zero(z->mac) || mac_is_multicast(z->mac)) {
		COUNT(mac_bad_local);
		return;
	}
	h = mac_get(e, evi, z->mac);
	m = mac_at(&e->macs, h);
	l = local_get(e, h, m);
	port = get_port(e, z);
	set_seen(e, m);
	if (l->port == port && (m->flags & LFLAGS) == flags && l->gen == evi->local_gen) {
		/* nothing new */
		intern_unref(&e->ports, port);
		return;
	}
	if (!l->port)
		l->since = seconds(e);
	intern_unref(&e->ports, l->port);
	l->port = port;
	l->gen = evi->local_gen;
	m->flags = (uint8_t)((m->flags & ~LFLAGS) | flags);
	mac_step(e, h,
	    &(struct mob_event){ .type = MOB_EV_LEARN, .flags = mac_local_flags(flags) },
	    true);
}

void
mac_forget_local(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);
	struct mac_local *l = mac_local_of(e, m);

	if (!l || !l->port)
		return;
	intern_unref(&e->ports, l->port);
	l->port = 0;
	l->since = seconds(e);
	m->flags &= (uint8_t)~LFLAGS;
	/* A remote entry that could not be written because of this one may be written now. */
	mac_step(e, h, &(struct mob_event){ .type = MOB_EV_LOCAL_GONE },
	    m->obj.fib == FIB_FAILED);
	mac_release(e, h);
}

void
mac_forget_old(struct evpn *e, uint32_t h)
{
	const struct macent *m = mac_at(&e->macs, h);
	const struct mac_local *l = mac_local_of(e, m);

	if (l && l->gen != obj_evi(e, &m->obj)->local_gen)
		mac_forget_local(e, h);
}

void
mac_local_del(struct evpn *e, struct evi *evi, struct mac addr)
{
	uint32_t h = mac_find(e, evi->id, addr);

	if (h)
		mac_forget_local(e, h);
}

/* --- for the data plane --- */

/* It took over a host that was here a moment ago.  That one may have spoken since, or be here nevertheless (a
 * leaf that has not heard of his move for long may have the higher number): only a question that comes after
 * it can tell. */
void
mac_done(struct evpn *e, uint32_t h, bool set, bool ok)
{
	if (set && ok && mac_lost_lately(e, mac_at(&e->macs, h)))
		prober_mac_lost(e, h);
}

void
mac_fill(const struct evpn *e, uint32_t h, struct zl_want *w)
{
	const struct macent *m = mac_at(&e->macs, h);

	w->mac = m->addr;
	w->vtep = evpn_ip(e, m->vtep);
	if (m->flags & MAC_RSTICKY)
		w->flags |= ZL_F_STICKY;
	if (m->flags & MAC_RGATEWAY)
		w->flags |= ZL_F_GATEWAY;
}

uint32_t
mac_find_want(const struct evpn *e, uint16_t evi, const struct zl_want *w)
{
	return mac_find(e, evi, w->mac);
}

void
mac_table_init(struct evpn *e)
{
	struct mac_table *t = &e->macs;

	slab_init(&t->cells, "evpn MACs", sizeof(struct macent));
	slab_init(&t->locals, "evpn local MACs", sizeof(struct mac_local));
	hidx_init(&t->index);
	loop_timer_init(&t->thaw, mac_thaw_tick);
}

void
mac_table_fini(struct evpn *e)
{
	struct mac_table *t = &e->macs;

	loop_timer_stop(&t->thaw);
	hidx_fini(&t->index);
	slab_fini(&t->cells);
	slab_fini(&t->locals);
}
