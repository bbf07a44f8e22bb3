/* SPDX-License-Identifier: ISC */
/* netconf/read.h: one read of <get>, <get-config> or <get-data>, from questions to the reply.
 *
 * What    Asks the engine for configuration and state and puts the answers into one tree;
 *         then rights and the filter are applied, and the reply is made of the rest.
 * Errors  The first one is kept; nothing is asked after it, and it is the reply.
 * Owns    The tree, until read_finish() gives it to the reply.
 */
#ifndef EVPND_NETCONF_READ_H
#define EVPND_NETCONF_READ_H

#include "netconf/netconf.h"

struct reading {
	struct netconf *s;	       /* borrowed */
	const struct lyd_node *rpc;    /* borrowed */
	struct filter filter;	       /* borrowed from rpc */
	unsigned depth;		       /* levels below what is selected; 0: all */
	struct lyd_node *tree;	       /* owned */
	struct nc_server_reply *error; /* the first one, NULL none */
};

/* The configuration, as it is in the datastore: without default values. */
void read_config(struct reading *r, enum ctl_store store);
/* A part of the state by its path; arg is the reading. */
void read_state(void *arg, const char *path);
/* The nodes of one question below the state, without the way into r->tree; the caller frees them. */
struct lyd_node *read_state_part(struct reading *r, const char *path);
/* Adds the default values of our module. */
void read_defaults(struct reading *r);
/* Rights and filter; false if there is an error. */
bool read_select(struct reading *r);
/* The reply. */
struct nc_server_reply *read_finish(struct reading *r, enum wd_mode mode);

#endif
