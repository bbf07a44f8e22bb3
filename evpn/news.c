/* SPDX-License-Identifier: ISC */
/* News of EVPN to the one who listens; the contract is in the header. */
#include "config.h"

#include "evpn/news.h"

#include "evpn/core.h"
#include "evpn/show_priv.h"

void
evpn_on_news(struct evpn *e, void (*fn)(void *arg, const struct evpn_news *n), void *arg)
{
	e->on_news = fn;
	e->on_news_arg = arg;
}

static void
tell(const struct evpn *e, const struct evpn_news *n)
{
	e->on_news(e->on_news_arg, n);
}

void
news_vni(struct evpn *e, const struct evi *evi, bool up, const char *why)
{
	if (e->on_news)
		tell(e,
		    &(struct evpn_news){
			.kind = EVPN_NEWS_VNI, .vni = evi->vni, .up = up, .why = why });
}

void
news_vrf(struct evpn *e, const struct vrf *v, bool up, const char *why)
{
	if (e->on_news)
		tell(e, &(struct evpn_news){ .kind = EVPN_NEWS_VRF,
			    .vrf = v->name,
			    .vni = v->l3vni,
			    .up = up,
			    .why = why });
}

/* A MAC as it is now. */
static bool
look(struct evpn *e, uint32_t mac, struct evpn_news *n, struct evpn_show_mac *m)
{
	const struct macent *ent = mac_at(&e->macs, mac);

	n->vni = obj_evi(e, &ent->obj)->vni;
	n->mac = ent->addr;
	return evpn_show_mac(e, n->vni, n->mac, m);
}

void
news_moved(struct evpn *e, uint32_t mac)
{
	struct evpn_news n = { .kind = EVPN_NEWS_MOVED };
	struct evpn_show_mac m;

	if (!e->on_news || !look(e, mac, &n, &m))
		return;
	n.where = m.where;
	if (m.where == EVPN_REMOTE)
		n.vtep = m.vtep;
	n.seq = m.where == EVPN_REMOTE ? m.remote_seq : m.local_seq;
	tell(e, &n);
}

void
news_duplicate(struct evpn *e, uint32_t mac)
{
	struct evpn_news n = { .kind = EVPN_NEWS_DUPLICATE };
	struct evpn_show_mac m;

	if (!e->on_news || !look(e, mac, &n, &m))
		return;
	n.frozen = m.frozen;
	n.moves = m.moves;
	tell(e, &n);
}

void
news_duplicate_ip(struct evpn *e, uint32_t vni, struct ip ip, struct mac mac, bool frozen)
{
	if (e->on_news)
		tell(e, &(struct evpn_news){ .kind = EVPN_NEWS_DUPLICATE,
			    .vni = vni,
			    .mac = mac,
			    .ip = ip,
			    .frozen = frozen,
			    .moves = e->conf->dad_max_moves });
}

void
news_drift(struct evpn *e, uint32_t ref)
{
	struct evpn_news n = { .kind = EVPN_NEWS_DRIFT };

	if (!e->on_news)
		return;
	show_describe(e, ref, &n.obj);
	tell(e, &n);
}

void
news_failure(struct evpn *e, uint32_t ref)
{
	const struct fib_failure *f = fib_failure(e, ref);
	struct evpn_news n = { .kind = EVPN_NEWS_FAILURE };

	if (!e->on_news || !f)
		return;
	show_describe(e, ref, &n.obj);
	n.obj.error = f->error;
	n.obj.text = f->text;
	n.obj.attempts = f->attempts;
	tell(e, &n);
}
