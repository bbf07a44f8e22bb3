/* SPDX-License-Identifier: ISC */
/* Who holds an address: its local or its remote binding, and how often that changed. */
#include "config.h"

#include "evpn/neigh_priv.h"

#include "evpn/news.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.neigh");
COUNTER(neigh_moved);
COUNTER(neigh_duplicate);

#define THAW_TICK_US MONO_SEC(1)

/* Its local binding stands by itself: the MAC is here. */
static bool
local_stands(const struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_local_of(e, n);

	return l && mac_wins_local(mac_at(&e->macs, l->mac));
}

/* Two MACs claim it, and both may have it.  The remote claim is in *c. */
static bool
contested(struct evpn *e, const struct neigh *n, struct cand *c)
{
	return local_stands(e, n) && n->best &&
	       neigh_remote_mac(e, n) != neigh_local_of(e, n)->mac &&
	       !(n->flags & NEIGH_LSVI) &&
	       import_cand(e, import_imp(&e->import, n->best), c);
}

/* RFC 9721 7: the address follows the MAC route with the higher number. */
static bool
higher(const struct evpn *e, const struct neigh *n, const struct cand *c)
{
	uint32_t seq = mac_seq(e, mac_at(&e->macs, neigh_local_of(e, n)->mac));

	if (seq != c->seq)
		return seq > c->seq;
	return ip_cmp(evpn_ip(e, c->vtep), obj_evi(e, &n->obj)->obs.local) >= 0;
}

const struct dup *
neigh_dup(const struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_side(e, n);

	return l && l->moved
		   ? &((struct neigh_moved *)slab_ptr(&e->neighs.moved, l->moved))->dup
		   : NULL;
}

static bool
frozen(const struct evpn *e, const struct neigh *n)
{
	const struct dup *d = neigh_dup(e, n);

	return d && d->frozen;
}

static bool
duplicate(const struct evpn *e, const struct neigh *n)
{
	const struct dup *d = neigh_dup(e, n);

	return d && d->duplicate;
}

bool
neigh_wins_local(struct evpn *e, const struct neigh *n)
{
	struct cand c;

	if (!contested(e, n, &c))
		return local_stands(e, n);
	if (n->flags & NEIGH_LSTATIC) /* what the operator wrote stands */
		return true;
	return frozen(e, n) ? n->flags & NEIGH_LWON : higher(e, n, &c);
}

bool
neigh_is_here(struct evpn *e, const struct neigh *n)
{
	uint32_t rmac = neigh_remote_mac(e, n);

	return (rmac && mac_wins_local(mac_at(&e->macs, rmac))) || neigh_wins_local(e, n);
}

/* --- moves between MACs --- */

static void
warn(struct evpn *e, const struct neigh *n, uint32_t other, bool froze)
{
	char ip[IP_STRLEN], mac[MAC_STRLEN], omac[MAC_STRLEN];

	COUNT(neigh_duplicate);
	ip_format(neigh_ip(n), ip);
	mac_format(mac_at(&e->macs, neigh_local_of(e, n)->mac)->addr, mac);
	mac_format(mac_at(&e->macs, other)->addr, omac);
	log_warn_rl(&e->neighs.rl,
	    "VNI %u: address %s: duplicate, here with MAC %s, %s with %s%s (%u moves "
	    "in %u s)",
	    obj_evi(e, &n->obj)->vni, ip, mac,
	    other == neigh_remote_mac(e, n) ? "elsewhere" : "and", omac,
	    froze ? ", frozen" : "", e->conf->dad_max_moves, e->conf->dad_time);
	news_duplicate_ip(e, obj_evi(e, &n->obj)->vni, neigh_ip(n),
	    mac_at(&e->macs, neigh_local_of(e, n)->mac)->addr, froze);
}

/* Between its present MAC and another one.  True if it may move; false if it froze by this one. */
static bool
count_move(struct evpn *e, uint32_t h, struct neigh *n, uint32_t other)
{
	struct neigh_local *l = neigh_side(e, n);
	struct neigh_table *t = &e->neighs;
	struct neigh_moved *m;
	enum dup_verdict v;
	struct dup_conf c;

	COUNT(neigh_moved);
	mac_dup_conf(e, &c);
	if (!c.dad)
		return true;
	if (!l->moved) {
		l->moved = slab_alloc(&t->moved);
		((struct neigh_moved *)slab_ptr(&t->moved, l->moved))->neigh = h;
	}
	m = slab_ptr(&t->moved, l->moved);
	v = dup_move(&m->dup, &c, loop_now(e->loop));
	if (v == DUP_NO)
		return true;
	warn(e, n, other, v == DUP_FROZE);
	if (v != DUP_FROZE)
		return true;
	m->fnext = t->frozen;
	t->frozen = l->moved;
	if (!loop_timer_running(&t->thaw))
		loop_timer_start(e->loop, &t->thaw, THAW_TICK_US);
	return false;
}

bool
neigh_may_rebind(struct evpn *e, uint32_t h, uint32_t mac, const struct zl_neigh *z)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	struct neigh_moved *m;

	if (!local_stands(e, n) || !mac_wins_local(mac_at(&e->macs, mac)) ||
	    z->flags & (ZL_NEIGH_STATIC | ZL_NEIGH_SVI | ZL_NEIGH_GATEWAY) ||
	    n->flags & (NEIGH_LSTATIC | NEIGH_LSVI))
		return true;
	if (!frozen(e, n) && count_move(e, h, n, mac))
		return true;
	m = slab_ptr(&e->neighs.moved, neigh_side(e, n)->moved);
	m->refused = z->mac;
	m->refused_flags = z->flags;
	return false;
}

