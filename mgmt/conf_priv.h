/* SPDX-License-Identifier: ISC */
/* mgmt/conf_priv.h: compiling parts of the tree; for mgmt/conf*.c alone. */
#ifndef EVPND_MGMT_CONF_PRIV_H
#define EVPND_MGMT_CONF_PRIV_H

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

bool conf_compile_peers(const struct lyd_node *bgp, struct bgp_conf *c, struct err *e);
void conf_free_peers(struct bgp_conf *c);
bool conf_compile_evpn(const struct lyd_node *bgp, struct evpn_conf *c, struct err *e);
void conf_free_evpn(struct evpn_conf *c);

#endif
