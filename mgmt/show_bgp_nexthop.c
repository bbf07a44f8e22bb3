/* SPDX-License-Identifier: ISC */
/* `show bgp nexthop`: where the paths of our neighbours lead, and whether this machine has a route there. */
#include "config.h"

#include "mgmt/show_bgp_nexthop.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/nht.h"
#include "lib/util.h"
#include "mgmt/show_util.h"

/* A next hop as it was when the routes had been counted. */
struct row {
	struct ip ip;	  /* the next hop */
	uint32_t metric;  /* cost to it */
	uint32_t paths;	  /* that lead there */
	bool unreachable; /* the kernel has no route */
	bool known;	  /* the kernel was asked and has answered */
};

struct state {
	struct rib_cursor cursor; /* over the routes, whose paths are counted */
	uint32_t *paths;	  /* owned: by handle of the next hop */
	uint32_t npaths;	  /* size of that */
	struct row *rows;	  /* owned: by address; NULL while counting */
	size_t nrows, at;	  /* how many, and the one that is next */
	uint8_t len;		  /* json: family of the object that is open, 0 none */
};

static void
nothing_to_wake(struct rib_cursor *cur)
{
	(void)cur;
}

static void
count_path(struct state *s, uint32_t hop)
{
	if (hop >= s->npaths) {
		const uint32_t n = MAX(hop + 1, s->npaths * 2);

		s->paths = xrealloc(s->paths, n * sizeof *s->paths);
		memset(s->paths + s->npaths, 0, (n - s->npaths) * sizeof *s->paths);
		s->npaths = n;
	}
	s->paths[hop]++;
}

/* One slice of counting; true if routes are left. */
static bool
count_paths(struct show_ctx *c, struct state *s)
{
	struct rib *r = bgp_rib(c->eng->bgp);
	uint32_t h;

	for (unsigned i = 1; (h = rib_cursor_next(&s->cursor)) != 0; i++) {
		const struct rib_route *rt = rib_route(r, h);

		for (const struct rib_path *p = &rt->path; p && p->attrs;
		     p = rib_path_next(r, p))
			count_path(s, attrset_get(rib_attrtab(r), p->attrs)->hop);
		if (i % 256 == 0 && loop_slice_over(c->eng->loop))
			return true;
	}
	return false;
}

static int
row_cmp(const void *pa, const void *pb)
{
	const struct row *a = pa, *b = pb;

	return a->ip.len != b->ip.len ? a->ip.len - b->ip.len : ip_cmp(a->ip, b->ip);
}

static void
collect(struct show_ctx *c, struct state *s)
{
	const struct nht *n = bgp_nht(c->eng->bgp);
	const struct cli_arg *only = cli_arg_find(c->args, "hop");
	struct ip ip = { 0 };
	size_t cap = 16;

	if (only)
		ip_parse(only->value, &ip);
	s->rows = xmalloc(cap * sizeof *s->rows);
	for (uint32_t h = NHT_NONE; (h = slab_next(&n->hops, h)) != 0;) {
		const struct nht_hop *hop = nht_hop(n, h);

		if (hop->refs == 0 || (only && !ip_equal(hop->ip, ip)))
			continue;
		if (s->nrows == cap) {
			cap *= 2;
			s->rows = xrealloc(s->rows, cap * sizeof *s->rows);
		}
		s->rows[s->nrows++] = (struct row){ hop->ip, hop->metric,
			h < s->npaths ? s->paths[h] : 0, hop->unreachable, hop->known };
	}
	qsort(s->rows, s->nrows, sizeof *s->rows, row_cmp);
}

static void
row_text(struct out *o, const struct row *r)
{
	char ip[IP_STRLEN];

	ip_format(r->ip, ip);
	if (r->unreachable)
		out_printf(o, " %s invalid, #paths %u\n", ip, r->paths);
	else if (r->known)
		out_printf(
		    o, " %s valid [IGP metric %u], #paths %u\n", ip, r->metric, r->paths);
	else
		out_printf(o, " %s valid (not tracked), #paths %u\n", ip, r->paths);
}

static void
row_json(struct out *o, struct state *s, const struct row *r)
{
	char ip[IP_STRLEN];

	if (s->len != r->ip.len) {
		if (s->len)
			out_obj_end(o);
		out_obj_begin(o, r->ip.len == 4 ? "ipv4" : "ipv6");
		s->len = r->ip.len;
	}
	out_obj_begin(o, ip_format(r->ip, ip));
	out_bool(o, "valid", !r->unreachable);
	out_bool(o, "complete", r->known);
	if (!r->unreachable)
		out_uint(o, "igpMetric", r->metric);
	out_uint(o, "pathCount", r->paths);
	out_obj_end(o);
}

static bool
show_nexthop(struct show_ctx *c)
{
	struct state *s = c->state;

	if (!s) {
		c->state = s = xcalloc(1, sizeof *s);
		s->cursor.wake = nothing_to_wake;
		rib_cursor_open(bgp_rib(c->eng->bgp), &s->cursor, RIB_GROUP_NONE, true);
	}
	if (!s->rows) {
		if (count_paths(c, s))
			return true;
		collect(c, s);
		if (c->json)
			out_obj_begin(c->out, NULL);
		else
			out_puts(c->out, "Current BGP nexthop cache:\n");
	}
	while (s->at < s->nrows) {
		const struct row *r = &s->rows[s->at++];

		if (c->json)
			row_json(c->out, s, r);
		else
			row_text(c->out, r);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json && s->len)
		out_obj_end(c->out);
	if (c->json)
		out_obj_end(c->out);
	return false;
}

static void
nexthop_done(struct show_ctx *c)
{
	struct state *s = c->state;

	if (!s)
		return;
	if (s->cursor.rib)
		rib_cursor_close(&s->cursor);
	free(s->paths);
	free(s->rows);
	free(s);
}

static const struct show_cmd rows[] = {
	{ "show bgp nexthop [<A.B.C.D|X:X::X:X>$hop] [json]",
	    "Next hops of the neighbours' paths, and whether there is a route to them",
	    show_nexthop, nexthop_done },
};

const struct show_table show_bgp_nexthop_table = SHOW_TABLE(rows);
