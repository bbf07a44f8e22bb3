/* SPDX-License-Identifier: ISC */
/* `show bgp l2vpn evpn vni [N]`, `import-rt`: what BGP says and hears of each VNI. */
#include "config.h"

#include "mgmt/show_bgp_vni.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "mgmt/show_evpn_dump.h"
#include "mgmt/show_sort.h"

static const char *
enabled(bool v)
{
	return v ? "Enabled" : "Disabled";
}

static const struct evpn_conf *
evpn_conf_of(const struct show_ctx *c)
{
	static const struct evpn_conf none = { 0 };

	return c->eng->conf ? &c->eng->conf->evpn : &none;
}

/* --- route targets --- */

static char *
format_match(const struct rt_match *m, char buf[RT_STRLEN])
{
	if (m->wildcard)
		snprintf(buf, RT_STRLEN, "*:%u", m->local);
	else
		rt_format(m->rt, buf);
	return buf;
}

static void
json_rts(struct out *o, const struct evpn_show_evi *v)
{
	char text[RT_STRLEN];

	out_arr_begin(o, "importRts");
	for (size_t i = 0; i < v->nimports; i++)
		out_str(o, NULL, format_match(&v->imports[i], text));
	out_arr_end(o);
	out_arr_begin(o, "exportRts");
	for (size_t i = 0; i < v->nexports; i++)
		out_str(o, NULL, rt_format(v->exports[i], text));
	out_arr_end(o);
}

/* --- one VNI --- */

static void
json_vni(struct out *o, const char *key, const struct evpn_show_evi *v, bool alone)
{
	char ip[IP_STRLEN], rd[RD_STRLEN];

	out_obj_begin(o, key);
	out_strf(o, "vni", "%u", v->vni);
	out_str(o, "type", "L2");
	out_str(o, "inKernel", v->observed ? "True" : "False");
	out_str(o, "rd", rd_format(v->rd, rd));
	if (v->obs->local.len)
		out_str(o, "originatorIp", ip_format(v->obs->local, ip));
	out_str(o, "mcastGroup",
	    v->obs->group.len ? ip_format(v->obs->group, ip) : "0.0.0.0");
	out_str(o, "advertiseGatewayMacip", enabled(v->advertise_default_gw));
	out_str(o, "advertiseSviMacIp", enabled(v->advertise_svi_ip));
	if (alone && v->obs->svi_ifindex)
		out_str(o, "sviInterface", v->obs->svi);
	json_rts(o, v);
	out_str(o, "state", v->up ? "up" : "down");
	if (!v->up)
		out_str(o, "stateReason", v->why_down);
	out_obj_end(o);
}

static void
text_vni(struct out *o, const struct evpn_show_evi *v)
{
	char text[RT_STRLEN], ip[IP_STRLEN];

	out_printf(o, "VNI: %u%s\n  Type: L2\n", v->vni,
	    v->observed ? " (known to the kernel)" : "");
	out_printf(o, "  State: %s\n", v->up ? "up" : v->why_down);
	out_printf(o, "  Tenant-Vrf: %s\n", v->obs->vrf[0] ? v->obs->vrf : "default");
	out_printf(o, "  RD: %s%s\n", rd_format(v->rd, text),
	    v->rd_configured ? " (configured)" : "");
	out_printf(o, "  Originator IP: %s\n", ip_format(v->obs->local, ip));
	out_printf(o, "  Mcast group: %s\n",
	    v->obs->group.len ? ip_format(v->obs->group, ip) : "0.0.0.0");
	out_printf(o, "  Advertise-gw-macip : %s\n  Advertise-svi-macip : %s\n",
	    enabled(v->advertise_default_gw), enabled(v->advertise_svi_ip));
	if (v->obs->svi_ifindex)
		out_printf(o, "  SVI interface : %s\n", v->obs->svi);
	out_puts(o, "  Import Route Target:\n");
	for (size_t i = 0; i < v->nimports; i++)
		out_printf(o, "    %s\n", format_match(&v->imports[i], text));
	out_puts(o, "  Export Route Target:\n");
	for (size_t i = 0; i < v->nexports; i++)
		out_printf(o, "    %s\n", rt_format(v->exports[i], text));
}

