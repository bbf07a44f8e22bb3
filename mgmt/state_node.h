/* SPDX-License-Identifier: ISC */
/* mgmt/state_node.h: a part of the state, for those who provide it.
 *
 * What    A tree of constant nodes: a container has leaves and children, a list has a
 *         way from entry to entry as well.  The walk (mgmt/state.c) does the rest:
 *         paths, brackets, commas, bounds, slices.
 * Memory  Each list has `size` bytes of its own while it is walked, zero at first, for
 *         its position and the key of the entry; state_mem(w, n) is that of the n-th
 *         list outwards, 0 the innermost one.  A record with borrowed texts may stand
 *         there only between next() or find() and leaves() of the same entry: they are called
 *         in one slice, children later.
 * Leaves  Written by state_str() and its kin, which leave out what was not asked for and write
 *         numbers of 64 bits as RFC 7951 6.1 wants them.  Keys by the same functions with
 *         a name that is a key of the list.
 */
#ifndef EVPND_MGMT_STATE_NODE_H
#define EVPND_MGMT_STATE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "mgmt/engine.h"
#include "mgmt/out.h"

#define STATE_KEYS_MAX 3

struct state_walk;

enum state_got {
	STATE_ENTRY, /* there is one: write it */
	STATE_SKIP,  /* none yet: ask again, a slice may end here */
	STATE_END,   /* no more */
};

struct state_node {
	const char *name;
	/* A list's keys, NULL at the end; a container has none.  "" alone: a list without keys. */
	const char *keys[STATE_KEYS_MAX + 1];
	/* Leaves that a predicate may ask for beside the keys, NULL at the end; next() heeds them. */
	const char *const *filters;
	bool is_long; /* the limit counts */
	unsigned arg; /* for its functions, by state_arg() */
	size_t size;  /* of the list's memory */
	/* The next entry. */
	enum state_got (*next)(struct state_walk *w);
	/* The entry whose keys were all asked for (state_asked()); NULL: next() looks for it. */
	bool (*find)(struct state_walk *w);
	void (*leaves)(
	    struct state_walk *w);	   /* of a container or the entry; NULL: none */
	void (*end)(struct state_walk *w); /* frees what the memory owns; NULL: nothing */
	const struct state_node *const *kids; /* NULL at the end; NULL: none */
};

/* The whole state; its children are named in mgmt/state_nodes.c. */
extern const struct state_node state_root;

struct engine *state_engine(const struct state_walk *w);
unsigned state_arg(const struct state_walk *w); /* of the innermost node */
void *state_mem(const struct state_walk *w, unsigned outwards);
/* The value that a predicate of the innermost list asks for, NULL if it does not. */
const char *state_asked(const struct state_walk *w, const char *leaf);
/* True if a leaf will be written: before work that only serves it. */
bool state_wants(const struct state_walk *w, const char *leaf);

void state_str(struct state_walk *w, const char *leaf, const char *s);
void state_strf(struct state_walk *w, const char *leaf, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void state_u32(struct state_walk *w, const char *leaf, uint32_t v);
void state_u64(struct state_walk *w, const char *leaf, uint64_t v);
void state_bool(struct state_walk *w, const char *leaf, bool v);
void state_ip(struct state_walk *w, const char *leaf, struct ip ip); /* none: left out */
void state_mac(struct state_walk *w, const char *leaf, struct mac mac);
/* Wall clock of a point on the loop's clock, as yang:date-and-time. */
void state_time(struct state_walk *w, const char *leaf, struct mono when);
/* A leaf-list: if state_array() says so, values by out_*() into state_out(), then
 * out_arr_end(). */
bool state_array(struct state_walk *w, const char *leaf);
struct out *state_out(struct state_walk *w);

/* "2026-11-22T14:30:00.123Z" of so many milliseconds since 1970. */
#define STATE_TIME_STRLEN 32
char *state_time_format(int64_t ms, char buf[STATE_TIME_STRLEN]);

#endif
