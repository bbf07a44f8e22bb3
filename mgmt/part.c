/* SPDX-License-Identifier: ISC */
/* What a line names, and what belongs to that; the contract is in the header. */
#include "config.h"

#include "mgmt/part.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

#define BGP                                                                              \
	{                                                                                \
		"bgp", NULL                                                              \
	}

static const struct nb_path lists[PART_LISTS] = {
	[PART_VNIS] = { .s = { BGP, { "l2vpn-evpn", NULL }, { "vni", NULL } }, .n = 3 },
	[PART_VRFS] = { .s = { { "vrf", NULL } }, .n = 1 },
	[PART_BGP_VRFS] = { .s = { BGP, { "vrf", NULL } }, .n = 2 },
	[PART_TENANTS] = { .s = { { "tenant", NULL } }, .n = 1 },
	[PART_PORTS] = { .s = { { "port", NULL } }, .n = 1 },
};

/* ---- words ---- */

static bool
has_word(const struct part_words *w, const char *s, size_t len)
{
	for (size_t i = 0; i < w->n; i++)
		if (strncmp(w->s[i], s, len) == 0 && w->s[i][len] == '\0')
			return true;
	return false;
}

static void
add_word(struct part_words *w, const char *s, size_t len)
{
	if (has_word(w, s, len))
		return;
	w->s = xrealloc(w->s, (w->n + 1) * sizeof w->s[0]);
	w->s[w->n++] = xasprintf("%.*s", (int)len, s);
}

static void
words_fini(struct part_words *w)
{
	for (size_t i = 0; i < w->n; i++)
		free(w->s[i]);
	free(w->s);
}

static void
add_line(struct part_words *w, const char *line)
{
	struct cli_line *l = xmalloc(sizeof *l);

	cli_line_split(l, line);
	for (size_t i = 0; i < l->n; i++)
		add_word(w, l->w[i].s, l->w[i].len);
	free(l);
}

/* ---- what belongs together ---- */

static void
add_vni(struct part *p, uint32_t vni)
{
	char text[16];

	snprintf(text, sizeof text, "%u", vni);
	add_word(&p->vnis, text, strlen(text));
}

static bool
is_tenant(const struct part *p, const char *name)
{
	const struct prov_conf *c = &p->conf->prov;

	for (size_t i = 0; i < c->ntenants; i++)
		if (strcmp(c->tenants[i].name, name) == 0)
			return true;
	return false;
}

/* A tenant is its VRF, and an instance for each of its networks. */
static void
add_name(struct part *p, const char *name)
{
	const struct prov_conf *c = &p->conf->prov;

	add_word(&p->names, name, strlen(name));
	if (!is_tenant(p, name))
		return;
	for (size_t i = 0; i < c->nnetworks; i++)
		if (strcmp(c->networks[i].tenant, name) == 0)
			add_vni(p, c->networks[i].vni);
}

static int
network_cmp(const void *pa, const void *pb)
{
	const struct prov_network *a = pa, *b = pb;

	return a->vni < b->vni ? -1 : a->vni > b->vni;
}

static void
add_key(struct part *p, const char *key)
{
	const struct prov_conf *c = &p->conf->prov;
	struct prov_network *w = NULL, want = { .vni = 0 };
	unsigned long long n;

	add_name(p, key);
	if (!parse_u64(key, 1, UINT32_MAX, &n))
		return;
	want.vni = (uint32_t)n;
	add_vni(p, want.vni);
	if (c->nnetworks)
		w = bsearch(&want, c->networks, c->nnetworks, sizeof want, network_cmp);
	if (w)
		add_name(p, w->tenant);
}

/* An entry that the line does not name, so that the list is not emptied. */
static void
add_witness(struct part *p, const struct lyd_node *running, enum part_list which)
{
	const struct lyd_node *n = nb_first(running, &lists[which]);

	while (n && has_word(&p->named, nb_key(n), strlen(nb_key(n))))
		n = nb_next(n);
	if (n)
		add_key(p, nb_key(n));
}

