/* SPDX-License-Identifier: ISC */
/* A tree as text of the dialect, in the order of the table. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/addr.h"
#include "lib/util.h"
#include "mgmt/cli_keep.h"
#include "mgmt/cli_text.h"

struct render {
	const struct cli *c;	     /* borrowed */
	struct nb *nb;		     /* borrowed */
	const struct lyd_node *tree; /* borrowed */
	struct strbuf *out;	     /* borrowed */
	struct cli_scope scope;	     /* keys of the entries that we are in */
	unsigned depth;		     /* spaces in front */
};

static void render_node(struct render *r, enum cli_node node);

/* ---- one row ---- */

/* Values for one line: keys from the scope, and captures from leaves. */
struct values {
	struct cli_scope scope; /* names and values */
	char *joined;		/* a leaf-list in one line; owned */
};

static const char *
values_get(void *arg, const char *name)
{
	const struct values *v = arg;

	return cli_scope_get(&v->scope, name);
}

static void
put_line(struct render *r, const struct cli_crow *row, struct values *v, bool no)
{
	size_t mark = r->out->len;

	for (unsigned i = 0; i < r->depth; i++)
		strbuf_putc(r->out, ' ');
	if (no)
		strbuf_put(r->out, "no ");
	if (!cli_pattern_print(row->pat, values_get, v, r->out)) {
		r->out->len = mark;
		if (r->out->s)
			r->out->s[mark] = '\0';
		return;
	}
	strbuf_putc(r->out, '\n');
}

/* All values of a leaf-list, separated by spaces; NULL when there are none. */
static char *
leaflist_join(const struct lyd_node *tree, const struct nb_path *p)
{
	struct strbuf b;

	if (!nb_first(tree, p))
		return NULL;
	strbuf_init(&b);
	for (const struct lyd_node *n = nb_first(tree, p); n; n = nb_next(n)) {
		if (b.len)
			strbuf_putc(&b, ' ');
		strbuf_put(&b, nb_value(n));
	}
	return strbuf_take(&b);
}

/* What one statement adds to the values; false: it keeps the row from being printed. */
static bool
stmt_values(struct render *r, const struct cli_crow *row, const struct cli_stmt *st,
    const struct nb_path *p, struct values *v, bool *no, bool *said)
{
	const char *leaf;

	if (st->op == STMT_EXISTS)
		return *said = nb_find(r->tree, p) != NULL;
	if (st->op == STMT_WHOLE) {
		v->joined = leaflist_join(r->tree, p);
		if (v->joined)
			cli_scope_add(&v->scope, st->text, v->joined);
		*said |= v->joined != NULL;
		return *said;
	}
	leaf = nb_get(r->tree, p);
	if (st->from == FROM_LITERAL) {
		*no = leaf && strcmp(st->text, "true") == 0 && strcmp(leaf, "false") == 0;
		return *said = leaf && (*no || strcmp(leaf, st->text) == 0);
	}
	if (st->from == FROM_FLAG)
		leaf = leaf && strcmp(leaf, "true") == 0
			   ? cli_pattern_keyword(row->pat, st->text)
			   : NULL;
	if (leaf)
		*said = true;
	if (leaf && !(st->dflt && strcmp(leaf, st->dflt) == 0))
		cli_scope_add(&v->scope, st->text, leaf);
	return true;
}

/* Parts that must stand in the line although they have their default. */
static void
fill_defaults(struct render *r, const struct cli_crow *row, struct values *v)
{
	for (size_t i = 0; i < row->set.n; i++) {
		const struct cli_stmt *st = &row->set.s[i];
		struct nb_path p;
		const char *dflt;

		if (st->op != STMT_SET || st->from != FROM_CAPTURE ||
		    cli_scope_get(&v->scope, st->text) ||
		    !cli_stmt_path(st, &r->scope, &p))
			continue;
		dflt = nb_default(r->nb, &p);
		if (dflt)
			cli_scope_add(&v->scope, st->text, dflt);
	}
}

