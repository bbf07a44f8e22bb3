/* SPDX-License-Identifier: ISC */
/* The engine of EVPN: its parts put together, and the data plane's messages handed out. */
#include "config.h"

#include "evpn/evpn.h"

#include <stdlib.h>

#include "evpn/core.h"
#include "lib/log.h"
#include "lib/stats.h"
#include "lib/util.h"

LOG_MODULE("evpn");
COUNTER(evpn_dp_malformed);

static const struct evpn_conf no_conf = { 0 };

struct ip
evpn_ip(const struct evpn *e, uint32_t h)
{
	return h ? *(const struct ip *)intern_bytes(&e->ips, h, NULL) : (struct ip){ 0 };
}

/* --- what could not be understood --- */

/* A data plane that goes on with nonsense costs no more than one resync in this time. */
enum { REPAIR_SEC = 10 };

static void
repair(struct evpn *e)
{
	e->repair_due = loop_timer_running(&e->repair);
	if (e->repair_due)
		return;
	loop_timer_start(e->loop, &e->repair, MONO_SEC(REPAIR_SEC));
	fib_resync(e);
}

static void
on_repair(struct loop_timer *t)
{
	struct evpn *e = container_of(t, struct evpn, repair);

	if (e->repair_due)
		repair(e);
}

struct evpn *
evpn_new(struct loop *l, struct rib *rib, const struct evpn_dp *dp)
{
	struct evpn *e = xcalloc(1, sizeof *e);

	e->loop = l;
	e->rib = rib;
	e->attrs = rib_attrtab(rib);
	e->dp = *dp;
	e->conf = &no_conf;
	intern_init(&e->ips, "evpn VTEP addresses");
	intern_init(&e->ports, "evpn ports");
	rtindex_init(&e->rts);
	rtindex_init(&e->vrf_rts);
	vrf_table_init(e);
	evi_table_init(e);
	mac_table_init(e);
	neigh_table_init(e);
	prober_init(e);
	flood_table_init(e);
	router_table_init(e);
	hop_table_init(e);
	l3_table_init(e);
	ktables_init(e);
	fib_init(e);
	import_init(e);
	loop_timer_init(&e->repair, on_repair);
	return e;
}

void
evpn_free(struct evpn *e)
{
	if (!e)
		return;
	e->closing = true;
	loop_timer_stop(&e->repair);
	fib_fini(e);
	import_fini(e);
	vrf_table_fini(e);
	evi_table_fini(e);
	ktables_fini(e);
	l3_table_fini(e);
	hop_table_fini(e);
	router_table_fini(e);
	flood_table_fini(e);
	prober_fini(e);
	neigh_table_fini(e);
	mac_table_fini(e);
	rtindex_fini(&e->vrf_rts);
	rtindex_fini(&e->rts);
	intern_fini(&e->ports);
	intern_fini(&e->ips);
	free(e);
}

void
evpn_apply(struct evpn *e, const struct evpn_conf *conf)
{
	e->conf = conf;
	ktables_configure(e);
	vrf_refresh_all(e); /* which VNIs are instances and which are L3VNIs */
	evi_refresh_all(e);
}

void
evpn_set_router_id(struct evpn *e, uint32_t router_id)
{
	if (e->router_id == router_id)
		return;
	e->router_id = router_id;
	vrf_refresh_all(e);
	evi_refresh_all(e);
}

/* --- messages --- */

/* What was said since a beginning that never ended counts as not said. */
static void
unsee(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h;

	evi->seen = !e->epoch;
	obj_walk_begin(e, &w, evi, ZL_KIND_NEIGH);
	while ((h = obj_walk_next(e, &w)) != 0)
		neigh_at(&e->neighs, h)->flags &= (uint16_t)~NEIGH_SEEN;
	obj_walk_end(e, &w);
	obj_walk_begin(e, &w, evi, ZL_KIND_MAC);
	while ((h = obj_walk_next(e, &w)) != 0)
		mac_at(&e->macs, h)->flags &= (uint8_t)~MAC_SEEN;
	obj_walk_end(e, &w);
}

static bool
on_begin(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	size_t i;

	/* A sync still owed was for an earlier BEGIN: this one's END asks again. */
	e->fib.sync_due = false;
	e->fib.sync_epoch = rb_u32(&r);
	e->epoch = e->observing || !e->epoch;
	for (i = 0; e->observing && i < e->evis.n; i++)
		unsee(e, e->evis.order[i]);
	for (i = 0; e->observing && i < e->vrfs.n; i++)
		l3_unsee(e, e->vrfs.order[i]);
	ktables_begin(e);
	e->observing = true;
	return rb_done(&r);
}

