/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn import-rt`, `vrf-import-rt`: from route targets to VNIs and VRFs. */
#include "config.h"

#include "mgmt/show_bgp_rt.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_l3vni.h"
#include "mgmt/show_sort.h"

/* A route target and who imports it as one key that sorts: numbers are in network order. */
struct rt_key {
	uint8_t wildcard;
	uint8_t rt[8];		  /* without wildcard */
	uint8_t local[4];	  /* with */
	uint8_t owner[ZL_IFNAME]; /* a VNI in four bytes, or the name of a VRF */
};
#define RT_PART offsetof(struct rt_key, owner)

struct import_rts {
	bool vrfs;		/* of VRFs, not VNIs */
	uint32_t vni;		/* collected last */
	char vrf[ZL_IFNAME];	/* collected last */
	struct show_sort *keys; /* owned */
	bool collected;		/* all of them */
	bool any;		/* a route target is open */
	struct rt_key at;	/* the one written last */
};

static void
put_u32(uint8_t *to, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		to[i] = (uint8_t)(v >> (24 - 8 * i));
}

static uint32_t
get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void
add_rts(struct import_rts *s, const struct rt_match *m, size_t n, struct rt_key key)
{
	for (size_t i = 0; i < n; i++) {
		key.wildcard = m[i].wildcard;
		memset(key.rt, 0, sizeof key.rt);
		put_u32(key.local, m[i].wildcard ? m[i].local : 0);
		if (!m[i].wildcard)
			memcpy(key.rt, m[i].rt.b, sizeof key.rt);
		show_sort_add(s->keys, &key);
	}
}

static char *
format_key(const struct rt_key *key, char buf[RT_STRLEN])
{
	struct rt_match m = { .wildcard = key->wildcard, .local = get_u32(key->local) };

	memcpy(m.rt.b, key->rt, sizeof m.rt.b);
	return show_rt_match(&m, buf);
}

/* The next instance's; false after the last. */
static bool
collect_one(const struct show_ctx *c, struct import_rts *s)
{
	struct rt_key key = { .wildcard = 0 };
	struct evpn_show_evi v;
	struct evpn_show_vrf f;

	if (s->vrfs) {
		if (!evpn_show_vrf_next(c->eng->evpn, s->vrf, &f))
			return false;
		memcpy(s->vrf, f.name, sizeof s->vrf);
		memcpy(key.owner, f.name, sizeof key.owner);
		if (f.l3vni)
			add_rts(s, f.imports, f.nimports, key);
		return true;
	}
	if (!evpn_show_evi_next(c->eng->evpn, s->vni, &v))
		return false;
	s->vni = v.vni;
	put_u32(key.owner, v.vni);
	if (v.active && !show_l3vni_find(c, v.vni, &f))
		add_rts(s, v.imports, v.nimports, key);
	return true;
}

/* One slice; true when all are there. */
static bool
collect_rts(const struct show_ctx *c, struct import_rts *s)
{
	while (collect_one(c, s))
		if (loop_slice_over(c->eng->loop))
			return false;
	show_sort_end(s->keys);
	return true;
}

static void
close_rt(struct out *o, const struct import_rts *s)
{
	if (!s->any)
		return;
	out_arr_end(o);
	out_obj_end(o);
}

static void
open_rt(const struct show_ctx *c, const struct import_rts *s, const struct rt_key *key)
{
	char rt[RT_STRLEN];

	format_key(key, rt);
	if (c->json) {
		close_rt(c->out, s);
		out_obj_begin(c->out, rt);
		out_str(c->out, "rt", rt);
		out_arr_begin(c->out, s->vrfs ? "vrfs" : "vnis");
	} else
		out_printf(c->out,
		    "Route-target: %s\nList of %s importing routes with this "
		    "route-target:\n",
		    rt, s->vrfs ? "VRFs" : "VNIs");
}

static void
write_rt(const struct show_ctx *c, struct import_rts *s, const struct rt_key *key)
{
	const uint32_t vni = get_u32(key->owner);
	const char *name = (const char *)key->owner; /* ends with 0, as in the record */

	if (!s->any || memcmp(&s->at, key, RT_PART) != 0)
		open_rt(c, s, key);
	s->any = true;
	s->at = *key;
	if (c->json && s->vrfs)
		out_str(c->out, NULL, name);
	else if (c->json)
		out_uint(c->out, NULL, vni);
	else if (s->vrfs)
		out_printf(c->out, "  %s\n", name);
	else
		out_printf(c->out, "  %u\n", vni);
}

static bool
show_import_rts(struct show_ctx *c)
{
	struct import_rts *s = c->state;
	const struct rt_key *key;

	if (!s) {
		if (show_evpn_absent(c))
			return false;
		c->state = s = xcalloc(1, sizeof *s);
		s->vrfs = cli_arg(c->args, "vrf-import-rt") != NULL;
		s->keys = show_sort_new(sizeof *key);
		if (c->json)
			out_obj_begin(c->out, NULL);
	}
	if (!s->collected && !(s->collected = collect_rts(c, s)))
		return true;
	while ((key = show_sort_next(s->keys)) != NULL) {
		write_rt(c, s, key);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json) {
		close_rt(c->out, s);
		out_obj_end(c->out);
	}
	return false;
}

static void
import_rts_done(struct show_ctx *c)
{
	struct import_rts *s = c->state;

	if (s)
		show_sort_free(s->keys);
	free(s);
}

static const struct show_cmd rows[] = {
	{ "show bgp l2vpn evpn import-rt [json]", "Which VNIs import a route target",
	    show_import_rts, import_rts_done },
	{ "show bgp l2vpn evpn vrf-import-rt [json]", "Which VRFs import a route target",
	    show_import_rts, import_rts_done },
};

const struct show_table show_bgp_rt_table = SHOW_TABLE(rows);
