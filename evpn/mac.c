/* SPDX-License-Identifier: ISC */
/* The MAC table: facts in, mobility's decision, actions out. */
#include "config.h"

#include "evpn/mac.h"

#include "evpn/core.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.mac");
COUNTER(mac_moved);
COUNTER(mac_duplicate);
COUNTER(mac_sticky_conflict);
COUNTER(mac_bad_local);

_Static_assert(sizeof(struct macent) == 48, "a hot struct has grown");

#define LFLAGS (MAC_LSTATIC | MAC_LSTICKY | MAC_LSVI)
#define RFLAGS (MAC_RSTICKY | MAC_RGATEWAY)
#define THAW_TICK_US MONO_SEC(1)

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
	    !fib_idle(&m->obj) || (l && l->frozen))
		return;
	local_free(e, m);
	obj_unlink(e, obj_ref(ZL_KIND_MAC, h));
	hidx_remove(&e->macs.index, key_hash(m->obj.evi, m->addr), h);
	slab_free(&e->macs.cells, h);
}

/* --- mobility: facts in, actions out --- */

static uint8_t
local_flags(uint8_t flags)
{
	/* What the machine itself answers for never goes elsewhere, whatever others say. */
	return (uint8_t)((flags & (MAC_LSTATIC | MAC_LSVI) ? MOB_STATIC : 0) |
			 (flags & (MAC_LSTICKY | MAC_LSVI) ? MOB_STICKY : 0));
}

static uint8_t
remote_flags(const struct evpn *e, const struct macent *m)
{
	bool lower =
	    m->vtep && ip_cmp(evpn_ip(e, m->vtep), obj_evi(e, &m->obj)->obs.local) < 0;

	return (
	    uint8_t)((m->flags & MAC_RSTICKY ? MOB_STICKY : 0) | (lower ? MOB_LOWER : 0));
}

static void
load(const struct evpn *e, const struct macent *m, struct mobility *b)
{
	const struct mac_local *l = mac_local_of(e, m);

	*b = (struct mobility){ .state = m->state,
		.lflags = local_flags(m->flags),
		.rflags = remote_flags(e, m),
		.rseq = m->rseq };
	if (!l)
		return;
	b->lseq = l->lseq;
	b->moves = l->moves;
	b->duplicate = l->duplicate;
	b->frozen = l->frozen;
	b->local_newer = l->local_newer;
	b->window = l->window;
	b->frozen_until = l->frozen_until;
}

static void
save(struct evpn *e, struct macent *m, const struct mobility *b)
{
	struct mac_local *l = mac_local_of(e, m);

	m->state = b->state;
	if (!l)
		return;
	l->lseq = b->lseq;
	l->moves = b->moves;
	l->duplicate = b->duplicate;
	l->frozen = b->frozen;
	l->local_newer = b->local_newer;
	l->window = b->window;
	l->frozen_until = b->frozen_until;
}

static void
mob_conf_of(const struct evpn *e, struct mob_conf *c)
{
	*c = (struct mob_conf){ .dad = e->conf->dad_enabled,
		.freeze = e->conf->dad_freeze,
		.max_moves = e->conf->dad_max_moves,
		.window_us = MONO_SEC(e->conf->dad_time),
		.freeze_us = MONO_SEC(e->conf->dad_freeze_time) };
}

static void
warn(struct evpn *e, const struct macent *m, unsigned a)
{
	uint32_t vni = obj_evi(e, &m->obj)->vni;
	char mac[MAC_STRLEN], ip[IP_STRLEN];

	mac_format(m->addr, mac);
	ip_format(evpn_ip(e, m->vtep), ip);
	if (a & MOB_WARN_STICKY) {
		COUNT(mac_sticky_conflict);
		log_warn_rl(&e->macs.rl,
		    "VNI %u: MAC %s: sticky at %s, but seen here too", vni, mac, ip);
	}
	if (a & MOB_WARN_DUPLICATE) {
		COUNT(mac_duplicate);
		log_warn_rl(&e->macs.rl,
		    "VNI %u: MAC %s: duplicate, here and at %s%s (%u moves in %u s)", vni,
		    mac, ip, a & MOB_FROZE ? ", frozen" : "", e->conf->dad_max_moves,
		    e->conf->dad_time);
	}
}

static void
froze(struct evpn *e, uint32_t h, struct macent *m)
{
	struct mac_local *l = mac_local_of(e, m);

	l->fnext = e->macs.frozen;
	e->macs.frozen = h;
	if (!loop_timer_running(&e->macs.thaw))
		loop_timer_start(e->loop, &e->macs.thaw, THAW_TICK_US);
}

