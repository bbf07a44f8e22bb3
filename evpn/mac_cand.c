/* SPDX-License-Identifier: ISC */
/* A MAC's remote candidates: which of them stands for the remote claim. */
#include "config.h"

#include "evpn/mac_priv.h"

#define RFLAGS (MAC_RSTICKY | MAC_RGATEWAY)

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
	mac_step(e, h,
	    &(struct mob_event){
		.type = MOB_EV_REMOTE, .flags = mac_remote_flags(e, m), .seq = c->seq },
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
	mac_step(e, h, &(struct mob_event){ .type = MOB_EV_REMOTE_GONE }, false);
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
			mac_step(e, h,
			    &(struct mob_event){ .type = MOB_EV_REMOTE,
				.flags = mac_remote_flags(e, m),
				.seq = m->rseq },
			    false);
	}
	obj_walk_end(e, &w);
}

void
mac_cand_add(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct macent *m = mac_at(&e->macs, h);

	import_cand_link(e, &m->imps, imp);
	mac_cand_changed(e, h, imp);
}

void
mac_cand_del(struct evpn *e, uint32_t h, uint32_t imp)
{
	struct macent *m = mac_at(&e->macs, h);

	import_cand_unlink(e, &m->imps, imp);
	if (m->best == imp)
		choose(e, h);
	mac_release(e, h);
}
