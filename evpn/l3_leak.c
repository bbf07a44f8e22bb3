/* SPDX-License-Identifier: ISC */
/* Prefixes of one VRF of this machine in another one (`import vrf`): a route to the other's device. */
#include "config.h"

#include <string.h>

#include "evpn/core.h"

/* --- who takes from whom --- */

static bool
imports_from(const struct vrf *v, const struct vrf *from, bool v6)
{
	const struct vrf_af_conf *af = v->conf ? &v->conf->af[v6] : NULL;
	size_t i;

	for (i = 0; af && i < af->nimport_vrfs && v != from; i++)
		if (strcmp(af->import_vrfs[i], from->name) == 0)
			return true;
	return false;
}

/* Its own record of somebody else's route, 0 none. */
static uint32_t
own_local(const struct evpn *e, const struct vrf *v, struct prefix q)
{
	uint32_t h = l3_find(e, v, q);
	const struct l3_prefix *p = h ? l3_at(&e->l3, h) : NULL;

	return p && !(p->flags & PFX_LEAK) ? p->local : 0;
}

/* The first VRF of the configuration's list that has the prefix, and may give it. */
static const struct vrf *
source_of(struct evpn *e, const struct vrf *v, struct prefix q, uint32_t *local)
{
	const struct vrf_af_conf *af = v->conf ? &v->conf->af[q.ip.len == 16] : NULL;
	size_t i;

	for (i = 0; af && i < af->nimport_vrfs; i++) {
		const struct vrf *from = vrf_find(e, af->import_vrfs[i]);

		*local = from && from != v ? own_local(e, from, q) : 0;
		if (*local && !(q.plen && ip_is_linklocal(q.ip)) &&
		    l3_imports(e, v, q, l3_local_at(&e->l3, *local), from))
			return from;
	}
	return NULL;
}

/* --- carrying it out --- */

static void
take(struct evpn *e, struct vrf *v, struct prefix q, const struct vrf *from,
    uint32_t local)
{
	uint32_t h = l3_get(e, v, q);
	struct l3_prefix *p = l3_at(&e->l3, h);

	if (!p->local || l3_local_at(&e->l3, p->local)->from != from->id)
		l3_touch(e, p);
	if (!p->local)
		p->local = slab_alloc(&e->l3.locals);
	*l3_local_at(&e->l3, p->local) = *l3_local_at(&e->l3, local);
	l3_local_at(&e->l3, p->local)->from = from->id;
	p->flags |= PFX_LEAK;
	l3_export(e, h);
	l3_decide(e, h);
	fib_want(e, obj_ref(ZL_KIND_ROUTE, h));
}

/* Brings what the VRF has of the prefix in line with the others. */
static void
update(struct evpn *e, struct vrf *v, struct prefix q)
{
	uint32_t h = l3_find(e, v, q), local = 0;
	const struct l3_prefix *p = h ? l3_at(&e->l3, h) : NULL;
	const struct vrf *from;

	if (p && p->local && !(p->flags & PFX_LEAK)) /* its own is better */
		return;
	from = source_of(e, v, q, &local);
	if (from)
		take(e, v, q, from, local);
	else if (p && p->local)
		l3_local_forget(e, h);
}

void
l3_leak(struct evpn *e, struct vrf *v, struct prefix q)
{
	size_t i;

	if (e->closing)
		return;
	update(e, v, q);
	for (i = 0; i < e->vrfs.n; i++)
		if (imports_from(e->vrfs.order[i], v, q.ip.len == 16))
			update(e, e->vrfs.order[i], q);
}

void
l3_leak_ident(struct evpn *e, struct vrf *v)
{
	size_t i;

	for (i = 0; i < e->vrfs.n; i++)
		if (imports_from(e->vrfs.order[i], v, false) ||
		    imports_from(e->vrfs.order[i], v, true))
			vrf_job(e, e->vrfs.order[i], VRF_JOB_EXPORT);
}