static void
render_values(struct render *r, const struct cli_crow *row, struct values *v, bool no)
{
	size_t before = r->out->len;

	put_line(r, row, v, no);
	if (r->out->len != before)
		return;
	fill_defaults(r, row, v);
	put_line(r, row, v, no);
}

/* A line for each value of a leaf-list. */
static void
render_each(struct render *r, const struct cli_crow *row)
{
	const struct cli_stmt *st = &row->set.s[0];
	struct nb_path p;

	if (!cli_stmt_path(st, &r->scope, &p))
		return;
	for (const struct lyd_node *n = nb_first(r->tree, &p); n; n = nb_next(n)) {
		struct values v = { r->scope, NULL };

		cli_scope_add(&v.scope, st->text, nb_value(n));
		put_line(r, row, &v, false);
	}
}

static void
render_row(struct render *r, const struct cli_crow *row)
{
	struct values v = { r->scope, NULL };
	bool no = false, said = false;

	if (row->set.n == 0)
		return;
	if (row->set.s[0].op == STMT_ADD) {
		render_each(r, row);
		return;
	}
	for (size_t i = 0; i < row->set.n; i++) {
		struct nb_path p;
		bool off = false;

		if (!cli_stmt_path(&row->set.s[i], &r->scope, &p) ||
		    (!no && !stmt_values(r, row, &row->set.s[i], &p, &v, &off, &said))) {
			said = false;
			break;
		}
		no |= off;
	}
	if (said)
		render_values(r, row, &v, no);
	free(v.joined);
}

/* ---- blocks ---- */

static void
put_separator(struct render *r)
{
	for (unsigned i = 0; i < r->depth; i++)
		strbuf_putc(r->out, ' ');
	strbuf_put(r->out, "!\n");
}

/* The row's line, what is in its node, and the word that ends it.  A block that has no
 * statements of its own is printed only around something. */
static void
render_block(struct render *r, const struct cli_crow *row)
{
	const struct cli_node_row *node = &cli_nodes[row->row->enter];
	size_t mark = r->out->len, start;
	struct values v = { r->scope, NULL };

	if (row->set.n == 0 || node->parent == NODE_CONFIG)
		put_separator(r);
	start = r->out->len;
	if (row->set.n)
		render_row(r, row);
	else
		put_line(r, row, &v, false);
	if (r->out->len != start) {
		size_t body = r->out->len;

		r->depth++;
		render_node(r, row->row->enter);
		r->depth--;
		if (row->set.n || r->out->len != body) {
			for (unsigned i = 0; i < r->depth; i++)
				strbuf_putc(r->out, ' ');
			strbuf_printf(r->out, "%s\n", node->exit);
			return;
		}
	}
	r->out->len = mark;
	if (r->out->s)
		r->out->s[mark] = '\0';
}

static void
render_one(struct render *r, const struct cli_crow *row)
{
	if (row->row->enter != NODE_NONE)
		render_block(r, row);
	else
		render_row(r, row);
}

/* ---- runs over lists ---- */

static bool
is_printed(const struct cli_crow *row)
{
	return !(row->row->flags &
		 (CLI_HIDDEN | CLI_NOEFFECT | CLI_SILENT | CLI_REFUSE | CLI_NO_ONLY));
}

/* The capture that runs over a list for this row, NULL: none. */
static const char *
run_of(const struct render *r, const struct cli_crow *row)
{
	int i = row->set.n ? cli_stmt_open_step(&row->set.s[0], &r->scope) : -1;

	return i < 0 ? NULL : row->set.s[0].step[i].key;
}

struct entries {
	const char **key; /* owned array, borrowed keys */
	size_t n;	  /* of them */
};

static int
rank(const char *key, struct ip *ip, struct prefix *p, unsigned long long *num)
{
	if (parse_u64(key, 0, UINT64_MAX, num))
		return 0;
	if (ip_parse(key, ip))
		return 1;
	return strchr(key, '/') && prefix_parse(key, p) ? 2 : 3;
}

