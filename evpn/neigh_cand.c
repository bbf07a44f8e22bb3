/* SPDX-License-Identifier: ISC */
/* An address's remote candidates: which of them stands for the remote binding. */
#include "config.h"

#include "evpn/neigh_priv.h"

#include "lib/util.h"

static void
take(struct evpn *e, uint32_t h, uint32_t imp, const struct cand *c)
{
	struct neigh *n = neigh_at(&e->neighs, h);
	uint16_t router = c->flags & CAND_ROUTER ? NEIGH_RROUTER : 0;
	uint32_t mac = obj_handle(import_imp(&e->import, imp)->obj);
	uint32_t old = neigh_remote_mac(e, n);
	bool again = (n->flags & NEIGH_RROUTER) != router || old != mac;

	n->best = imp;
	n->flags = (uint16_t)((n->flags & ~(NEIGH_RROUTER | NEIGH_LNEWER)) | router |
			      (old && old != mac ? NEIGH_RMOVED : 0));
	neigh_settle(e, h, again);
	if (again)
		prober_lost_mac(e, h, mac);
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
		n->flags &= (uint16_t)~NEIGH_RROUTER;
		neigh_settle(e, h, false);
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