void
neigh_not_refused(struct evpn *e, const struct neigh *n)
{
	const struct neigh_local *l = neigh_side(e, n);

	if (l && l->moved)
		((struct neigh_moved *)slab_ptr(&e->neighs.moved, l->moved))->refused =
		    (struct mac){ { 0 } };
}

/* Two MACs claim it: counts a move, and gives the local MAC the number that its claim needs. */
static void
contest(struct evpn *e, uint32_t h, struct neigh *n)
{
	bool won = n->flags & NEIGH_LWON, wins, claims;
	struct cand c;

	if (frozen(e, n) || !contested(e, n, &c))
		return;
	/* Learnt here over a remote binding: one above its number (RFC 9721 7). */
	claims = n->flags & NEIGH_LNEWER && c.seq < UINT32_MAX;
	wins = claims || n->flags & NEIGH_LSTATIC || higher(e, n, &c);
	if (wins != won && !(n->flags & NEIGH_LSTATIC) &&
	    !count_move(e, h, n, neigh_remote_mac(e, n)))
		return;
	n->flags = (uint16_t)((n->flags & ~NEIGH_LWON) | (wins ? NEIGH_LWON : 0));
	if (claims)
		mac_raise(e, neigh_local_of(e, n)->mac, c.seq + 1);
}

/* --- carried out --- */

void
neigh_settle(struct evpn *e, uint32_t h, bool again)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	uint32_t ref = obj_ref(ZL_KIND_NEIGH, h), rmac = neigh_remote_mac(e, n);
	bool was = n->flags & NEIGH_EXPORTED, wins, lost;

	contest(e, h, n);
	wins = neigh_wins_local(e, n);
	n->flags = (uint16_t)((n->flags & ~NEIGH_LWON) | (wins ? NEIGH_LWON : 0));
	export_neigh(e, h);
	lost = was && !wins && rmac && local_stands(e, n);
	if (lost)
		n->flags |= NEIGH_RMOVED;
	if (wins || !rmac || mac_wins_local(mac_at(&e->macs, rmac)))
		fib_unwant(e, ref);
	else if (again || !(n->obj.bits & FIB_WANTED))
		fib_want(e, ref);
	l3_host_changed(e, obj_evi(e, &n->obj), neigh_ip(n));
	/* It went to another MAC: is that one alone with it?  Of a duplicate it is known. */
	if (lost && !duplicate(e, n))
		prober_call(e, h);
}

void
neigh_decide(struct evpn *e, uint32_t h)
{
	neigh_settle(e, h, false);
}

static void
mac_changed(struct evpn *e, uint32_t mac)
{
	uint32_t h, i;

	for (h = mac_at(&e->macs, mac)->neighs; h;
	     h = neigh_local_of(e, neigh_at(&e->neighs, h))->next)
		neigh_settle(e, h, false);
	for (i = mac_at(&e->macs, mac)->imps; i; i = import_imp(&e->import, i)->onext) {
		h = import_imp(&e->import, i)->neigh;
		if (h && neigh_at(&e->neighs, h)->best == i)
			neigh_settle(e, h, false);
	}
}

void
neigh_mac_changed(struct evpn *e, uint32_t mac)
{
	struct neigh_table *t = &e->neighs;
	uint32_t outer = t->changing;

	/* An address may raise its MAC's number and so bring us here again: once more
	 * afterwards is enough, however many do. */
	if (outer == mac) {
		t->again = true;
		return;
	}
	t->changing = mac;
	do {
		t->again = false;
		mac_changed(e, mac);
	} while (t->again);
	t->changing = outer;
	t->again = outer != 0;
}

/* --- thaw --- */

bool
neigh_thaw(struct evpn *e, uint32_t h)
{
	struct neigh_table *t = &e->neighs;
	const struct neigh_local *l = neigh_side(e, neigh_at(t, h));
	uint32_t *link = &t->frozen;
	struct neigh_moved *m;
	struct zl_neigh late = { .op = ZL_SET };
	bool was;

	if (!l || !l->moved)
		return false;
	m = slab_ptr(&t->moved, l->moved);
	was = m->dup.duplicate;
	late.ip = neigh_ip(neigh_at(t, h));
	late.mac = m->refused;
	late.flags = m->refused_flags;
	m->refused = (struct mac){ { 0 } };
	if (m->dup.frozen) {
		while (*link != l->moved)
			link = &((struct neigh_moved *)slab_ptr(&t->moved, *link))->fnext;
		*link = m->fnext;
		m->fnext = 0;
	}
	dup_clear(&m->dup);
	neigh_settle(e, h, true);
	/* What another MAC here said meanwhile is heard now. */
	if (!mac_is_zero(late.mac))
		neigh_local_set(e, obj_evi(e, &neigh_at(t, h)->obj), &late);
	neigh_release(e, h);
	return was;
}

void
neigh_thaw_tick(struct loop_timer *timer)
{
	struct evpn *e = container_of(timer, struct evpn, neighs.thaw);
	struct neigh_table *t = &e->neighs;
	struct mono now = loop_now(e->loop);
	uint32_t i, next;

	for (i = t->frozen; i; i = next) {
		const struct neigh_moved *m = slab_ptr(&t->moved, i);

		next = m->fnext;
		/* By time, or as only one still claims it. */
		if (dup_thaws(&m->dup, now) ||
		    (!mac_is_zero(m->refused) && !local_stands(e, neigh_at(t, m->neigh))))
			neigh_thaw(e, m->neigh);
	}
	if (t->frozen)
		loop_timer_start(e->loop, timer, THAW_TICK_US);
}
