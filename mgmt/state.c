/* SPDX-License-Identifier: ISC */
/* The walk over the state: from node to node, entry to entry, a slice at a time. */
#include "config.h"

#include "mgmt/state.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/state_priv.h"

struct state_walk *
state_open(struct engine *eng, const char *path, uint32_t limit, struct err *e)
{
	struct state_walk *w = xcalloc(1, sizeof *w);

	w->eng = eng;
	w->limit = limit;
	if (state_path_parse(w, path, e))
		return w;
	state_close(w);
	return NULL;
}

/* ---- levels ---- */

static struct state_level *
top(struct state_walk *w)
{
	return &w->lv[w->depth - 1];
}

static bool
is_list(const struct state_node *n)
{
	return n->keys[0] != NULL;
}

static void
push(struct state_walk *w, const struct state_node *n)
{
	struct state_level *l = &w->lv[w->depth];

	ensure(w->depth < STATE_DEPTH_MAX);
	*l = (struct state_level){ .node = n,
		.step = w->depth < w->nsteps ? &w->step[w->depth] : NULL };
	if (is_list(n))
		l->mem = xcalloc(1, n->size ? n->size : 1);
	w->depth++;
}

static void
pop(struct state_walk *w)
{
	struct state_level *l = top(w);

	if (l->mem && l->node->end)
		l->node->end(w);
	free(l->mem);
	w->depth--;
}

void
state_close(struct state_walk *w)
{
	if (!w)
		return;
	while (w->depth)
		pop(w);
	free(w->path);
	free(w);
}

/* The next child of the top that the path lets through; NULL at the end. */
static const struct state_node *
next_kid(const struct state_walk *w, struct state_level *l)
{
	const struct state_node *const *kids = l->node->kids;

	if (!kids || (w->leaf && w->depth == w->nsteps))
		return NULL;
	while (kids[l->kid]) {
		const struct state_node *k = kids[l->kid++];

		if (w->depth >= w->nsteps || strcmp(w->step[w->depth].name, k->name) == 0)
			return k;
	}
	return NULL;
}

/* ---- lists ---- */

/* All keys of the list are asked for. */
static bool
is_keyed(const struct state_level *l)
{
	unsigned found = 0, n = 0;

	for (; l->node->keys[n]; n++)
		for (unsigned i = 0; l->step && i < l->step->npreds; i++)
			found += strcmp(l->node->keys[n], l->step->pred[i].leaf) == 0;
	return l->node->find && n > 0 && found == n;
}

static enum state_got
list_next(struct state_walk *w, struct state_level *l)
{
	if (l->node->is_long && w->limit && l->n >= w->limit)
		return STATE_END;
	if (!is_keyed(l))
		return l->node->next(w);
	if (l->once)
		return STATE_END;
	l->once = true;
	return l->node->find(w) ? STATE_ENTRY : STATE_END;
}

static void
write_leaves(struct state_walk *w, const struct state_level *l)
{
	if (l->node->leaves)
		l->node->leaves(w);
}

/* Goes on in a list without an open entry; false at its end. */
static bool
list_turn(struct state_walk *w, struct state_level *l)
{
	switch (list_next(w, l)) {
	case STATE_END:
		return false;
	case STATE_ENTRY:
		out_obj_begin(w->out, NULL);
		l->entry = true;
		l->kid = 0;
		l->n++;
		write_leaves(w, l);
		break;
	case STATE_SKIP:
		w->skipped = true;
		break;
	}
	return true;
}

/* ---- the walk ---- */

static void
open_level(struct state_walk *w, struct state_level *l)
{
	l->opened = true;
	if (is_list(l->node)) {
		out_arr_begin(w->out, l->node->name);
		return;
	}
	out_obj_begin(w->out, w->depth == 1 ? "evpnd:state" : l->node->name);
	write_leaves(w, l);
}

/* One thing. */
static void
turn(struct state_walk *w)
{
	struct state_level *l = top(w);
	const struct state_node *kid;

	if (!l->opened) {
		open_level(w, l);
		return;
	}
	if (is_list(l->node) && !l->entry) {
		if (list_turn(w, l))
			return;
		out_arr_end(w->out);
		pop(w);
		return;
	}
	kid = next_kid(w, l);
	if (kid) {
		push(w, kid);
		return;
	}
	out_obj_end(w->out);
	if (is_list(l->node))
		l->entry = false;
	else
		pop(w);
}

static void
begin(struct state_walk *w)
{
	w->begun = true;
	out_json_compact(w->out);
	out_obj_begin(w->out, NULL);
	push(w, &state_root);
}

bool
state_step(struct state_walk *w, struct out *o)
{
	w->out = o;
	if (!w->begun)
		begin(w);
	for (unsigned i = 1; w->depth; i++) {
		w->skipped = false;
		turn(w);
		/* What was skipped may have been a long look at many. */
		if (out_full(o) ||
		    ((w->skipped || i % 16 == 0) && loop_slice_over(w->eng->loop)))
			return true;
	}
	if (!w->ended)
		out_obj_end(o);
	w->ended = true;
	return false;
}

/* ---- for providers ---- */

struct engine *
state_engine(const struct state_walk *w)
{
	return w->eng;
}

unsigned
state_arg(const struct state_walk *w)
{
	return w->lv[w->depth - 1].node->arg;
}

struct out *
state_out(struct state_walk *w)
{
	return w->out;
}

void *
state_mem(const struct state_walk *w, unsigned outwards)
{
	for (unsigned d = w->depth; d-- > 0;)
		if (w->lv[d].mem && outwards-- == 0)
			return w->lv[d].mem;
	ensure(false);
	return NULL;
}

const char *
state_asked(const struct state_walk *w, const char *leaf)
{
	const struct state_step *s = w->lv[w->depth - 1].step;

	for (unsigned i = 0; s && i < s->npreds; i++)
		if (strcmp(s->pred[i].leaf, leaf) == 0)
			return s->pred[i].value;
	return NULL;
}

static bool
is_key(const struct state_level *l, const char *leaf)
{
	for (unsigned i = 0; l->node->keys[i]; i++)
		if (strcmp(l->node->keys[i], leaf) == 0)
			return true;
	return false;
}

bool
state_wants(const struct state_walk *w, const char *leaf)
{
	if (is_key(&w->lv[w->depth - 1], leaf))
		return true;
	if (w->depth < w->nsteps)
		return false; /* on the way */
	return w->depth > w->nsteps || !w->leaf || strcmp(w->leaf, leaf) == 0;
}
