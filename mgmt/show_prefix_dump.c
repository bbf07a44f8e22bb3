/* SPDX-License-Identifier: ISC */
/* Prefixes of a VRF in order; the contract is in the header. */
#include "config.h"

#include "mgmt/show_prefix_dump.h"

#include <string.h>

#include "lib/util.h"
#include "mgmt/show_sort.h"

/* IPv4 before IPv6, then as numbers, the shorter prefix first. */
struct key {
	uint8_t len;
	uint8_t b[16];
	uint8_t plen;
};

void
prefix_dump_begin(struct prefix_dump *d, struct evpn *e, const char *vrf)
{
	memset(d, 0, sizeof *d);
	d->evpn = e;
	strncpy(d->vrf, vrf, sizeof d->vrf - 1);
	d->keys = show_sort_new(sizeof(struct key));
	evpn_vrf_walk_begin(e, &d->walk, d->vrf, EVPN_VRF_PREFIXES);
}

bool
prefix_dump_collect(const struct show_ctx *c, struct prefix_dump *d,
    bool (*keep)(void *arg, const struct evpn_show_prefix *p), void *arg)
{
	struct evpn_show_prefix p;

	if (d->collected)
		return true;
	for (unsigned i = 1; evpn_vrf_walk_prefix(&d->walk, &p); i++) {
		struct key k = { .len = p.prefix.ip.len, .plen = p.prefix.plen };

		memcpy(k.b, p.prefix.ip.b, p.prefix.ip.len);
		if (keep(arg, &p))
			show_sort_add(d->keys, &k);
		if (i % 64 == 0 && loop_slice_over(c->eng->loop))
			return false;
	}
	evpn_vrf_walk_end(&d->walk);
	show_sort_end(d->keys);
	return d->collected = true;
}

uint32_t
prefix_dump_count(const struct prefix_dump *d)
{
	return show_sort_count(d->keys);
}

bool
prefix_dump_next(struct prefix_dump *d, struct evpn_show_prefix *out)
{
	const struct key *k;

	while ((k = show_sort_next(d->keys)) != NULL) {
		struct prefix p = { .plen = k->plen };

		p.ip.len = k->len;
		memcpy(p.ip.b, k->b, k->len);
		if (evpn_show_prefix(d->evpn, d->vrf, p, out))
			return true;
	}
	return false;
}

void
prefix_dump_end(struct prefix_dump *d)
{
	evpn_vrf_walk_end(&d->walk);
	show_sort_free(d->keys);
	d->keys = NULL;
}