/* Numbers, addresses, prefixes, names; each in its order. */
static int
key_cmp(const void *pa, const void *pb)
{
	const char *a = *(const char *const *)pa, *b = *(const char *const *)pb;
	unsigned long long na, nb;
	struct prefix xa, xb;
	struct ip ia, ib;
	int ra = rank(a, &ia, &xa, &na), rb = rank(b, &ib, &xb, &nb), c = 0;

	if (ra != rb)
		return ra - rb;
	if (ra == 0)
		return na < nb ? -1 : na > nb;
	if (ra == 1)
		c = ip_cmp(ia, ib);
	else if (ra == 2)
		c = ip_cmp(xa.ip, xb.ip);
	return c ? c : strcmp(a, b);
}

static void
entries_add(struct entries *e, const struct lyd_node *first)
{
	size_t from = e->n;

	for (const struct lyd_node *n = first; n; n = nb_next(n)) {
		e->key = xrealloc(e->key, (e->n + 1) * sizeof e->key[0]);
		e->key[e->n++] = nb_key(n);
	}
	if (e->n > from)
		qsort(e->key + from, e->n - from, sizeof e->key[0], key_cmp);
}

/* Keys over which the run goes: for peers the peer-groups, then the neighbours. */
static struct entries
entries_of(const struct render *r, const struct cli_crow *row)
{
	const struct cli_stmt *st = &row->set.s[0];
	unsigned open = (unsigned)cli_stmt_open_step(st, &r->scope);
	struct entries e = { NULL, 0 };
	struct nb_path p = { .n = open + 1 };

	if (strcmp(st->step[open].key, "peer") == 0) {
		entries_add(&e,
		    nb_first(r->tree, NB_PATH({ "bgp", NULL }, { "peer-group", NULL })));
		entries_add(&e,
		    nb_first(r->tree, NB_PATH({ "bgp", NULL }, { "neighbor", NULL })));
		return e;
	}
	for (unsigned i = 0; i <= open; i++) {
		p.s[i].name = st->step[i].name;
		p.s[i].key = i < open && st->step[i].key
				 ? cli_scope_get(&r->scope, st->step[i].key)
				 : NULL;
	}
	entries_add(&e, nb_first(r->tree, &p));
	return e;
}

/* Rows i.. that run over the same list are printed entry by entry; returns the row after them. */
static size_t
render_run(struct render *r, const struct cli_rowset *s, size_t i, const char *run)
{
	struct entries e = entries_of(r, s->row[i]);
	size_t end = i;

	while (end < s->n &&
	       (!is_printed(s->row[end]) ||
		   (run_of(r, s->row[end]) && strcmp(run_of(r, s->row[end]), run) == 0)))
		end++;
	for (size_t k = 0; k < e.n; k++) {
		cli_scope_add(&r->scope, run, e.key[k]);
		for (size_t j = i; j < end;) {
			const char *inner =
			    is_printed(s->row[j]) ? run_of(r, s->row[j]) : NULL;

			if (inner) {
				j = render_run(r, s, j, inner);
				continue;
			}
			if (is_printed(s->row[j]))
				render_one(r, s->row[j]);
			j++;
		}
		r->scope.n--;
	}
	free(e.key);
	return end;
}

static void
render_node(struct render *r, enum cli_node node)
{
	const struct cli_rowset *s = &r->c->node[node];

	for (size_t i = 0; i < s->n;) {
		const char *run;

		if (!is_printed(s->row[i])) {
			i++;
			continue;
		}
		run = run_of(r, s->row[i]);
		if (run) {
			i = render_run(r, s, i, run);
			continue;
		}
		render_one(r, s->row[i++]);
	}
	cli_keep_render(r->c, r->tree, node, &r->scope, r->depth, r->out);
}

void
cli_text_render(
    const struct cli *c, struct nb *nb, const struct lyd_node *tree, struct strbuf *out)
{
	struct render r = { .c = c, .nb = nb, .tree = tree, .out = out };

	render_node(&r, NODE_CONFIG);
}
