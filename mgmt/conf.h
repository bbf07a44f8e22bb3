/* SPDX-License-Identifier: ISC */
/* mgmt/conf.h: the compiled configuration: one immutable typed value.
 *
 * What    conf_compile() turns a validated YANG tree into struct conf; every module
 *         converges to it by comparing with what it has.
 * Owns    Everything below it; conf_free() frees all.
 * Errors  Semantic errors (VNI twice, unknown peer-group, AS missing...) with their path.
 */
#ifndef EVPND_MGMT_CONF_H
#define EVPND_MGMT_CONF_H

#include "bgpd/bgp_conf.h"
#include "evpn/evpn_conf.h"
#include "lib/err.h"
#include "mgmt/prov_conf.h"
#include "underlay/underlay_conf.h"

struct lyd_node;

struct conf {
	char *hostname; /* owned or NULL: the machine's */
	char *log_file; /* owned or NULL: stderr */
	int log_level;	/* enum log_level */
	bool log_syslog;
	bool fdb_nexthop_ids; /* FDB entries name nexthops, not VTEPs */
	struct bgp_conf bgp;
	struct evpn_conf evpn;
	struct underlay_conf underlay;
	struct prov_conf prov;
};

/* NULL and *e on error.  tree may be NULL: an empty configuration. */
struct conf *conf_compile(const struct lyd_node *tree, struct err *e);
void conf_free(struct conf *c);
/* What old would be with the part `to` of its tree in the place of the part `from`; no VNI and no VRF
 * of those that are left out, and nothing of the short form, may depend on what differs (mgmt/part.h).
 * It has most of it in common with old: one of both is to be freed by conf_free_rest().  NULL and
 * *e if that cannot be, where *e may be about something that the parts do not have. */
struct conf *conf_compile_part(const struct conf *old, const struct lyd_node *from,
    const struct lyd_node *to, struct err *e);
/* Frees c but for what it has in common with other, which lives on. */
void conf_free_rest(struct conf *c, const struct conf *other);
/* The same configuration with what the short form means said in the words of the rest of the tree
 * (which may be said besides, to refine it); owned by the caller.  NULL and *e on error. */
struct lyd_node *conf_expand(const struct lyd_node *tree, struct err *e);
/* fn for each `import vrf` of a VRF that the configuration does not have: it may come later. */
void conf_unknown_vrfs(const struct evpn_conf *c,
    void (*fn)(void *arg, const struct vrf_conf *v, const char *import), void *arg);

#endif