static bool
show_one(struct show_ctx *c)
{
	const uint32_t vni = (uint32_t)cli_arg_num(c->args, "vni", 0);
	struct evpn_show_evi v;

	if (show_evpn_absent(c))
		return false;
	if (!evpn_show_evi(c->eng->evpn, vni, &v))
		return show_evpn_nothing(c, "VNI not found");
	if (c->json)
		json_vni(c->out, NULL, &v, true);
	else
		text_vni(c->out, &v);
	return false;
}

/* --- the list --- */

static void
json_head(const struct show_ctx *c, uint32_t n)
{
	const struct evpn_conf *conf = evpn_conf_of(c);
	const bool flood = conf->flooding == FLOOD_HER;
	struct out *o = c->out;

	out_str(o, "advertiseGatewayMacip", enabled(conf->advertise_default_gw));
	out_str(o, "advertiseSviMacIp", enabled(conf->advertise_svi_ip));
	out_str(o, "advertiseAllVnis", enabled(conf->advertise_all_vni));
	out_str(o, "flooding", flood ? "Head-end replication" : "Disabled");
	out_str(o, "vxlanFlooding", enabled(flood));
	out_uint(o, "numVnis", n);
	out_uint(o, "numL2Vnis", n);
	out_uint(o, "numL3Vnis", 0);
}

static void
text_head(const struct show_ctx *c, uint32_t n)
{
	const struct evpn_conf *conf = evpn_conf_of(c);
	const bool flood = conf->flooding == FLOOD_HER;
	struct out *o = c->out;

	out_printf(
	    o, "Advertise Gateway Macip: %s\n", enabled(conf->advertise_default_gw));
	out_printf(o, "Advertise SVI Macip: %s\n", enabled(conf->advertise_svi_ip));
	out_printf(o, "Advertise All VNI flag: %s\n", enabled(conf->advertise_all_vni));
	out_printf(o, "BUM flooding: %s\n", flood ? "Head-end replication" : "Disabled");
	out_printf(o, "VXLAN flooding: %s\n", enabled(flood));
	out_printf(o, "Number of L2 VNIs: %u\nNumber of L3 VNIs: 0\n", n);
	out_puts(o, "Flags: * - Kernel\n");
	out_printf(o, "  %-10s %-4s %-21s %-25s %-25s %-37s\n", "VNI", "Type", "RD",
	    "Import RT", "Export RT", "Tenant VRF");
}

/* The first route target, and a sign that there are more. */
static void
first_rt(char *buf, size_t size, const char *rt, size_t n)
{
	snprintf(buf, size, "%s%s", n ? rt : "-", n > 1 ? ", ..." : "");
}

static void
text_line(struct out *o, const struct evpn_show_evi *v)
{
	char rd[RD_STRLEN], rt[RT_STRLEN], import[RT_STRLEN + 8], export[RT_STRLEN + 8];

	first_rt(import, sizeof import,
	    v->nimports ? format_match(&v->imports[0], rt) : "", v->nimports);
	first_rt(export, sizeof export, v->nexports ? rt_format(v->exports[0], rt) : "",
	    v->nexports);
	out_printf(o, "%c %-10u %-4s %-21s %-25s %-25s %-37s\n", v->observed ? '*' : ' ',
	    v->vni, "L2", rd_format(v->rd, rd), import, export,
	    v->obs->vrf[0] ? v->obs->vrf : "default");
}

/* VNIs that BGP has: selected by the configuration. */
static uint32_t
count_active(struct evpn *e)
{
	struct evpn_show_evi v;
	uint32_t n = 0;

	for (uint32_t at = 0; evpn_show_evi_next(e, at, &v); at = v.vni)
		n += v.active;
	return n;
}