/* Carries the actions out.  again: the remote entry's content changed, or may not be in place. */
static void
act(struct evpn *e, uint32_t h, unsigned a, bool again)
{
	struct macent *m = mac_at(&e->macs, h);
	uint32_t ref = obj_ref(ZL_KIND_MAC, h);

	if (a & (MOB_WARN_STICKY | MOB_WARN_DUPLICATE))
		warn(e, m, a);
	if (a & MOB_FROZE)
		froze(e, h, m);
	if (a & MOB_MOVED)
		COUNT(mac_moved);
	if (a & MOB_ADVERTISE)
		export_mac(e, h);
	if (a & MOB_WITHDRAW)
		export_withdraw_mac(e, h);
	if (a & MOB_UNINSTALL)
		fib_unwant(e, ref);
	if (a & MOB_INSTALL && (again || !(m->obj.bits & FIB_WANTED)))
		fib_want(e, ref);
	if (a & (MOB_ADVERTISE | MOB_WITHDRAW | MOB_INSTALL | MOB_UNINSTALL))
		neigh_mac_changed(e, h);
}

static void
step(struct evpn *e, uint32_t h, const struct mob_event *ev, bool again)
{
	struct macent *m = mac_at(&e->macs, h);
	bool was_local = mac_wins_local(m);
	struct mobility b;
	struct mob_conf c;
	unsigned a;

	load(e, m, &b);
	mob_conf_of(e, &c);
	a = mob_step(&b, ev, &c, loop_now(e->loop));
	save(e, m, &b);
	if (was_local != mac_wins_local(m))
		obj_evi(e, &m->obj)->nlocal_macs += was_local ? -1u : 1u;
	act(e, h, a, again);
}

uint32_t
mac_seq(const struct evpn *e, const struct macent *m)
{
	const struct mac_local *l = mac_local_of(e, m);

	return l ? l->lseq : 0;
}

void
mac_raise(struct evpn *e, uint32_t h, uint32_t seq)
{
	step(e, h, &(struct mob_event){ .type = MOB_EV_RAISE, .seq = seq }, false);
}

/* --- local side --- */

