/* SPDX-License-Identifier: ISC */
/* The fake kernel: its tables, what hosts and operators do to them, and how they read. */
#include "config.h"

#include "tests/sim/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "tests/sim/kernel_priv.h"

/* --- tables: small arrays, looked through --- */

struct zl_vni *
k_vni_find(const struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = 0; i < k->nvnis; i++)
		if (k->vnis[i].vni == vni)
			return &k->vnis[i];
	return NULL;
}

bool
k_vni_up(const struct kernel *k, uint32_t vni)
{
	const struct zl_vni *v = k_vni_find(k, vni);

	return v && v->flags & ZL_VNI_UP;
}

struct k_fdb *
k_fdb_find(const struct kernel *k, uint32_t vni, struct mac mac)
{
	size_t i;

	for (i = 0; i < k->nfdb; i++)
		if (k->fdb[i].vni == vni && mac_equal(k->fdb[i].mac, mac))
			return &k->fdb[i];
	return NULL;
}

const struct k_fdb *
kernel_fdb_find(const struct kernel *k, uint32_t vni, struct mac mac)
{
	return k_fdb_find(k, vni, mac);
}

struct k_fdb *
k_fdb_get(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = k_fdb_find(k, vni, mac);

	if (f)
		return f;
	k->fdb = xrealloc(k->fdb, (k->nfdb + 1) * sizeof *k->fdb);
	f = &k->fdb[k->nfdb++];
	*f = (struct k_fdb){ .vni = vni, .mac = mac };
	return f;
}

void
k_fdb_remove(struct kernel *k, struct k_fdb *f)
{
	*f = k->fdb[--k->nfdb];
}

struct k_neigh *
k_neigh_find(const struct kernel *k, uint32_t vni, struct ip ip)
{
	size_t i;

	for (i = 0; i < k->nneigh; i++)
		if (k->neigh[i].vni == vni && ip_equal(k->neigh[i].ip, ip))
			return &k->neigh[i];
	return NULL;
}

const struct k_neigh *
kernel_neigh_find(const struct kernel *k, uint32_t vni, struct ip ip)
{
	return k_neigh_find(k, vni, ip);
}

struct k_neigh *
k_neigh_get(struct kernel *k, uint32_t vni, struct ip ip)
{
	struct k_neigh *n = k_neigh_find(k, vni, ip);

	if (n)
		return n;
	k->neigh = xrealloc(k->neigh, (k->nneigh + 1) * sizeof *k->neigh);
	n = &k->neigh[k->nneigh++];
	*n = (struct k_neigh){ .vni = vni, .ip = ip };
	return n;
}

struct k_flood *
k_flood_find(const struct kernel *k, uint32_t vni, struct ip vtep)
{
	size_t i;

	for (i = 0; i < k->nflood; i++)
		if (k->flood[i].vni == vni && ip_equal(k->flood[i].vtep, vtep))
			return &k->flood[i];
	return NULL;
}

bool
kernel_floods_to(const struct kernel *k, uint32_t vni, struct ip vtep)
{
	return k_flood_find(k, vni, vtep) != NULL;
}

/* --- traffic --- */

void
kernel_frame(struct kernel *k, uint32_t vni, struct mac src, uint32_t port)
{
	struct k_fdb *f;

	if (!k_vni_up(k, vni))
		return;
	f = k_fdb_get(k, vni, src);
	if (f->owner == K_OPERATOR || (f->owner == K_OURS && f->sticky))
		return;
	if (f->owner == K_LEARNT && f->port == port)
		return;
	*f = (struct k_fdb){ .vni = vni, .mac = src, .owner = K_LEARNT, .port = port };
	k_say_mac(k, f, ZL_SET);
}

void
kernel_age(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = k_fdb_find(k, vni, mac);

	if (!f || f->owner != K_LEARNT)
		return;
	k_say_mac(k, f, ZL_DEL);
	k_fdb_remove(k, f);
}

/* NUD_NOARP and NUD_PERMANENT entries stay, but for what zebra-lite does about its own. */
static bool
arp_may_change(const struct kernel *k, const struct k_neigh *n, struct mac mac)
{
	const struct k_fdb *f;

	if (n->owner != K_OURS)
		return n->owner != K_OPERATOR;
	f = k_fdb_find(k, n->vni, mac);
	return f && (f->owner == K_LEARNT || f->owner == K_OPERATOR) && !f->gateway &&
	       !mac_equal(n->mac, mac);
}

