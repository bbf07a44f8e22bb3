/* SPDX-License-Identifier: ISC */
/* zebra-lite/gateway.c: local bridge entries for gateways. */
#include "config.h"

#include "zebra-lite/gateway.h"

#include <errno.h>
#include <linux/if.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("zl.gateway");
COUNTER(gateway_entries_written);

static bool on_check(struct loop_work *w);

void
gateways_init(struct gateways *g, struct loop *l, struct nl *nl, struct iface *iface,
    struct observe *obs)
{
	memset(g, 0, sizeof *g);
	g->loop = l;
	g->nl = nl;
	g->iface = iface;
	g->obs = obs;
	slab_init(&g->slab, "gateway", sizeof(struct gateway));
	hidx_init(&g->index);
	nl_batch_init(&g->batch);
	loop_work_init(&g->check, LOOP_PRIO_DECIDE, on_check);
}

void
gateways_fini(struct gateways *g)
{
	loop_work_cancel(&g->check);
	nl_batch_fini(&g->batch);
	hidx_fini(&g->index);
	slab_fini(&g->slab);
}

/* The table. */

static struct gateway *
ptr(const struct gateways *g, uint32_t h)
{
	return slab_ptr(&g->slab, h);
}

static uint32_t
key_hash(uint32_t bridge, uint16_t vid, struct mac mac)
{
	uint8_t k[12];

	memcpy(k, &bridge, 4);
	memcpy(k + 4, &vid, 2);
	memcpy(k + 6, mac.b, 6);
	return hash32(k, sizeof k);
}

static uint32_t
find(const struct gateways *g, uint32_t bridge, uint16_t vid, struct mac mac)
{
	struct hidx_it it = hidx_first(&g->index, key_hash(bridge, vid, mac));
	uint32_t h;

	while ((h = hidx_next(&it)) != 0) {
		const struct gateway *p = ptr(g, h);

		if (p->bridge == bridge && p->vid == vid && mac_equal(p->mac, mac))
			return h;
	}
	return 0;
}

static struct gateway *
get(struct gateways *g, uint32_t bridge, uint16_t vid, struct mac mac)
{
	uint32_t h = find(g, bridge, vid, mac);

	if (h)
		return ptr(g, h);
	h = slab_alloc(&g->slab);
	*ptr(g, h) = (struct gateway){ .bridge = bridge, .vid = vid, .mac = mac };
	hidx_insert(&g->index, key_hash(bridge, vid, mac), h);
	return ptr(g, h);
}

static void
release(struct gateways *g, uint32_t h)
{
	const struct gateway *p = ptr(g, h);

	hidx_remove(&g->index, key_hash(p->bridge, p->vid, p->mac), h);
	slab_free(&g->slab, h);
}

/* What is a gateway. */

static void
want(struct gateways *g, const struct zl_vni *z, const struct nl_link *l)
{
	struct gateway *p;

	if (mac_is_zero(l->mac))
		return;
	p = get(g, z->bridge_ifindex, z->vid, l->mac);
	p->wanted = true;
	p->ifindex = l->ifindex;
	p->macvlan = l->kind == NL_KIND_MACVLAN;
}

static void
want_of_link(struct gateways *g, const struct nl_link *l)
{
	uint32_t svi, vni;
	const struct iface_vni *v;

	/* A bridge knows its own MAC. */
	if (l->kind == NL_KIND_VLAN)
		svi = l->ifindex;
	else if (l->kind == NL_KIND_MACVLAN && (l->flags & IFF_UP))
		svi = l->lower;
	else
		return;
	vni = observe_dom_vni(g->obs, OBS_SVI, svi, 0);
	v = vni == OBS_NO_VNI ? NULL : iface_find_vni(g->iface, vni);
	if (v && v->z.svi_ifindex == svi && (v->z.flags & ZL_VNI_UP))
		want(g, &v->z, l);
}

static void
say(struct gateways *g, struct gateway *p)
{
	bool is = p->wanted && p->macvlan;
	uint32_t dom;

	if (p->said == is)
		return;
	p->said = is;
	dom = is ? observe_dom(g->obs, OBS_BRIDGE, p->bridge, p->vid)
		 : observe_dom_find(g->obs, OBS_BRIDGE, p->bridge, p->vid);
	observe_gateway_mac(g->obs, dom, p->mac, p->ifindex, is);
}

