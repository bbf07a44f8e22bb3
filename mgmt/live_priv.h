/* SPDX-License-Identifier: ISC */
/* mgmt/live_priv.h: the words of one answer; for mgmt/live*.c alone. */
#ifndef EVPND_MGMT_LIVE_PRIV_H
#define EVPND_MGMT_LIVE_PRIV_H

#include "mgmt/live.h"

struct live {
	const struct engine *eng;   /* borrowed */
	const struct live_ask *ask; /* borrowed */
	char *word[LIVE_MAX];	    /* owned */
	char *text[LIVE_MAX];	    /* a sentence about it, or NULL; owned */
	size_t n;		    /* words */
	unsigned looked;	    /* records */
	bool over;		    /* there are more, or may be */
};

/* A word, if it is one of the kind asked for, begins with what is typed and is new; text may be NULL. */
void live_add(struct live *v, const char *word, const char *text);
/* One record more is looked at; false when it was enough. */
bool live_more(struct live *v);
/* What was typed for this capture or keyword, NULL if it was not. */
const char *live_arg(const struct live *v, const char *name);

/* What the engine knows (mgmt/live_state.c); each adds its words. */
void live_neighbors(struct live *v);
void live_vnis(struct live *v);
void live_vrfs(struct live *v);
void live_macs(struct live *v);
void live_addresses(struct live *v);
void live_vteps(struct live *v);
void live_prefixes(struct live *v);
void live_next_hops(struct live *v);
void live_interfaces(struct live *v);
void live_esis(struct live *v);
void live_rds(struct live *v);
void live_rts(struct live *v);

#endif