void
kernel_arp(struct kernel *k, uint32_t vni, struct ip ip, struct mac mac)
{
	const struct zl_vni *v = k_vni_find(k, vni);
	struct zl_want lost = { .kind = ZL_KIND_NEIGH, .vni = vni, .ip = ip };
	struct k_neigh *n;
	bool ours;

	if (!k_vni_up(k, vni) || v->svi_ifindex == 0)
		return;
	n = k_neigh_get(k, vni, ip);
	if (!arp_may_change(k, n, mac))
		return;
	if (n->owner == K_LEARNT && mac_equal(n->mac, mac) && !n->unsure)
		return;
	ours = n->owner == K_OURS;
	lost.mac = n->mac;
	n->owner = K_LEARNT;
	n->unsure = n->stale = n->router = false;
	n->mac = mac;
	k_say_neigh(k, n, ZL_SET);
	if (ours)
		k_say_lost(k, &lost);
}

void
kernel_stale(struct kernel *k, uint32_t vni, struct ip ip)
{
	struct k_neigh *n = k_neigh_find(k, vni, ip);

	if (!n || n->owner != K_LEARNT || n->unsure)
		return;
	n->unsure = true;
	k_say_neigh(k, n, ZL_SET);
}

/* --- the operator --- */

struct zl_vni
kernel_vni_of(uint32_t vni, struct ip local)
{
	struct zl_vni v = { .vni = vni,
		.flags = ZL_VNI_UP,
		.local = local,
		.vxlan_ifindex = 1000 + vni,
		.bridge_ifindex = 2000 + vni,
		.svi_ifindex = 2000 + vni,
		.dstport = 4789 };

	snprintf(v.vxlan, sizeof v.vxlan, "vxlan%u", vni);
	snprintf(v.bridge, sizeof v.bridge, "br%u", vni);
	snprintf(v.svi, sizeof v.svi, "br%u", vni);
	v.svi_mac =
	    (struct mac){ { 0x02, 0xff, 0, 0, (uint8_t)(vni >> 8), (uint8_t)vni } };
	return v;
}

/* A bridge port that goes down takes what it learnt along. */
static void
flush_learnt(struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].vni == vni && k->fdb[i].owner == K_LEARNT)
			k_fdb_remove(k, &k->fdb[i]);
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].vni == vni && k->neigh[i].owner == K_LEARNT)
			k->neigh[i] = k->neigh[--k->nneigh];
}

/* Learnt and operator's entries of one VNI. */
void
k_say_locals(struct kernel *k, uint32_t vni)
{
	size_t i;

	for (i = 0; i < k->nfdb; i++)
		if (k->fdb[i].vni == vni && k->fdb[i].owner != K_OURS)
			k_say_mac(k, &k->fdb[i], ZL_SET);
	for (i = 0; i < k->nneigh; i++)
		if (k->neigh[i].vni == vni && k->neigh[i].owner != K_OURS)
			k_say_neigh(k, &k->neigh[i], ZL_SET);
}

void
kernel_vni(struct kernel *k, const struct zl_vni *v)
{
	struct zl_vni *have = k_vni_find(k, v->vni);
	bool was_up = have && have->flags & ZL_VNI_UP;

	if (!have) {
		k->vnis = xrealloc(k->vnis, (k->nvnis + 1) * sizeof *k->vnis);
		have = &k->vnis[k->nvnis++];
	}
	*have = *v;
	if (was_up && !(v->flags & ZL_VNI_UP))
		flush_learnt(k, v->vni);
	if (!(v->flags & ZL_VNI_UP) || v->svi_ifindex == 0)
		k_l3_vni_down(k, v->vni);
	k_say_vni(k, v);
	if (!was_up && v->flags & ZL_VNI_UP)
		k_say_locals(k, v->vni);
}

void
kernel_vni_gone(struct kernel *k, uint32_t vni)
{
	struct zl_vni *have = k_vni_find(k, vni),
		      gone = { .vni = vni, .flags = ZL_VNI_GONE };
	size_t i;

	if (!have)
		return;
	for (i = k->nfdb; i-- > 0;)
		if (k->fdb[i].vni == vni)
			k_fdb_remove(k, &k->fdb[i]);
	for (i = k->nneigh; i-- > 0;)
		if (k->neigh[i].vni == vni)
			k->neigh[i] = k->neigh[--k->nneigh];
	for (i = k->nflood; i-- > 0;)
		if (k->flood[i].vni == vni)
			k->flood[i] = k->flood[--k->nflood];
	*have = k->vnis[--k->nvnis];
	k_l3_vni_down(k, vni);
	k_say_vni(k, &gone);
}

void
kernel_static(struct kernel *k, uint32_t vni, struct mac mac, uint32_t port, bool sticky)
{
	struct k_fdb *f = k_fdb_get(k, vni, mac);
	struct zl_want lost = {
		.kind = ZL_KIND_MAC, .vni = vni, .mac = mac, .vtep = f->vtep
	};
	bool ours = f->owner == K_OURS;

	*f = (struct k_fdb){ .vni = vni,
		.mac = mac,
		.owner = K_OPERATOR,
		.port = port,
		.sticky = sticky };
	if (ours)
		k_say_lost(k, &lost);
	k_say_mac(k, f, ZL_SET);
}

