/* SPDX-License-Identifier: ISC */
/* Running, the candidate, and their locks; the contract is in the header. */
#include "config.h"

#include "mgmt/datastore.h"

#include <stdio.h>
#include <stdlib.h>

#include "lib/util.h"
#include "mgmt/draft.h"

static const char *const names[DS_NAMES] = { "running configuration", "candidate",
	"startup configuration" };

struct datastore *
datastore_new(struct nb *nb)
{
	struct datastore *ds = xcalloc(1, sizeof *ds);

	ds->nb = nb;
	ds->now = ds_tree_new(NULL);
	return ds;
}

void
datastore_free(struct datastore *ds)
{
	if (!ds)
		return;
	draft_close(ds->candidate);
	ds_tree_unref(ds->now);
	free(ds);
}

/* ---- trees ---- */

struct ds_tree *
ds_tree_new(struct lyd_node *root)
{
	struct ds_tree *t = xcalloc(1, sizeof *t);

	t->root = root;
	t->refs = 1;
	return t;
}

struct ds_tree *
ds_tree_ref(struct ds_tree *t)
{
	t->refs++;
	return t;
}

void
ds_tree_unref(struct ds_tree *t)
{
	if (!t || --t->refs > 0)
		return;
	nb_tree_free(t->root);
	free(t);
}

void
datastore_switch(struct datastore *ds, struct ds_tree *next, const struct ds_user *by)
{
	ds_tree_unref(ds->now);
	ds->now = next;
	ds->running = next->root;
	ds->changes++;
	ds->last = by ? *by : (struct ds_user){ .id = 0 };
}

void
datastore_patch(struct datastore *ds, const struct lyd_node *from,
    const struct lyd_node *to, const struct ds_user *by)
{
	struct ds_tree *t =
	    ds->now->refs > 1 ? ds_tree_new(nb_dup(ds->now->root)) : ds_tree_ref(ds->now);

	nb_patch(&t->root, from, to);
	datastore_switch(ds, t, by);
}

/* ---- users and locks ---- */

uint32_t
datastore_new_id(struct datastore *ds)
{
	if (++ds->last_id == 0)
		ds->last_id = 1;
	return ds->last_id;
}

const char *
ds_user_format(const struct ds_user *u, char *buf, size_t size)
{
	if (u->id)
		snprintf(buf, size, "%s %s, session %u", u->door, u->name, u->id);
	else
		snprintf(buf, size, "%s", u->door[0] ? u->door : "the engine");
	return buf;
}

const struct ds_user *
ds_locked_by(const struct datastore *ds, enum ds_name d)
{
	return ds->lock[d].id ? &ds->lock[d] : NULL;
}

static bool
locked(const struct datastore *ds, enum ds_name d, struct err *e)
{
	char who[DS_USER_TEXT_MAX];

	return err_set(e, "the %s is locked by %s", names[d],
	    ds_user_format(&ds->lock[d], who, sizeof who));
}

bool
ds_lock(struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e)
{
	if (ds->lock[d].id)
		return locked(ds, d, e);
	if (d == DS_CANDIDATE && draft_changed(draft_candidate(ds)))
		return err_set(e,
		    "the candidate has changes that are not committed: commit or discard "
		    "them first");
	ds->lock[d] = *by;
	return true;
}

bool
ds_unlock(struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e)
{
	if (!ds->lock[d].id)
		return err_set(e, "the %s is not locked", names[d]);
	if (ds->lock[d].id != by->id)
		return locked(ds, d, e);
	ds->lock[d] = (struct ds_user){ .id = 0 };
	if (d == DS_CANDIDATE)
		draft_discard(draft_candidate(ds));
	return true;
}

bool
ds_may(
    const struct datastore *ds, enum ds_name d, const struct ds_user *by, struct err *e)
{
	const struct ds_user *holder = ds_locked_by(ds, d);

	return !holder || (by && holder->id == by->id) || locked(ds, d, e);
}

void
datastore_forget(struct datastore *ds, const struct ds_user *by)
{
	for (int d = 0; d < DS_NAMES; d++)
		if (ds->lock[d].id && ds->lock[d].id == by->id)
			ds_unlock(ds, (enum ds_name)d, by, NULL);
}
