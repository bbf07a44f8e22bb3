/* SPDX-License-Identifier: ISC */
/* Live values for completion: who is asked for which, and the names of the configuration. */
#include "config.h"

#include "mgmt/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/cli_types.h"
#include "mgmt/commit.h"
#include "mgmt/history.h"
#include "mgmt/live_priv.h"
#include "mgmt/nb.h"
#include "mgmt/state.h"

void
live_add(struct live *v, const char *word, const char *text)
{
	if (strncmp(word, v->ask->typed, v->ask->len) != 0 ||
	    !cli_types[v->ask->type].ok(word))
		return;
	for (size_t i = v->n; i-- > 0;)
		if (strcmp(v->word[i], word) == 0)
			return;
	if (v->n == LIVE_MAX) {
		v->over = true;
		return;
	}
	v->text[v->n] = text && text[0] ? xstrdup(text) : NULL;
	v->word[v->n++] = xstrdup(word);
}

bool
live_more(struct live *v)
{
	v->over |= v->looked++ == LIVE_WALK_MAX;
	return !v->over;
}

const char *
live_arg(const struct live *v, const char *name)
{
	return cli_arg(v->ask->args, name);
}

/* ---- names of the configuration ---- */

/* The keys of a list. */
static void
keys_of(struct live *v, const struct nb_path *p)
{
	for (struct lyd_node *n = nb_first(v->ask->tree, p); n && live_more(v);
	     n = nb_next(n))
		live_add(v, nb_key(n), NULL);
}

static void
groups(struct live *v)
{
	keys_of(v, NB_PATH({ "bgp", NULL }, { "peer-group", NULL }));
}

static void
peers(struct live *v)
{
	live_neighbors(v);
	keys_of(v, NB_PATH({ "bgp", NULL }, { "neighbor", NULL }));
	groups(v);
}

static void
route_maps(struct live *v)
{
	keys_of(v, NB_PATH({ "route-map", NULL }));
}

/* `route-map NAME permit N` */
static void
route_map_entries(struct live *v)
{
	const char *name = live_arg(v, "rmap");

	if (name)
		keys_of(v, NB_PATH({ "route-map", name }, { "entry", NULL }));
}

static void
ip_prefix_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "ip-prefix-list", NULL }));
}

static void
ipv6_prefix_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "ipv6-prefix-list", NULL }));
}

/* Of a match: the family stands before it. */
static void
prefix_lists(struct live *v)
{
	(live_arg(v, "ipv6") ? ipv6_prefix_lists : ip_prefix_lists)(v);
}

static void
community_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "community-list", NULL }));
}

static void
large_community_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "large-community-list", NULL }));
}

static void
extcommunity_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "extcommunity-list", NULL }));
}

static void
as_path_lists(struct live *v)
{
	keys_of(v, NB_PATH({ "as-path-list", NULL }));
}

/* `match WHAT LIST`, `set WHAT LIST delete` */
static void
lists(struct live *v)
{
	static const struct {
		const char *word;
		void (*fn)(struct live *v);
	} of[] = {
		{ "community", community_lists },
		{ "comm-list", community_lists },
		{ "large-community", large_community_lists },
		{ "large-comm-list", large_community_lists },
		{ "extcommunity", extcommunity_lists },
		{ "extended-comm-list", extcommunity_lists },
		{ "as-path", as_path_lists },
	};

	for (size_t i = 0; i < ARRAY_LEN(of); i++)
		if (live_arg(v, of[i].word))
			of[i].fn(v);
}

static void
tenants(struct live *v)
{
	keys_of(v, NB_PATH({ "tenant", NULL }));
}

/* Of the tenant that the session is in. */
static void
own_networks(struct live *v)
{
	const char *tenant = v->ask->node ? cli_arg(v->ask->node, "tenant") : NULL;

	if (tenant)
		keys_of(v, NB_PATH({ "tenant", tenant }, { "network", NULL }));
}

