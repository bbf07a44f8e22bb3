/* SPDX-License-Identifier: ISC */
/* Running and candidate; the contract is in the header. */
#include "config.h"

#include "mgmt/datastore.h"

#include <stdlib.h>

#include "lib/util.h"

struct datastore *
datastore_new(struct nb *nb)
{
	struct datastore *ds = xcalloc(1, sizeof *ds);

	ds->nb = nb;
	return ds;
}

void
datastore_free(struct datastore *ds)
{
	if (!ds)
		return;
	nb_tree_free(ds->running);
	nb_tree_free(ds->candidate);
	free(ds);
}

static bool
take_ownership(struct datastore *ds, const void *owner, struct err *e)
{
	if (ds->owner && ds->owner != owner)
		return err_set(e, "another session is editing the configuration");
	ds->owner = owner;
	return true;
}

struct lyd_node **
datastore_edit(struct datastore *ds, const void *owner, struct err *e)
{
	bool fresh = ds->owner == NULL;

	if (!take_ownership(ds, owner, e))
		return NULL;
	if (fresh)
		ds->candidate = nb_dup(ds->running);
	return &ds->candidate;
}

bool
datastore_replace(
    struct datastore *ds, const void *owner, struct lyd_node *tree, struct err *e)
{
	if (!take_ownership(ds, owner, e)) {
		nb_tree_free(tree);
		return false;
	}
	nb_tree_free(ds->candidate);
	ds->candidate = tree;
	return true;
}

void
datastore_discard(struct datastore *ds, const void *owner)
{
	if (ds->owner != owner)
		return;
	nb_tree_free(ds->candidate);
	ds->candidate = NULL;
	ds->owner = NULL;
}

bool
datastore_changed(const struct datastore *ds)
{
	return ds->owner && !nb_equal(ds->running, ds->candidate);
}

void
datastore_accept(struct datastore *ds)
{
	nb_tree_free(ds->running);
	ds->running = ds->candidate;
	ds->candidate = NULL;
	ds->owner = NULL;
	ds->commits++;
}
