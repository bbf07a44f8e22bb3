/* SPDX-License-Identifier: ISC */
/* mgmt/conf_priv.h: compiling parts of the tree; for mgmt/conf*.c alone. */
#ifndef EVPND_MGMT_CONF_PRIV_H
#define EVPND_MGMT_CONF_PRIV_H

#include "bgpd/routemap.h"
#include "mgmt/conf.h"

/* What a profile (`frr defaults`) gives to things that are not said. */
struct conf_profile {
	uint16_t keepalive, hold, connect; /* seconds */
	bool log_neighbor_changes, deterministic_med, ebgp_requires_policy;
};

const struct conf_profile *conf_profile(const struct lyd_node *tree);

/* Values of leaves, dflt when they are not there. */
bool conf_bool(const struct lyd_node *parent, const char *leaf, bool dflt);
uint32_t conf_num(const struct lyd_node *parent, const char *leaf, uint32_t dflt);
char *conf_text(const struct lyd_node *parent, const char *leaf); /* owned copy or NULL */

/* Sets e->path to the node and the text; false. */
bool conf_error(struct err *e, const struct lyd_node *node, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Without a short form, or with its meaning said (conf_expand()). */
struct conf *conf_compile_expanded(const struct lyd_node *tree, struct err *e);

bool conf_compile_peers(const struct lyd_node *tree, const struct lyd_node *bgp,
    struct bgp_conf *c, struct err *e);
void conf_free_peers(struct bgp_conf *c);
/* "10.0.0.1" or "167772161" in host order, else 0. */
uint32_t conf_dotted(const char *v);
size_t conf_count(const struct lyd_node *first); /* it and those after it */
/* route-target-import and -export of an entry; what is allocated is the caller's even on error. */
bool conf_imports(
    const struct lyd_node *entry, struct rt_match **to, size_t *n, struct err *e);
bool conf_exports(
    const struct lyd_node *entry, struct ecom **to, size_t *n, struct err *e);
enum evpn_autort conf_autort(const struct lyd_node *entry, const char *leaf);
bool conf_rd(const struct lyd_node *entry, bool *set, struct rd *rd, struct err *e);

/* The order of things that begin with a prefix. */
int conf_prefix_cmp(const void *a, const void *b);
/* The VRFs; conf_check_ids() afterwards, with the VNIs. */
bool conf_compile_vrfs(const struct lyd_node *tree, struct evpn_conf *c, struct err *e);
void conf_free_vrfs(struct evpn_conf *c);
/* RDs and VNIs that are there twice, among VNIs and VRFs. */
bool conf_check_ids(
    const struct lyd_node *tree, const struct evpn_conf *c, struct err *e);

/* The route-map of this name with one reference; NULL for no name, an empty one, which denies, for
 * one that is not there.  What is allocated is the caller's even on error. */
bool conf_rmap(
    const struct lyd_node *tree, const char *name, struct rmap **to, struct err *e);
/* Whom a map is for. */
struct conf_rmap_for {
	struct ip addr;	   /* of the neighbour, none for a template */
	const char *group; /* its peer-group or NULL; borrowed */
	bool v6;	   /* of the family IPv6 unicast */
	/* Lists that it has beside the map, which routes must fit as well; names or NULL, borrowed. */
	const char *plist, *aspaths;
};
/* The same for a neighbour, with its lists; NULL for neither map nor list. */
bool conf_rmap_for(const struct lyd_node *tree, const char *name,
    const struct conf_rmap_for *who, struct rmap **to, struct err *e);
bool conf_permits(const struct lyd_node *entry); /* action, else deny */
/* The list of this name; none denies everything. */
bool conf_plist(const struct lyd_node *tree, const char *list, const char *name,
    uint8_t iplen, struct plist *l, struct err *e);
bool conf_maclist(
    const struct lyd_node *tree, const char *name, struct maclist *l, struct err *e);
bool conf_comlist(const struct lyd_node *tree, enum comkind kind, const char *name,
    struct comlist *l, struct err *e);
bool conf_has_rmap(const struct lyd_node *tree, const char *name);
bool conf_check_policies(const struct lyd_node *tree, struct err *e);
bool conf_compile_unicast(
    const struct lyd_node *tree, struct underlay_conf *c, struct err *e);
void conf_free_unicast(struct underlay_conf *c);

/* The short form (conf_tenant.c); its own words say nothing of the speaker, conf_expand() does. */
bool conf_has_tenants(const struct lyd_node *tree);
bool conf_compile_tenants(
    const struct lyd_node *tree, struct prov_conf *c, struct err *e);
bool conf_check_tenants(const struct lyd_node *tree, struct prov_conf *c, struct err *e);
/* The part of it that is about the rest of the tree. */
bool conf_check_tenants_rest(
    const struct lyd_node *tree, const struct prov_conf *c, struct err *e);
void conf_free_tenants(struct prov_conf *c);
/* An error about an expanded tree gets the path of what was written. */
void conf_blame(const struct lyd_node *tree, struct err *e);

bool conf_compile_evpn(const struct lyd_node *tree, struct evpn_conf *c, struct err *e);
void conf_free_evpn(struct evpn_conf *c);

#endif
