/* SPDX-License-Identifier: ISC */
/* Edits in progress; the contract is in the header. */
#include "config.h"

#include "mgmt/draft.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/util.h"

struct draft {
	struct datastore *ds; /* borrowed */
	struct ds_tree
	    *base; /* the running that it was made from; ref, NULL: not edited */
	struct lyd_node *tree; /* owned; of meaning only with a base */
	uint64_t edits;	       /* so far */
};

struct draft *
draft_open(struct datastore *ds)
{
	struct draft *d = xcalloc(1, sizeof *d);

	d->ds = ds;
	return d;
}

void
draft_close(struct draft *d)
{
	if (!d)
		return;
	draft_discard(d);
	free(d);
}

struct draft *
draft_candidate(struct datastore *ds)
{
	if (!ds->candidate)
		ds->candidate = draft_open(ds);
	return ds->candidate;
}

struct lyd_node **
draft_edit(struct draft *d)
{
	d->edits++;
	if (!d->base) {
		d->base = ds_tree_ref(d->ds->now);
		d->tree = nb_dup(d->base->root);
	}
	return &d->tree;
}

void
draft_replace(struct draft *d, struct lyd_node *tree)
{
	d->edits++;
	if (!d->base)
		d->base = ds_tree_ref(d->ds->now);
	nb_tree_free(d->tree);
	d->tree = tree;
}

const struct lyd_node *
draft_read(const struct draft *d)
{
	return d->base ? d->tree : d->ds->running;
}

bool
draft_changed(const struct draft *d)
{
	return d->base && !nb_equal(d->base->root, d->tree);
}

uint64_t
draft_edits(const struct draft *d)
{
	return d->edits;
}

void
draft_discard(struct draft *d)
{
	d->edits++;
	ds_tree_unref(d->base);
	nb_tree_free(d->tree);
	d->base = NULL;
	d->tree = NULL;
}

void
draft_committed(struct draft *d, uint64_t edits)
{
	if (d->edits == edits) {
		draft_discard(d);
		return;
	}
	if (!d->base)
		return;
	ds_tree_unref(d->base);
	d->base = ds_tree_ref(d->ds->now);
}

static void
say_who(const struct datastore *ds, struct err *e)
{
	char who[DS_USER_TEXT_MAX];
	struct err said = *e;

	*e = (struct err){ .line = said.line };
	snprintf(e->path, sizeof e->path, "%s", said.path);
	err_set(e, "conflict: %s; what runs was last changed by %s", said.text,
	    ds_user_format(&ds->last, who, sizeof who));
}

bool
draft_rebase(struct draft *d, bool mine_wins, struct err *e)
{
	struct err why = { 0 };
	struct lyd_node *merged;

	if (!d->base || d->base == d->ds->now)
		return true;
	if (!nb_merge(d->ds->nb, d->base->root, d->tree, d->ds->running, mine_wins,
		&merged, &why)) {
		say_who(d->ds, &why);
		if (e && !e->text[0])
			*e = why;
		return false;
	}
	nb_tree_free(d->tree);
	d->tree = merged;
	d->edits++;
	ds_tree_unref(d->base);
	d->base = ds_tree_ref(d->ds->now);
	return true;
}