void
gateways_update(struct gateways *g)
{
	for (uint32_t h = 0; (h = slab_next(&g->slab, h)) != 0;)
		ptr(g, h)->wanted = false;
	for (uint32_t h = 0; (h = slab_next(&g->iface->links, h)) != 0 && !g->removing;)
		want_of_link(g, &iface_link_ptr(g->iface, h)->l);
	for (uint32_t h = 0; (h = slab_next(&g->slab, h)) != 0;) {
		say(g, ptr(g, h));
		if (!ptr(g, h)->wanted && !ptr(g, h)->ours)
			release(g, h);
	}
	if (g->slab.live > 0)
		loop_work_queue(g->loop, &g->check);
}

/* The bridges' entries. */

static void
warn_once(struct gateway *p, const char *why)
{
	char mac[MAC_STRLEN];

	if (!p->warned)
		log_warn("gateway %s: frames to it are flooded (%s)",
		    mac_format(p->mac, mac), why);
	p->warned = true;
}

static bool
is_missing(struct gateways *g, struct gateway *p)
{
	uint32_t dom = observe_dom_find(g->obs, OBS_BRIDGE, p->bridge, p->vid);
	const struct obs_mac *m = observe_mac_find(g->obs, dom, p->mac);

	if (m && (m->o.flags & OBS_F_OWN))
		return false;
	if (m && (m->o.flags & OBS_F_FIXED)) {
		warn_once(p, "somebody's static entry leads elsewhere");
		return false;
	}
	return true;
}

static void
written(struct gateway *p, int err, const char *text)
{
	if (err) {
		warn_once(p, text[0] ? text : strerror(err));
		return;
	}
	COUNT(gateway_entries_written);
	p->ours = true;
	p->warned = false;
}

static void
removed(struct gateways *g, uint32_t h, int err)
{
	char mac[MAC_STRLEN];

	if (err && err != ENOENT && err != ENODEV)
		log_warn("gateway %s: its entry stays (%s)",
		    mac_format(ptr(g, h)->mac, mac), strerror(err));
	release(g, h);
}

/* Sends the batch; at[] are the handles that its messages are about. */
static void
flush(struct gateways *g, const uint32_t *at)
{
	nl_batch_send(g->nl, &g->batch);
	for (unsigned i = 0; i < g->batch.n; i++) {
		if (ptr(g, at[i])->wanted)
			written(
			    ptr(g, at[i]), g->batch.err[i], nl_batch_text(&g->batch, i));
		else
			removed(g, at[i], g->batch.err[i]);
	}
	nl_batch_reset(&g->batch);
}

/* A few at a time; its own writes need not be looked at again, their events are on their way. */
static bool
on_check(struct loop_work *w)
{
	struct gateways *g = container_of(w, struct gateways, check);
	uint32_t at[NL_BATCH_MAX];

	if (!g->known || !g->nl->cmd)
		return false;
	for (uint32_t h = 0; (h = slab_next(&g->slab, h)) != 0;) {
		struct gateway *p = ptr(g, h);

		if (p->wanted ? !is_missing(g, p) : !p->ours)
			continue;
		if (nl_batch_full(&g->batch))
			flush(g, at);
		at[g->batch.n] = h;
		nl_fdb_put_local(&g->batch, !p->wanted, p->bridge, p->mac, p->vid);
	}
	flush(g, at);
	return false;
}

void
gateways_dump_begin(struct gateways *g)
{
	for (uint32_t h = 0; (h = slab_next(&g->slab, h)) != 0;)
		ptr(g, h)->ours = false;
}

void
gateways_fdb(struct gateways *g, const struct nl_fdb *e)
{
	uint32_t h;

	if (e->ifindex != e->bridge)
		return;
	if (!e->del) {
		if (e->marked)
			get(g, e->bridge, e->vid, e->mac)->ours = true;
		return;
	}
	h = find(g, e->bridge, e->vid, e->mac);
	if (!h)
		return;
	ptr(g, h)->ours = false;
	if (ptr(g, h)->wanted)
		loop_work_queue(g->loop, &g->check);
	else
		release(g, h);
}

void
gateways_dumped(struct gateways *g, bool removing)
{
	g->known = true;
	g->removing = removing;
	gateways_update(g);
	if (removing)
		on_check(&g->check);
}
