/* SPDX-License-Identifier: ISC */
/* From what runs and a part that changes to the next struct conf, without compiling the rest again. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/conf_priv.h"
#include "mgmt/nb.h"

/* What parts of trees say of VNIs and VRFs, by key. */
struct keys {
	uint32_t *vnis;	   /* owned, ascending */
	size_t nvnis;	   /* of them */
	const char **vrfs; /* owned, ascending; the names are borrowed from the tree */
	size_t nvrfs;	   /* of them */
	struct lyd_node
	    *tree; /* the part with what its short form means; owned, or NULL */
};

static int
name_cmp(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
add_names(struct keys *k, const struct lyd_node *first)
{
	k->vrfs =
	    xrealloc(k->vrfs, (k->nvrfs + conf_count(first) + 1) * sizeof k->vrfs[0]);
	for (; first; first = nb_next(first))
		k->vrfs[k->nvrfs++] = nb_key(first);
}

static bool
keys_init(struct keys *k, const struct lyd_node *part, struct err *e)
{
	const struct lyd_node *tree = part, *n;

	*k = (struct keys){ 0 };
	if (conf_has_tenants(part) && !(tree = k->tree = conf_expand(part, e)))
		return false;
	n = nb_first(
	    tree, NB_PATH({ "bgp", NULL }, { "l2vpn-evpn", NULL }, { "vni", NULL }));
	k->vnis = xcalloc(conf_count(n) + 1, sizeof k->vnis[0]);
	for (; n; n = nb_next(n))
		k->vnis[k->nvnis++] = conf_num(n, "id", 0);
	qsort(k->vnis, k->nvnis, sizeof k->vnis[0], u32_cmp);
	add_names(k, nb_first(tree, NB_PATH({ "vrf", NULL })));
	add_names(k, nb_first(tree, NB_PATH({ "bgp", NULL }, { "vrf", NULL })));
	qsort(k->vrfs, k->nvrfs, sizeof k->vrfs[0], name_cmp);
	return true;
}

static void
keys_fini(struct keys *k)
{
	nb_tree_free(k->tree);
	free(k->vnis);
	free(k->vrfs);
}

/* ---- two ordered arrays into one ---- */

/* The entries of old that the part did not have, and those of fresh; false if both have a key. */
static bool
merge_vnis(const struct evpn_conf *old, const struct keys *gone, struct evpn_conf *c)
{
	struct vni_conf *all = xcalloc(old->nvnis + c->nvnis + 1, sizeof all[0]);
	size_t n = 0, at = 0;
	bool ok = true;

	for (size_t i = 0; i < old->nvnis && ok; i++) {
		const struct vni_conf *v = &old->vnis[i];

		if (bsearch(&v->vni, gone->vnis, gone->nvnis, sizeof v->vni, u32_cmp))
			continue;
		while (at < c->nvnis && c->vnis[at].vni < v->vni)
			all[n++] = c->vnis[at++];
		ok = at == c->nvnis || c->vnis[at].vni != v->vni;
		if (ok)
			all[n++] = *v;
	}
	if (!ok) {
		free(all);
		return false;
	}
	while (at < c->nvnis)
		all[n++] = c->vnis[at++];
	free(c->vnis);
	c->vnis = all;
	c->nvnis = n;
	return true;
}

static bool
merge_vrfs(const struct evpn_conf *old, const struct keys *gone, struct evpn_conf *c)
{
	struct vrf_conf *all = xcalloc(old->nvrfs + c->nvrfs + 1, sizeof all[0]);
	size_t n = 0, at = 0;
	bool ok = true;

	for (size_t i = 0; i < old->nvrfs && ok; i++) {
		const struct vrf_conf *v = &old->vrfs[i];
		const char *name = v->name;
		int d = 1;

		if (bsearch(&name, gone->vrfs, gone->nvrfs, sizeof name, name_cmp))
			continue;
		while (at < c->nvrfs && (d = strcmp(c->vrfs[at].name, name)) < 0)
			all[n++] = c->vrfs[at++];
		ok = at == c->nvrfs || d != 0;
		if (ok)
			all[n++] = *v;
	}
	if (!ok) {
		free(all);
		return false;
	}
	while (at < c->nvrfs)
		all[n++] = c->vrfs[at++];
	free(c->vrfs);
	c->vrfs = all;
	c->nvrfs = n;
	return true;
}

/* ---- what two have in common ---- */

/* What an entry owns is never nothing, so its address tells whether it is the same one. */
static void
forget_common(struct conf *c, const struct conf *other)
{
	const struct evpn_conf *o = &other->evpn;
	struct evpn_conf *e = &c->evpn;

	for (size_t i = 0, k = 0; i < e->nvnis; i++) {
		while (k < o->nvnis && o->vnis[k].vni < e->vnis[i].vni)
			k++;
		if (k < o->nvnis && o->vnis[k].imports == e->vnis[i].imports)
			e->vnis[i] = (struct vni_conf){ 0 };
	}
	for (size_t i = 0, k = 0; i < e->nvrfs; i++) {
		while (k < o->nvrfs && strcmp(o->vrfs[k].name, e->vrfs[i].name) < 0)
			k++;
		if (k < o->nvrfs && o->vrfs[k].imports == e->vrfs[i].imports)
			e->vrfs[i] = (struct vrf_conf){ .imports = NULL };
	}
	if (c->prov.tenants == other->prov.tenants)
		c->prov = (struct prov_conf){ 0 };
}

void
conf_free_rest(struct conf *c, const struct conf *other)
{
	if (c && other)
		forget_common(c, other);
	conf_free(c);
}

/* ---- the whole ---- */

static bool
join(struct conf *c, const struct conf *old, const struct keys *was,
    const struct lyd_node *tree, struct err *e)
{
	if (!merge_vnis(&old->evpn, was, &c->evpn))
		return false;
	if (!merge_vrfs(&old->evpn, was, &c->evpn))
		return false;
	c->prov = old->prov;
	return conf_check_ids(tree, &c->evpn, e) &&
	       conf_check_tenants_rest(tree, &c->prov, e);
}

struct conf *
conf_compile_part(const struct conf *old, const struct lyd_node *from,
    const struct lyd_node *to, struct err *e)
{
	struct keys was, now;
	struct conf *c = NULL;

	now = (struct keys){ 0 };
	if (keys_init(&was, from, e) && keys_init(&now, to, e))
		c = conf_compile_expanded(now.tree ? now.tree : to, e);
	if (c && !join(c, old, &was, to, e)) {
		conf_free_rest(c, old);
		c = NULL;
	}
	keys_fini(&was);
	keys_fini(&now);
	return c;
}
