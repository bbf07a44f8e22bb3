/* SPDX-License-Identifier: ISC */
/* `show counters`, `show memory`, `show loop`: the program itself. */
#include "config.h"

#include "mgmt/show_system.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdio.h>

#include "bgpd/bgp.h"
#include "evpn/evpn_show.h"
#include "lib/stats.h"
#include "mgmt/dp_counters.h"
#include "mgmt/show_util.h"

/* --- counters --- */

static void
counter_text(const char *name, uint64_t n, void *out)
{
	out_printf(out, "%-40s %12" PRIu64 "\n", name, n);
}

static void
counter_json(const char *name, uint64_t n, void *out)
{
	out_uint(out, name, n);
}

/* Those of the process at the kernel, as it told them last: in JSON beside our own. */
static void
counters_of_evpnd(const struct show_ctx *c)
{
	const struct dp_counters *t = c->eng->dp_counters;
	const struct dp_counter *k = t ? dp_counters_after(t, "") : NULL;

	if (!k)
		return;
	if (c->json)
		out_obj_begin(c->out, "evpnd");
	else
		out_puts(c->out, "\nOf evpnd, which writes into the kernel:\n");
	for (; k; k = dp_counters_after(t, k->name))
		(c->json ? counter_json : counter_text)(k->name, k->n, c->out);
	if (c->json)
		out_obj_end(c->out);
}

static bool
show_counters(struct show_ctx *c)
{
	if (c->json)
		out_obj_begin(c->out, NULL);
	stats_foreach(c->json ? counter_json : counter_text, c->out);
	counters_of_evpnd(c);
	if (c->json)
		out_obj_end(c->out);
	return false;
}

/* --- memory --- */

/* A kind of object. */
struct row {
	const char *text, *json; /* names */
	uint64_t objects;	 /* how many; 0 with bytes: not counted */
	uint64_t bytes;
};

static size_t
memory_rows(const struct show_ctx *c, struct row rows[12], uint64_t *total)
{
	struct rib *r = bgp_rib(c->eng->bgp);
	const uint32_t routes = rib_count(r), paths = rib_path_count(r);
	struct rib_memory m;
	struct evpn_show_totals t;
	size_t n = 0;

	rib_memory(r, &m);
	rows[n++] = (struct row){ "BGP routes", "routes", routes, m.routes };
	rows[n++] = (struct row){ "Further paths", "furtherPaths",
		paths > routes ? paths - routes : 0, m.paths };
	rows[n++] = (struct row){ "Route index", "routeIndex", routes, m.index };
	rows[n++] = (struct row){ "RDs and tags", "heads", 0, m.heads };
	rows[n++] = (struct row){ "ESIs and gateways", "aux", 0, m.aux };
	rows[n++] = (struct row){ "Attribute sets", "attributes",
		rib_attrtab(r)->cells.live, m.attrs };
	if (c->eng->evpn) {
		evpn_show_totals(c->eng->evpn, &t);
		rows[n++] = (struct row){ "EVPN objects", "evpn",
			(uint64_t)t.macs + t.neighs + t.vteps + t.imports, t.bytes };
	}
	*total = 0;
	for (size_t i = 0; i < n; i++)
		*total += rows[i].bytes;
	return n;
}

static double
ratio(uint64_t bytes, uint64_t n)
{
	return n ? (double)bytes / (double)n : 0.0;
}

static void
memory_text(const struct show_ctx *c, const struct row *rows, size_t n, uint64_t total)
{
	const struct mallinfo2 mi = mallinfo2();
	struct out *o = c->out;

	out_printf(o, "%-20s %12s %14s %12s\n", "What", "Objects", "Bytes", "Bytes each");
	for (size_t i = 0; i < n; i++) {
		out_printf(o, "%-20s ", rows[i].text);
		if (rows[i].objects)
			out_printf(o, "%12" PRIu64 " %14" PRIu64 " %12.1f\n",
			    rows[i].objects, rows[i].bytes,
			    ratio(rows[i].bytes, rows[i].objects));
		else
			out_printf(o, "%12s %14" PRIu64 "\n", "", rows[i].bytes);
	}
	out_printf(o, "%-20s %12s %14" PRIu64 "\n\n", "Total", "", total);
	out_printf(o, "Bytes a BGP route: %.1f\n",
	    ratio(total, rib_count(bgp_rib(c->eng->bgp))));
	if (mi.uordblks) /* sanitizers bring an allocator of their own */
		out_printf(o, "Heap in use: %zu bytes of %zu\n", mi.uordblks + mi.hblkhd,
		    mi.arena + mi.hblkhd);
}

static void
memory_json(const struct show_ctx *c, const struct row *rows, size_t n, uint64_t total)
{
	const struct mallinfo2 mi = mallinfo2();
	struct out *o = c->out;

	out_obj_begin(o, NULL);
	for (size_t i = 0; i < n; i++) {
		out_obj_begin(o, rows[i].json);
		if (rows[i].objects)
			out_uint(o, "objects", rows[i].objects);
		out_uint(o, "bytes", rows[i].bytes);
		out_obj_end(o);
	}
	out_uint(o, "totalBytes", total);
	out_uint(o, "bytesPerRoute",
	    (uint64_t)(ratio(total, rib_count(bgp_rib(c->eng->bgp))) + 0.5));
	out_uint(o, "heapInUse", mi.uordblks + mi.hblkhd);
	out_uint(o, "heapTotal", mi.arena + mi.hblkhd);
	out_obj_end(o);
}

static bool
show_memory(struct show_ctx *c)
{
	struct row rows[12];
	uint64_t total;
	const size_t n = memory_rows(c, rows, &total);

	(c->json ? memory_json : memory_text)(c, rows, n, total);
	return false;
}

/* --- loop --- */

static bool
show_loop(struct show_ctx *c)
{
	const struct loop_stats *s = loop_stats(c->eng->loop);
	const char *what = s->longest_us ? s->longest_what : "none";

	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_uint(c->out, "turns", s->turns);
		out_int(c->out, "longestUsecs", s->longest_us);
		out_str(c->out, "longestIn", what);
		out_obj_end(c->out);
		return false;
	}
	out_printf(c->out,
	    "Turns of the loop: %" PRIu64 "\n"
	    "Longest without a look at the clock: %.3f ms, in %s\n",
	    s->turns, (double)s->longest_us / 1e3, what);
	return false;
}

static const struct show_cmd rows[] = {
	{ "show counters [json]", "Every counter of the program", show_counters, NULL },
	{ "show memory [json]", "Memory by kind of object", show_memory, NULL },
	{ "show loop [json]", "The longest time the event loop was away", show_loop,
	    NULL },
};

const struct show_table show_system_table = SHOW_TABLE(rows);