static bool
show_list(struct show_ctx *c)
{
	uint32_t *last = c->state;
	struct evpn_show_evi v;
	char key[12];

	if (!last) {
		if (show_evpn_absent(c))
			return false;
		c->state = last = xcalloc(1, sizeof *last);
		if (c->json)
			out_obj_begin(c->out, NULL);
		(c->json ? json_head : text_head)(c, count_active(c->eng->evpn));
	}
	while (evpn_show_evi_next(c->eng->evpn, *last, &v)) {
		*last = v.vni;
		snprintf(key, sizeof key, "%u", v.vni);
		if (v.active && c->json)
			json_vni(c->out, key, &v, false);
		else if (v.active)
			text_line(c->out, &v);
		if (out_full(c->out) || loop_slice_over(c->eng->loop))
			return true;
	}
	if (c->json)
		out_obj_end(c->out);
	return false;
}

/* --- import-rt: the index from route targets to VNIs --- */

/* A route target and a VNI as one key, in network order so that they sort. */
enum {
	RT_KEY_WILDCARD = 0,
	RT_KEY_RT = 1,
	RT_KEY_LOCAL = 9,
	RT_KEY_VNI = 13,
	RT_KEY_LEN = 17
};

struct import_rts {
	uint32_t vni;		/* collected last */
	struct show_sort *keys; /* of RT_KEY_LEN; owned */
	bool collected;		/* all of them */
	bool any;		/* a route target is open */
	uint8_t at[RT_KEY_VNI]; /* the one written last */
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
add_rt(struct import_rts *s, const struct rt_match *m, uint32_t vni)
{
	uint8_t key[RT_KEY_LEN] = { 0 };

	key[RT_KEY_WILDCARD] = m->wildcard;
	if (m->wildcard)
		put_u32(key + RT_KEY_LOCAL, m->local);
	else
		memcpy(key + RT_KEY_RT, m->rt.b, sizeof m->rt.b);
	put_u32(key + RT_KEY_VNI, vni);
	show_sort_add(s->keys, key);
}

static char *
format_key(const uint8_t *key, char buf[RT_STRLEN])
{
	struct rt_match m = { .wildcard = key[RT_KEY_WILDCARD],
		.local = get_u32(key + RT_KEY_LOCAL) };

	memcpy(m.rt.b, key + RT_KEY_RT, sizeof m.rt.b);
	return format_match(&m, buf);
}

/* One slice; true when all are there. */
static bool
collect_rts(const struct show_ctx *c, struct import_rts *s)
{
	struct evpn_show_evi v;

	while (evpn_show_evi_next(c->eng->evpn, s->vni, &v)) {
		s->vni = v.vni;
		for (size_t i = 0; v.active && i < v.nimports; i++)
			add_rt(s, &v.imports[i], v.vni);
		if (loop_slice_over(c->eng->loop))
			return false;
	}
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
write_rt(const struct show_ctx *c, struct import_rts *s, const uint8_t *key)
{
	const uint32_t vni = get_u32(key + RT_KEY_VNI);
	char rt[RT_STRLEN];

	if (!s->any || memcmp(s->at, key, sizeof s->at) != 0) {
		format_key(key, rt);
		if (c->json) {
			close_rt(c->out, s);
			out_obj_begin(c->out, rt);
			out_str(c->out, "rt", rt);
			out_arr_begin(c->out, "vnis");
		} else
			out_printf(c->out,
			    "Route-target: %s\n"
			    "List of VNIs importing routes with this route-target:\n",
			    rt);
	}
	s->any = true;
	memcpy(s->at, key, sizeof s->at);
	if (c->json)
		out_uint(c->out, NULL, vni);
	else
		out_printf(c->out, "  %u\n", vni);
}

static bool
show_import_rts(struct show_ctx *c)
{
	struct import_rts *s = c->state;
	const uint8_t *key;

	if (!s) {
		if (show_evpn_absent(c))
			return false;
		c->state = s = xcalloc(1, sizeof *s);
		s->keys = show_sort_new(RT_KEY_LEN);
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
	{ "show bgp l2vpn evpn vni [json]", "What BGP says of all VNIs", show_list,
	    NULL },
	{ "show bgp l2vpn evpn vni (1-16777215)$vni [json]", "What BGP says of one VNI",
	    show_one, NULL },
	{ "show bgp l2vpn evpn import-rt [json]", "Which VNIs import a route target",
	    show_import_rts, import_rts_done },
};

const struct show_table show_bgp_vni_table = SHOW_TABLE(rows);