void
kernel_fdb_del(struct kernel *k, uint32_t vni, struct mac mac)
{
	struct k_fdb *f = k_fdb_find(k, vni, mac);
	struct zl_want lost = { .kind = ZL_KIND_MAC, .vni = vni, .mac = mac };

	if (!f)
		return;
	lost.vtep = f->vtep;
	if (f->owner == K_OURS)
		k_say_lost(k, &lost);
	else
		k_say_mac(k, f, ZL_DEL);
	k_fdb_remove(k, f);
}

void
kernel_neigh_static(
    struct kernel *k, uint32_t vni, struct ip ip, struct mac mac, bool svi)
{
	struct k_neigh *n = k_neigh_get(k, vni, ip);
	struct zl_want lost = {
		.kind = ZL_KIND_NEIGH, .vni = vni, .ip = ip, .mac = n->mac
	};
	bool ours = n->owner == K_OURS;

	*n = (struct k_neigh){
		.vni = vni, .ip = ip, .owner = K_OPERATOR, .mac = mac, .svi = svi
	};
	if (ours)
		k_say_lost(k, &lost);
	k_say_neigh(k, n, ZL_SET);
}

void
kernel_gateway(struct kernel *k, uint32_t vni, struct ip ip, struct mac mac)
{
	struct k_fdb *f = k_fdb_get(k, vni, mac);
	struct k_neigh *n = k_neigh_get(k, vni, ip);

	*f = (struct k_fdb){
		.vni = vni, .mac = mac, .owner = K_OPERATOR, .port = 9, .gateway = true
	};
	*n = (struct k_neigh){ .vni = vni,
		.ip = ip,
		.owner = K_OPERATOR,
		.mac = mac,
		.svi = true,
		.gateway = true };
	k_say_mac(k, f, ZL_SET);
	k_say_neigh(k, n, ZL_SET);
}

void
kernel_neigh_del(struct kernel *k, uint32_t vni, struct ip ip)
{
	struct k_neigh *n = k_neigh_find(k, vni, ip);
	struct zl_want lost = { .kind = ZL_KIND_NEIGH, .vni = vni, .ip = ip };

	if (!n)
		return;
	lost.mac = n->mac;
	if (n->owner == K_OURS)
		k_say_lost(k, &lost);
	else
		k_say_neigh(k, n, ZL_DEL);
	*n = k->neigh[--k->nneigh];
}

/* --- text --- */

static int
cmp_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *
fdb_line(const struct k_fdb *f)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN], where[64];

	if (f->owner == K_OURS)
		snprintf(where, sizeof where, "via %s%s", ip_format(f->vtep, ip),
		    f->sticky ? " sticky" : "");
	else
		snprintf(where, sizeof where, "port p%u%s%s", f->port,
		    f->gateway		     ? " gateway"
		    : f->owner == K_OPERATOR ? " static"
					     : "",
		    f->sticky ? " sticky" : "");
	return xasprintf("fdb %u %s %s%s\n", f->vni, mac_format(f->mac, mac), where,
	    f->stale ? " stale" : "");
}

static char *
neigh_line(const struct k_neigh *n)
{
	static const char *const owners[] = { "", "learnt", "static", "remote" };
	char mac[MAC_STRLEN], ip[IP_STRLEN];

	return xasprintf("neigh %u %s %s %s%s\n", n->vni, ip_format(n->ip, ip),
	    mac_format(n->mac, mac),
	    n->gateway ? "gateway"
	    : n->svi   ? "svi"
		       : owners[n->owner],
	    n->stale ? " stale" : "");
}

void
kernel_dump(const struct kernel *k, struct strbuf *out)
{
	size_t n = k->nfdb + k->nneigh + k->nflood + k->nroutes, i, at = 0;
	char **lines = xcalloc(n + 1, sizeof *lines), ip[IP_STRLEN];

	for (i = 0; i < k->nfdb; i++)
		lines[at++] = fdb_line(&k->fdb[i]);
	for (i = 0; i < k->nneigh; i++)
		lines[at++] = neigh_line(&k->neigh[i]);
	for (i = 0; i < k->nflood; i++)
		lines[at++] = xasprintf("flood %u %s%s\n", k->flood[i].vni,
		    ip_format(k->flood[i].vtep, ip), k->flood[i].stale ? " stale" : "");
	at += k_l3_lines(k, lines + at);
	n = at;
	qsort(lines, n, sizeof *lines, cmp_line);
	for (i = 0; i < n; i++) {
		strbuf_put(out, lines[i]);
		free(lines[i]);
	}
	free(lines);
}