static uint8_t
flags_of(const struct zl_mac *z)
{
	return (uint8_t)((z->flags & ZL_MAC_STATIC ? MAC_LSTATIC : 0) |
			 (z->flags & ZL_MAC_STICKY ? MAC_LSTICKY : 0) |
			 (z->flags & ZL_MAC_SVI ? MAC_LSVI : 0));
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
		l->since = (uint32_t)(loop_now(e->loop).us / 1000000);
	intern_unref(&e->ports, l->port);
	l->port = port;
	l->gen = evi->local_gen;
	m->flags = (uint8_t)((m->flags & ~LFLAGS) | flags);
	step(e, h,
	    &(struct mob_event){ .type = MOB_EV_LEARN, .flags = local_flags(flags) },
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
	m->flags &= (uint8_t)~LFLAGS;
	/* A remote entry that could not be written because of this one may be written now. */
	step(e, h, &(struct mob_event){ .type = MOB_EV_LOCAL_GONE },
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

/* --- remote side --- */

static void
take(struct evpn *e, uint32_t h, uint32_t imp, const struct cand *c)
{
	struct macent *m = mac_at(&e->macs, h);
	uint8_t flags = (uint8_t)((c->flags & CAND_STICKY ? MAC_RSTICKY : 0) |
				  (c->flags & CAND_GATEWAY ? MAC_RGATEWAY : 0));
	bool content = m->vtep != c->vtep || (m->flags & RFLAGS) != flags;

	m->best = imp;
	if (!content && m->rseq == c->seq && m->state == MOB_REMOTE)
		return;
	if (m->vtep != c->vtep) {
		intern_ref(&e->ips, c->vtep);
		intern_unref(&e->ips, m->vtep);
		m->vtep = c->vtep;
	}
	m->flags = (uint8_t)((m->flags & ~RFLAGS) | flags);
	m->rseq = c->seq;
	step(e, h,
	    &(struct mob_event){
		.type = MOB_EV_REMOTE, .flags = remote_flags(e, m), .seq = c->seq },
	    content);
}

static void
take_none(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);

	m->best = 0;
	if (!mob_has_remote((enum mob_state)m->state))
		return;
	intern_unref(&e->ips, m->vtep);
	m->vtep = 0;
	m->flags &= (uint8_t)~RFLAGS;
	m->rseq = 0;
	step(e, h, &(struct mob_event){ .type = MOB_EV_REMOTE_GONE }, false);
}

/* The rank of the standing best candidate, as it was when it was taken. */
static struct cand
standing(const struct macent *m)
{
	return (struct cand){ .vtep = m->vtep,
		.seq = m->rseq,
		.flags = m->flags & MAC_RSTICKY ? CAND_STICKY : 0 };
}

/* The best one is gone or got worse.  The first that is as good as the old one ends the search:
 * nothing was better before. */
static void
choose(struct evpn *e, uint32_t h)
{
	struct macent *m = mac_at(&e->macs, h);
	struct cand old = standing(m), best = { 0 }, c;
	uint32_t i, found = 0;

	for (i = m->imps; i; i = import_imp(&e->import, i)->onext) {
		if (!import_cand(e, import_imp(&e->import, i), &c))
			continue;
		if (!found || import_better(e, &c, &best)) {
			/* Held: the cache may let go of its address during the search. */
			intern_ref(&e->ips, c.vtep);
			intern_unref(&e->ips, best.vtep);
			best = c;
			found = i;
		}
		if (!import_better(e, &old, &best))
			break;
	}
	if (found)
		take(e, h, found, &best);
	else
		take_none(e, h);
	intern_unref(&e->ips, best.vtep);
}

void
mac_cand_changed(struct evpn *e, uint32_t h, uint32_t imp)
{
	const struct macent *m = mac_at(&e->macs, h);
	struct cand c, old = standing(m);
	bool there = import_cand(e, import_imp(&e->import, imp), &c);

	if (m->best == imp) {
		if (there && !import_better(e, &old, &c))
			take(e, h, imp, &c);
		else
			choose(e, h);
	} else if (there && (!m->best || import_better(e, &c, &old))) {
		take(e, h, imp, &c);
	}
}

void
mac_own_address(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_begin(e, &w, evi, ZL_KIND_MAC);
	while ((h = obj_walk_next(e, &w)) != 0) {
		const struct macent *m = mac_at(&e->macs, h);

		if (mob_has_local((enum mob_state)m->state) &&
		    mob_has_remote((enum mob_state)m->state))
			step(e, h,
			    &(struct mob_event){ .type = MOB_EV_REMOTE,
				.flags = remote_flags(e, m),
				.seq = m->rseq },
			    false);
	}
	obj_walk_end(e, &w);
}

void
mac_cand_add(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct macent *m = mac_at(&e->macs, h);
	struct imp *i = import_imp(&e->import, imp);

	i->oprev = 0;
	i->onext = m->imps;
	if (m->imps)
		import_imp(&e->import, m->imps)->oprev = imp;
	m->imps = imp;
	mac_cand_changed(e, h, imp);
}

void
mac_cand_del(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct macent *m = mac_at(&e->macs, h);
	struct imp *i = import_imp(&e->import, imp);

	if (i->onext)
		import_imp(&e->import, i->onext)->oprev = i->oprev;
	if (i->oprev)
		import_imp(&e->import, i->oprev)->onext = i->onext;
	else
		m->imps = i->onext;
	if (m->best == imp)
		choose(e, h);
	mac_release(e, h);
}

/* --- freezing --- */

void
mac_thaw(struct evpn *e, uint32_t h)
{
	struct mac_local *l = mac_local_of(e, mac_at(&e->macs, h));
	uint32_t *link = &e->macs.frozen;

	if (!l)
		return;
	if (l->frozen) {
		while (*link != h)
			link = &mac_local_of(e, mac_at(&e->macs, *link))->fnext;
		*link = l->fnext;
		l->fnext = 0;
	}
	step(e, h, &(struct mob_event){ .type = MOB_EV_THAW }, true);
	mac_release(e, h);
}

static void
thaw(struct loop_timer *t)
{
	struct evpn *e = container_of(t, struct evpn, macs.thaw);
	struct mono now = loop_now(e->loop);
	uint32_t h, next;

	for (h = e->macs.frozen; h; h = next) {
		const struct mac_local *l = mac_local_of(e, mac_at(&e->macs, h));

		next = l->fnext;
		if (l->frozen_until.us && !mono_before(now, l->frozen_until))
			mac_thaw(e, h);
	}
	if (e->macs.frozen)
		loop_timer_start(e->loop, &e->macs.thaw, THAW_TICK_US);
}

/* --- for the data plane --- */

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
	loop_timer_init(&t->thaw, thaw);
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
