/* SPDX-License-Identifier: ISC */
/* `show plan`: what evpnd has to do at its devices, and what stands in the way. */
#include "config.h"

#include "mgmt/show_plan.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"
#include "mgmt/cli_text.h"
#include "mgmt/commit_priv.h"
#include "mgmt/conf.h"
#include "mgmt/datastore.h"
#include "mgmt/draft.h"
#include "mgmt/plan.h"
#include "mgmt/session.h"
#include "mgmt/show_text.h"
#include "mgmt/show_tree.h"

struct item {
	enum plan_level level; /* what it is */
	char *subject;	       /* device; owned */
	char *text;	       /* owned */
};

/* An answer as it comes; it is printed when it is whole. */
struct plan {
	struct show_ctx *c; /* who asked */
	struct item *item;  /* owned */
	size_t n, cap;	    /* of them, and room */
	size_t at;	    /* next one to print */
	bool whole;	    /* all are there */
	bool begun;	    /* the head is printed */
};

static void
on_step(void *arg, const struct plan_item *it)
{
	struct plan *p = arg;

	if (!it) {
		p->whole = true;
		if (p->c->waiting)
			show_wake(p->c);
		return;
	}
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 64;
		p->item = xrealloc(p->item, p->cap * sizeof p->item[0]);
	}
	p->item[p->n++] =
	    (struct item){ it->level, xstrdup(it->subject), xstrdup(it->text) };
}

static size_t
count(const struct plan *p, bool steps)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += (p->item[i].level == PLAN_DO) == steps;
	return n;
}

static void
begin(struct show_ctx *c, struct plan *p)
{
	p->begun = true;
	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_uint(c->out, "steps", count(p, true));
		out_uint(c->out, "problems", count(p, false));
		out_arr_begin(c->out, "plan");
	} else if (p->n == 0) {
		out_puts(c->out, "Nothing to do: all devices are as they should be.\n");
	}
}

static void
print_item(struct show_ctx *c, const struct item *it)
{
	static const char *const levels[] = { "step", "note", "error" };
	static const char *const marks[] = { "", "! ", "! " };

	if (c->json) {
		out_obj_begin(c->out, NULL);
		out_str(c->out, "kind", levels[it->level]);
		out_str(c->out, "device", it->subject);
		out_str(c->out, "text", it->text);
		out_obj_end(c->out);
		return;
	}
	out_printf(c->out, "%-16s %s%s\n", it->subject, marks[it->level], it->text);
}

/* About the draft that the session edits, or about what is committed. */
static bool
ask(struct show_ctx *c, struct plan *p)
{
	struct err e = { 0 };
	struct conf *mine;

	if (!c->session || !c->session->draft) {
		c->eng->plan(c->eng, c->eng->conf, on_step, p);
		return true;
	}
	mine = commit_check_tree(c->eng, draft_read(c->session->draft), &e);
	if (!mine) {
		p->whole = true;
		return show_fail(c, "%s%s%s%s", e.text, e.path[0] ? " (" : "", e.path,
		    e.path[0] ? ")" : "");
	}
	c->eng->plan(c->eng, mine, on_step, p);
	conf_free(mine);
	return true;
}

static bool
show_plan(struct show_ctx *c)
{
	struct plan *p = c->state;

	if (!p) {
		if (!c->eng->plan || !c->eng->conf)
			return show_fail(c, "There is no kernel to plan for");
		p = c->state = xcalloc(1, sizeof *p);
		p->c = c;
		if (!ask(c, p))
			return false;
	}
	if (!p->whole) {
		c->waiting = true;
		return true;
	}
	if (!p->begun)
		begin(c, p);
	while (p->at < p->n) {
		if (out_full(c->out))
			return true;
		print_item(c, &p->item[p->at++]);
	}
	if (c->json) {
		out_arr_end(c->out);
		out_obj_end(c->out);
	}
	return false;
}

static void
plan_done(struct show_ctx *c)
{
	struct plan *p = c->state;

	if (!p)
		return;
	if (!p->whole)
		c->eng->plan_forget(c->eng, p);
	for (size_t i = 0; i < p->n; i++) {
		free(p->item[i].subject);
		free(p->item[i].text);
	}
	free(p->item);
	free(p);
}

/* What the short form means, in the words of the rest of the dialect. */
static bool
show_effective(struct show_ctx *c)
{
	static const char *const short_form[] = { "fabric", "tenant", "port" };
	struct nb *nb = c->eng->ds->nb;
	struct lyd_node *all;
	struct err e = { 0 };
	bool more;

	if (c->state)
		return show_text_slice(c);
	all = c->eng->ds->running ? conf_expand(c->eng->ds->running, &e) : NULL;
	if (!all && c->eng->ds->running)
		return show_fail(c, "%s", e.text);
	for (size_t i = 0; i < ARRAY_LEN(short_form); i++) {
		const struct nb_path *p = NB_PATH({ short_form[i], NULL });
		const struct lyd_node *n;

		while ((n = nb_first(all, p)) != NULL)
			nb_del(nb, &all, i ? NB_PATH({ short_form[i], nb_key(n) }) : p);
	}
	if (c->json)
		more = show_tree_json(c, all);
	else {
		cli_text_render(c->eng->cli, nb, all, show_text_new(c));
		more = show_text_slice(c);
	}
	nb_tree_free(all);
	return more;
}

static const struct show_cmd cmds[] = {
	{ "show configuration effective [json]",
	    "The configuration with fabric and tenants in the words of the rest",
	    show_effective, show_text_done },
	{ "show plan [json]",
	    "What is to be done at the devices of tenants, and what stands in the way",
	    show_plan, plan_done },
};

const struct show_table show_plan_table = SHOW_TABLE(cmds);