static void
networks(struct live *v)
{
	const struct nb_path *all = NB_PATH({ "tenant", NULL });

	for (struct lyd_node *t = nb_first(v->ask->tree, all); t && live_more(v);
	     t = nb_next(t))
		keys_of(v, NB_PATH({ "tenant", nb_key(t) }, { "network", NULL }));
}

static void
fabric_peers(struct live *v)
{
	keys_of(v, NB_PATH({ "fabric", NULL }, { "peer", NULL }));
}

/* Those that the configuration names, and those that there are. */
static void
ports(struct live *v)
{
	keys_of(v, NB_PATH({ "port", NULL }));
	live_interfaces(v);
}

/* ---- the program ---- */

static void
add_path(void *arg, const char *path)
{
	live_add(arg, path, NULL);
}

static void
state_paths(struct live *v)
{
	char *typed = xasprintf("%.*s", (int)v->ask->len, v->ask->typed);

	state_path_next(typed, add_path, v);
	free(typed);
}

/* Counted back; what each one was. */
static void
commits(struct live *v)
{
	const struct history *h = v->eng->commits ? commit_history(v->eng) : NULL;
	const struct history_entry *en;
	char when[32], back[16];

	for (size_t i = 0; h && (en = history_get(h, i)) != NULL; i++) {
		char *text = xasprintf("%s by %s%s%s", history_time(en->when, when),
		    en->by.name, en->comment[0] ? ": " : "", en->comment);

		snprintf(back, sizeof back, "%zu", i);
		live_add(v, back, text);
		free(text);
	}
}

static void
log_modules(struct live *v)
{
	for (const struct log_module *m = log_first(); m; m = m->next)
		live_add(v, m->name, NULL);
	live_add(v, "all", NULL);
}

/* By the name of the capture; a name that stands for several things tries them all. */
static const struct source {
	const char *name;	    /* of the capture */
	void (*fn)(struct live *v); /* what gives words */
} sources[] = {
	{ "neighbor", live_neighbors },
	{ "peer", peers },
	{ "vni", live_vnis },
	{ "number", live_vnis },
	{ "mac", live_macs },
	{ "ip", live_addresses },
	{ "vtep", live_vteps },
	{ "hop", live_next_hops },
	{ "prefix", live_prefixes },
	{ "esi", live_esis },
	{ "rd", live_rds },
	{ "rt", live_rts },
	{ "name", live_vrfs },
	{ "vrf", live_vrfs },
	{ "instance", live_vrfs },
	{ "from", live_vrfs },
	{ "source", live_interfaces },
	{ "ifname", live_interfaces },
	{ "bridge", live_interfaces },
	{ "port", ports },
	{ "group", groups },
	{ "map", route_maps },
	{ "rmap", route_maps },
	{ "seq", route_map_entries },
	{ "plist", prefix_lists },
	{ "list4", ip_prefix_lists },
	{ "list6", ipv6_prefix_lists },
	{ "list", lists },
	{ "comms", community_lists },
	{ "lcomms", large_community_lists },
	{ "ecoms", extcommunity_lists },
	{ "aspaths", as_path_lists },
	{ "tenant", tenants },
	{ "net", own_networks },
	{ "network", networks },
	{ "networks", networks },
	{ "session", fabric_peers },
	{ "xpath", state_paths },
	{ "n", commits },
	{ "module", log_modules },
};

bool
live_values(const struct engine *eng, const struct live_ask *ask,
    void (*fn)(void *arg, const char *word, const char *text), void *arg)
{
	struct live *v = xcalloc(1, sizeof *v);
	bool over;

	v->eng = eng;
	v->ask = ask;
	for (size_t i = 0; i < ARRAY_LEN(sources) && !v->over; i++)
		if (strcmp(sources[i].name, ask->name) == 0)
			sources[i].fn(v);
	over = v->over;
	for (size_t i = 0; i < v->n; i++) {
		if (!over || i < LIVE_SOME)
			fn(arg, v->word[i], v->text[i] ? v->text[i] : "");
		free(v->word[i]);
		free(v->text[i]);
	}
	free(v);
	return over;
}
