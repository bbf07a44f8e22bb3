/* SPDX-License-Identifier: ISC */
/* bgpd/comlist.h: sets of communities as text, and lists that routes are held against.
 *
 * What    struct comset is some communities of one kind.  A comlist is entries in order of
 *         their numbers; the first one that the route fits permits or denies, and one that
 *         fits none is denied.  A standard entry fits a route that has all of its
 *         communities; an expanded one a route whose communities, as text, fit a regular
 *         expression, in which `_` is a border of a number.  AS paths have those alone.
 * Equal   What was said of two lists decides whether they are equal.
 * Pure    Facts in, answer out.
 */
#ifndef EVPND_BGPD_COMLIST_H
#define EVPND_BGPD_COMLIST_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bgpd/attr.h"

enum comkind { COM_STANDARD, COM_LARGE, COM_EXTENDED, COM_PATH, COM_KINDS };

struct comset {
	uint8_t *v; /* owned: members as struct attrs has them */
	uint16_t n; /* members */
};

struct comlist_entry {
	uint32_t seq;	   /* place in the list */
	bool permit;	   /* else deny */
	bool any;	   /* `internet`: fits every route */
	bool expanded;	   /* `re` instead of `set` */
	char *text;	   /* owned: as it was said */
	struct comset set; /* standard */
	regex_t re;	   /* expanded */
};

struct comlist {
	struct comlist_entry *e; /* owned, by seq */
	size_t n;		 /* entries */
};

/* "65000:1 no-export", "65000:1:2", "rt 65000:1 soo 65000:2".  False if it is none; v is owned by
 * the caller in any case. */
bool comset_parse(enum comkind kind, const char *text, struct comset *s);
void comset_fini(struct comset *s);
bool comset_equal(const struct comset *a, const struct comset *b, enum comkind kind);
/* The route has all of these; exact: and no others of the kind. */
bool comset_fits(
    const struct comset *s, enum comkind kind, const struct attrs *a, bool exact);
/* The route's communities of the kind become these, or these as well. */
void comset_store(const struct comset *s, enum comkind kind, bool additive,
    struct arena *arena, struct attrs *a);

/* Fills in what the text of an entry says; expanded: a regular expression.  False if it is none. */
bool comlist_entry_parse(
    struct comlist_entry *e, enum comkind kind, const char *text, bool expanded);
void comlist_fini(struct comlist *l);
bool comlist_equal(const struct comlist *a, const struct comlist *b);
/* exact: an entry's communities must be all that the route has. */
bool comlist_permits(
    const struct comlist *l, enum comkind kind, const struct attrs *a, bool exact);
/* Takes away each community that the list, asked about it alone, permits. */
void comlist_delete(
    const struct comlist *l, enum comkind kind, struct arena *arena, struct attrs *a);

#endif