/* What the data plane did not say again is not there any more. */
static void
forget_unseen(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h;

	obj_walk_begin(e, &w, evi, ZL_KIND_NEIGH);
	while ((h = obj_walk_next(e, &w)) != 0)
		if (!(neigh_at(&e->neighs, h)->flags & NEIGH_SEEN) == e->epoch)
			neigh_gone(e, h);
	obj_walk_end(e, &w);
	obj_walk_begin(e, &w, evi, ZL_KIND_MAC);
	while ((h = obj_walk_next(e, &w)) != 0)
		if (!(mac_at(&e->macs, h)->flags & MAC_SEEN) == e->epoch)
			mac_forget_local(e, h);
	obj_walk_end(e, &w);
}

static void
end_vrfs(struct evpn *e)
{
	char name[ZL_IFNAME] = "";
	struct vrf *v;

	while ((v = vrf_after(e, name)) != NULL) { /* it may end itself */
		memcpy(name, v->name, sizeof name);
		if (v->observed && v->seen != e->epoch) {
			vrf_unobserve(e, v);
		} else {
			l3_forget_local(e, v, true);
			vrf_job(e, v, VRF_JOB_RESEND);
		}
	}
}

static bool
on_end(struct evpn *e, const uint8_t *body, size_t len)
{
	size_t i;

	(void)body;
	if (len != 0 || !e->observing)
		return false;
	e->observing = false;
	e->said = true;
	for (i = 0; i < e->evis.n; i++) {
		struct evi *evi = e->evis.order[i];

		if (evi->observed && evi->seen != e->epoch)
			evi_unobserve(e, evi);
		forget_unseen(e, evi);
		if (evi->dp_up) /* all that is wanted is said again, then the sweep */
			evi_job(e, evi, EVI_JOB_RESEND);
	}
	ktables_end(e);
	end_vrfs(e);
	fib_sync(e);
	prober_ready(e);
	core_jobs_done(e);
	return true;
}

/* What was observed is in the RIB once no export waits: End-of-RIB may follow it. */
void
core_jobs_done(struct evpn *e)
{
	if (!evi_jobs_done(e) || !vrf_jobs_done(e))
		return;
	fib_kick(e);
	if (!e->said || e->observed)
		return;
	e->observed = true;
	if (e->on_observed)
		e->on_observed(e->on_observed_arg);
}

static bool
on_vni(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_vni v;

	while (rb_left(&r) > 0) {
		if (!zl_vni_decode(&r, &v))
			return false;
		evi_observe(e, &v);
	}
	return rb_done(&r);
}

static bool
on_mac(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_mac m;

	e->fib.heard++;
	while (rb_left(&r) > 0) {
		struct evi *evi;

		if (!zl_mac_decode(&r, &m))
			return false;
		evi = evi_find(e, m.vni);
		if (!evi) /* its VNI has gone meanwhile */
			continue;
		if (m.op == ZL_SET)
			mac_local_set(e, evi, &m);
		else
			mac_local_del(e, evi, m.mac);
	}
	return rb_done(&r);
}

static bool
on_neigh(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_neigh n;

	e->fib.heard++;
	while (rb_left(&r) > 0) {
		struct evi *evi;

		if (!zl_neigh_decode(&r, &n))
			return false;
		evi = evi_find(e, n.vni);
		if (!evi)
			continue;
		if (n.op == ZL_SET)
			neigh_local_set(e, evi, &n);
		else
			neigh_local_del(e, evi, n.ip);
	}
	return rb_done(&r);
}

static bool
on_vrf(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_vrf v;

	while (rb_left(&r) > 0) {
		if (!zl_vrf_decode(&r, &v))
			return false;
		vrf_observe(e, &v);
	}
	return rb_done(&r);
}

static bool
on_route(struct evpn *e, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_route z;

	while (rb_left(&r) > 0) {
		struct vrf *v;

		if (!zl_route_decode(&r, &z))
			return false;
		ktables_said(e, &z);
		v = vrf_by_table(e, z.table);
		if (!v) /* it has gone meanwhile, or is no VRF's */
			continue;
		if (z.op == ZL_SET)
			l3_local_set(e, v, &z);
		else
			l3_local_del(e, v, z.prefix);
	}
	return rb_done(&r);
}

