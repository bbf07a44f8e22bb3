/* SPDX-License-Identifier: ISC */
/* Where a MAC is: the table's facts into mobility's step, its actions out. */
#include "config.h"

#include "evpn/mac_priv.h"

#include "evpn/news.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn.mac");
COUNTER(mac_moved);
COUNTER(mac_duplicate);
COUNTER(mac_sticky_conflict);

#define THAW_TICK_US MONO_SEC(1)

uint8_t
mac_local_flags(uint8_t flags)
{
	/* What the machine itself answers for never goes elsewhere, whatever others say. */
	return (uint8_t)((flags & MAC_LSTATIC ? MOB_STATIC : 0) |
			 (flags & MAC_LSTICKY ? MOB_STICKY : 0) |
			 (flags & MAC_LSVI ? MOB_OWN : 0));
}

uint8_t
mac_remote_flags(const struct evpn *e, const struct macent *m)
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
		.lflags = mac_local_flags(m->flags),
		.rflags = mac_remote_flags(e, m),
		.rseq = m->rseq };
	if (!l)
		return;
	b->lseq = l->lseq;
	b->local_newer = l->local_newer;
	b->dup = l->dup;
}

static void
save(struct evpn *e, struct macent *m, const struct mobility *b)
{
	struct mac_local *l = mac_local_of(e, m);

	m->state = b->state;
	if (!l)
		return;
	l->lseq = b->lseq;
	l->local_newer = b->local_newer;
	l->dup = b->dup;
}

void
mac_dup_conf(const struct evpn *e, struct dup_conf *c)
{
	*c = (struct dup_conf){ .dad = e->conf->dad_enabled,
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
	if (a & MOB_WARN_DUPLICATE)
		news_duplicate(e, h);
	if (a & MOB_MOVED) {
		COUNT(mac_moved);
		news_moved(e, h);
	}
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

void
mac_step(struct evpn *e, uint32_t h, const struct mob_event *ev, bool again)
{
	struct macent *m = mac_at(&e->macs, h);
	bool was_local = mac_wins_local(m);
	struct mobility b;
	struct dup_conf c;
	unsigned a;

	load(e, m, &b);
	mac_dup_conf(e, &c);
	a = mob_step(&b, ev, &c, loop_now(e->loop));
	save(e, m, &b);
	if (was_local != mac_wins_local(m))
		obj_evi(e, &m->obj)->nlocal_macs += was_local ? -1u : 1u;
	act(e, h, a, again);
	if (was_local != mac_wins_local(m))
		prober_mac_moved(e, h);
}

void
mac_raise(struct evpn *e, uint32_t h, uint32_t seq)
{
	mac_step(e, h, &(struct mob_event){ .type = MOB_EV_RAISE, .seq = seq }, false);
}

/* --- freezing --- */

void
mac_thaw(struct evpn *e, uint32_t h)
{
	struct mac_local *l = mac_local_of(e, mac_at(&e->macs, h));
	uint32_t *link = &e->macs.frozen;

	if (!l)
		return;
	if (l->dup.frozen) {
		while (*link != h)
			link = &mac_local_of(e, mac_at(&e->macs, *link))->fnext;
		*link = l->fnext;
		l->fnext = 0;
	}
	mac_step(e, h, &(struct mob_event){ .type = MOB_EV_THAW }, true);
	mac_release(e, h);
}

void
mac_thaw_tick(struct loop_timer *t)
{
	struct evpn *e = container_of(t, struct evpn, macs.thaw);
	struct mono now = loop_now(e->loop);
	uint32_t h, next;

	for (h = e->macs.frozen; h; h = next) {
		const struct mac_local *l = mac_local_of(e, mac_at(&e->macs, h));

		next = l->fnext;
		if (dup_thaws(&l->dup, now))
			mac_thaw(e, h);
	}
	if (e->macs.frozen)
		loop_timer_start(e->loop, &e->macs.thaw, THAW_TICK_US);
}