void
part_init(struct part *p, const struct nb *nb, const struct lyd_node *running,
    const struct conf *conf, const struct cli_pos *pos, const char *line)
{
	struct nb_keep keep[PART_LISTS];

	*p = (struct part){ .conf = conf };
	for (size_t i = 1; i < pos->n; i++)
		add_line(&p->named, pos->level[i].line);
	add_line(&p->named, line);
	for (size_t i = 0; i < p->named.n; i++)
		add_key(p, p->named.s[i]);
	for (int i = PART_VNIS; i <= PART_BGP_VRFS; i++)
		add_witness(p, running, (enum part_list)i);
	for (int i = 0; i < PART_LISTS; i++) {
		const struct part_words *w = i == PART_VNIS ? &p->vnis : &p->names;

		keep[i] = (struct nb_keep){ lists[i], (const char *const *)w->s, w->n };
	}
	p->tree = nb_part(nb, running, keep, PART_LISTS);
}

void
part_fini(struct part *p)
{
	nb_tree_free(p->tree);
	words_fini(&p->named);
	words_fini(&p->vnis);
	words_fini(&p->names);
}

/* ---- what changes ---- */

/* Of a change at a path that begins so. */
static const struct effect {
	const char *path;
	enum { ON_ENTRY, ON_ALL, ON_MAPS, ON_ITSELF } on;
} effects[] = {
	{ "/evpnd:bgp/l2vpn-evpn/vni[", ON_ENTRY },
	{ "/evpnd:bgp/vrf[", ON_ENTRY },
	{ "/evpnd:vrf[", ON_ENTRY },
	/* Inherited by VNIs, named by VRFs; of devices all are told at once. */
	{ "/evpnd:bgp/l2vpn-evpn", ON_ALL },
	{ "/evpnd:bgp/as", ON_ALL },
	{ "/evpnd:fabric", ON_ALL },
	{ "/evpnd:tenant[", ON_ALL },
	{ "/evpnd:port[", ON_ALL },
	{ "/evpnd:system/defaults", ON_ALL },
	{ "/evpnd:route-map[", ON_MAPS },
	{ "/evpnd:ip-prefix-list[", ON_MAPS },
	{ "/evpnd:ipv6-prefix-list[", ON_MAPS },
	{ "/evpnd:mac-access-list[", ON_MAPS },
	{ "/evpnd:as-path-list[", ON_MAPS },
	{ "/evpnd:community-list[", ON_MAPS },
	{ "/evpnd:large-community-list[", ON_MAPS },
	{ "/evpnd:extcommunity-list[", ON_MAPS },
	{ "/evpnd:bgp/", ON_ITSELF },
	{ "/evpnd:system/", ON_ITSELF },
};

struct cover {
	const struct part *p; /* borrowed */
	size_t changes;	      /* so far */
	bool whole;	      /* one reaches what was left out */
};

/* The key of the entry that the path begins with is a word of the line. */
static bool
is_named(const struct part *p, const char *path)
{
	const char *key = strpbrk(path, "'\"");

	return key && has_word(&p->named, key + 1, strcspn(key + 1, "'\""));
}

static bool
vrfs_have_maps(const struct evpn_conf *c)
{
	for (size_t i = 0; i < c->nvrfs; i++)
		if (c->vrfs[i].af[0].maps || c->vrfs[i].af[1].maps)
			return true;
	return false;
}

static void
on_change(void *arg, enum nb_change change, const char *path, const char *value)
{
	struct cover *c = arg;
	const struct effect *x = effects;

	(void)change;
	(void)value;
	c->changes++;
	while (x < effects + ARRAY_LEN(effects) &&
	       strncmp(path, x->path, strlen(x->path)) != 0)
		x++;
	if (x == effects + ARRAY_LEN(effects) || x->on == ON_ALL ||
	    (x->on == ON_ENTRY && !is_named(c->p, path)) ||
	    (x->on == ON_MAPS && vrfs_have_maps(&c->p->conf->evpn)))
		c->whole = true;
}

bool
part_covers(const struct part *p, const struct lyd_node *to, size_t *changes)
{
	struct cover c = { .p = p };

	nb_diff(p->tree, to, on_change, &c);
	*changes = c.changes;
	return !c.whole;
}
