/* SPDX-License-Identifier: ISC */
/* Live values for completion; the contract is in the header. */
#include "config.h"

#include "mgmt/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "evpn/evpn_show.h"
#include "evpn/evpn_show_l3.h"
#include "lib/util.h"
#include "mgmt/datastore.h"
#include "mgmt/nb.h"
#include "mgmt/state.h"

/* Words found so far. */
struct live {
	const struct engine *eng;    /* borrowed */
	const struct cli_line *line; /* what is typed; borrowed */
	enum cli_type type;	     /* of the value */
	const char *typed;	     /* the beginning of the word; borrowed */
	size_t len;		     /* bytes of it */
	char *word[LIVE_MAX];	     /* owned */
	size_t n;		     /* words */
	bool over;		     /* there are more */
};

static void
add(struct live *v, const char *word)
{
	if (strncmp(word, v->typed, v->len) != 0)
		return;
	for (size_t i = 0; i < v->n; i++)
		if (strcmp(v->word[i], word) == 0)
			return;
	if (v->n == LIVE_MAX)
		v->over = true;
	else
		v->word[v->n++] = xstrdup(word);
}

static void
add_ip(struct live *v, struct ip ip)
{
	char text[IP_STRLEN];

	if ((v->type == CLI_IPV4 && ip.len == 4) || (v->type == CLI_IPV6 && ip.len == 16))
		add(v, ip_format(ip, text));
}

static void
add_number(struct live *v, uint32_t n)
{
	char text[16];

	snprintf(text, sizeof text, "%u", n);
	add(v, text);
}

/* The whole word behind this keyword in the line, as a number; 0 if there is none. */
static uint32_t
number_behind(const struct cli_line *l, const char *keyword)
{
	size_t whole = l->n - (l->open ? 1 : 0);

	for (size_t i = 0; i + 1 < whole; i++) {
		char text[16];
		unsigned long long n;

		if (l->w[i].len != strlen(keyword) ||
		    memcmp(l->w[i].s, keyword, l->w[i].len) != 0 ||
		    l->w[i + 1].len >= sizeof text)
			continue;
		memcpy(text, l->w[i + 1].s, l->w[i + 1].len);
		text[l->w[i + 1].len] = '\0';
		if (parse_u64(text, 1, UINT32_MAX, &n))
			return (uint32_t)n;
	}
	return 0;
}

/* ---- sources ---- */

static void
neighbors(struct live *v)
{
	if (!v->eng->bgp)
		return;
	for (struct peer *p = bgp_peer_first(v->eng->bgp); p && !v->over;
	     p = bgp_peer_next(v->eng->bgp, p))
		add_ip(v, p->addr);
}

static void
vnis(struct live *v)
{
	struct evpn_show_evi evi = { .vni = 0 };

	while (
	    v->eng->evpn && !v->over && evpn_show_evi_next(v->eng->evpn, evi.vni, &evi))
		add_number(v, evi.vni);
}

static void
vrfs(struct live *v)
{
	struct evpn_show_vrf vrf;
	char after[64] = "";

	while (
	    v->eng->evpn && !v->over && evpn_show_vrf_next(v->eng->evpn, after, &vrf)) {
		add(v, vrf.name);
		snprintf(after, sizeof after, "%s", vrf.name);
	}
}

static void
macs(struct live *v)
{
	struct evpn *e = v->eng->evpn;
	uint32_t vni = number_behind(v->line, "vni");
	struct evpn_show_evi evi;
	struct evpn_show_mac mac;
	struct evpn_walk w;
	char text[MAC_STRLEN];

	if (!e || !vni || !evpn_show_evi(e, vni, &evi) || evi.macs > LIVE_WALK_MAX ||
	    !evpn_walk_begin(e, &w, vni, ZL_KIND_MAC))
		return;
	while (!v->over && evpn_walk_mac(&w, &mac))
		add(v, mac_format(mac.mac, text));
	evpn_walk_end(&w);
}

static void
neighs(struct live *v)
{
	struct evpn *e = v->eng->evpn;
	uint32_t vni = number_behind(v->line, "vni");
	struct evpn_show_evi evi;
	struct evpn_show_neigh neigh;
	struct evpn_walk w;

	if (!e || !vni || !evpn_show_evi(e, vni, &evi) || evi.neighs > LIVE_WALK_MAX ||
	    !evpn_walk_begin(e, &w, vni, ZL_KIND_NEIGH))
		return;
	while (!v->over && evpn_walk_neigh(&w, &neigh))
		add_ip(v, neigh.ip);
	evpn_walk_end(&w);
}

/* The keys of a list of the configuration. */
static void
keys_of(struct live *v, const struct nb_path *p)
{
	if (!v->eng->ds)
		return;
	for (struct lyd_node *n = nb_first(v->eng->ds->running, p); n && !v->over;
	     n = nb_next(n))
		add(v, nb_key(n));
}

static void
groups(struct live *v)
{
	keys_of(v, NB_PATH({ "bgp", NULL }, { "peer-group", NULL }));
}

static void
neighbors_and_groups(struct live *v)
{
	neighbors(v);
	keys_of(v, NB_PATH({ "bgp", NULL }, { "neighbor", NULL }));
	groups(v);
}

static void
route_maps(struct live *v)
{
	keys_of(v, NB_PATH({ "route-map", NULL }));
}

static void
prefix_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "ip-prefix-list", NULL }));
	keys_of(v, NB_PATH({ "ipv6-prefix-list", NULL }));
}

static void
add_path(void *arg, const char *path)
{
	add(arg, path);
}

static void
state_paths(struct live *v)
{
	char *typed = xasprintf("%.*s", (int)v->len, v->typed);

	state_path_next(typed, add_path, v);
	free(typed);
}

/* By the name of the capture; a name that stands for several things tries them all. */
static const struct source {
	const char *name;	    /* of the capture */
	void (*fn)(struct live *v); /* what gives words */
} sources[] = {
	{ "neighbor", neighbors },
	{ "peer", neighbors_and_groups },
	{ "vni", vnis },
	{ "number", vnis },
	{ "mac", macs },
	{ "ip", neighs },
	{ "name", vrfs },
	{ "vrf", vrfs },
	{ "instance", vrfs },
	{ "from", vrfs },
	{ "group", groups },
	{ "map", route_maps },
	{ "rmap", route_maps },
	{ "plist", prefix_lists },
	{ "xpath", state_paths },
};

void
live_values(const struct engine *eng, const struct cli_line *l, enum cli_type type,
    const char *name, void (*fn)(void *arg, const char *word), void *arg)
{
	struct live *v = xcalloc(1, sizeof *v);

	v->eng = eng;
	v->line = l;
	v->type = type;
	v->typed = l->open ? l->w[l->n - 1].s : "";
	v->len = l->open ? l->w[l->n - 1].len : 0;
	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		if (strcmp(sources[i].name, name) == 0)
			sources[i].fn(v);
	for (size_t i = 0; i < v->n; i++) {
		if (!v->over)
			fn(arg, v->word[i]);
		free(v->word[i]);
	}
	free(v);
}