bool
evpn_dp_message(struct evpn *e, uint16_t type, const uint8_t *body, size_t len)
{
	static const struct {
		uint16_t type;
		bool (*fn)(struct evpn *e, const uint8_t *body, size_t len);
	} handlers[] = {
		{ ZL_OBSERVED_BEGIN, on_begin },
		{ ZL_OBSERVED_END, on_end },
		{ ZL_VNI, on_vni },
		{ ZL_MAC, on_mac },
		{ ZL_NEIGH, on_neigh },
		{ ZL_RESULT, fib_result },
		{ ZL_LOST, fib_lost },
		{ ZL_VRF, on_vrf },
		{ ZL_ROUTE, on_route },
	};
	static struct log_rate rl;
	size_t i;

	for (i = 0; i < ARRAY_LEN(handlers); i++)
		if (handlers[i].type == type) {
			if (handlers[i].fn(e, body, len))
				return true;
			break;
		}
	COUNT(evpn_dp_malformed);
	log_warn_rl(&rl, "data plane: malformed or unexpected %s: all is asked for again",
	    zl_type_name(type));
	repair(e);
	return false;
}

void
evpn_dp_ready(struct evpn *e)
{
	ktables_ready(e);
	fib_ready(e);
	prober_ready(e);
}

void
evpn_dp_restart(struct evpn *e)
{
	size_t i;

	fib_restart(e);
	/* Nothing can be sent before the new data plane has said its VNIs. */
	for (i = 0; i < e->evis.n; i++) {
		e->evis.order[i]->obs.flags &= ~(uint32_t)ZL_VNI_UP;
		e->evis.order[i]->dp_up = false;
	}
	for (i = 0; i < e->vrfs.n; i++)
		e->vrfs.order[i]->dp_up = false;
}

void
evpn_nexthop(struct evpn *e, struct ip ip, bool reachable)
{
	router_reach(e, ip, reachable);
}

bool
evpn_observed(const struct evpn *e)
{
	return e->observed;
}

void
evpn_on_observed(struct evpn *e, void (*fn)(void *), void *arg)
{
	e->on_observed = fn;
	e->on_observed_arg = arg;
}

void
evpn_rib_ready(struct evpn *e)
{
	fib_sync_allow(e);
}

void
evpn_hold_sweep(struct evpn *e, bool hold)
{
	fib_sync_hold(e, hold);
}

bool
evpn_idle(const struct evpn *e)
{
	return import_at_end(e) && evi_jobs_done(e) && vrf_jobs_done(e) && !e->fib.head &&
	       e->fib.nframes == 0 && !e->fib.held && prober_idle(e);
}

void
evpn_resync(struct evpn *e)
{
	fib_resync(e);
}

static bool
clear_mac(struct evpn *e, uint32_t h)
{
	const struct mac_local *l = h ? mac_local_of(e, mac_at(&e->macs, h)) : NULL;

	if (!l || !l->dup.duplicate)
		return false;
	mac_thaw(e, h);
	return true;
}

static uint32_t
clear_evi(struct evpn *e, struct evi *evi)
{
	struct obj_walk w;
	uint32_t h, n = 0;

	obj_walk_begin(e, &w, evi, ZL_KIND_MAC);
	while ((h = obj_walk_next(e, &w)) != 0)
		n += clear_mac(e, h);
	obj_walk_end(e, &w);
	obj_walk_begin(e, &w, evi, ZL_KIND_NEIGH);
	while ((h = obj_walk_next(e, &w)) != 0)
		n += neigh_thaw(e, h);
	obj_walk_end(e, &w);
	return n;
}

/* Its own state, and that of the MAC that it inherits it from. */
static uint32_t
clear_ip(struct evpn *e, const struct evi *evi, struct ip ip)
{
	uint32_t h = neigh_find(e, evi->id, ip), mac, n;
	const struct neigh_local *l;
	const struct neigh *nb;

	if (!h)
		return 0;
	nb = neigh_at(&e->neighs, h);
	l = neigh_local_of(e, nb);
	mac = l && (!nb->best || neigh_wins_local(e, nb)) ? l->mac
							  : neigh_remote_mac(e, nb);
	n = clear_mac(e, mac);
	return n + neigh_thaw(e, h);
}

uint32_t
evpn_clear_duplicate(
    struct evpn *e, uint32_t vni, const struct mac *mac, const struct ip *ip)
{
	struct evi *evi = vni ? evi_find(e, vni) : NULL;
	uint32_t n = 0;
	size_t i;

	if (vni && !evi)
		return 0;
	if (evi && mac)
		return clear_mac(e, mac_find(e, evi->id, *mac));
	if (evi && ip)
		return clear_ip(e, evi, *ip);
	if (evi)
		return clear_evi(e, evi);
	for (i = 0; i < e->evis.n; i++)
		n += clear_evi(e, e->evis.order[i]);
	return n;
}
