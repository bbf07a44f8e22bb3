/* SPDX-License-Identifier: ISC */
/* What the phases have in common, and those of a reflector. */
#include "config.h"

#include "tests/bench/phase.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- conditions ------------------------------------------------------------------------ */

bool
none_lost(struct load *l)
{
	struct session *s;

	for (s = l->sessions; s; s = s->next)
		if (s->lost)
			return false;
	return true;
}

static bool
received(struct load *l, void *arg)
{
	const struct goal *g = arg;
	unsigned int i;

	for (i = 0; i < l->nreceivers; i++)
		if (l->receivers[i]->tally.have != g->routes ||
		    l->receivers[i]->tally.imet != g->imet)
			return !none_lost(l);
	return true;
}

/* --- phases ---------------------------------------------------------------------------- */

static uint32_t
imet_count(const struct load *l)
{
	return l->conf.family == LOAD_EVPN2 ? l->conf.vnis * l->conf.senders : 0;
}

void
times(struct load *l, double start, struct report *r)
{
	double last = start;
	unsigned int i;

	for (i = 0; i < l->nreceivers; i++) {
		struct session *s = l->receivers[i];

		if (s->last > last)
			last = s->last;
		if (s->first > 0 && (r->first == 0 || s->first - start < r->first))
			r->first = s->first - start;
	}
	r->seconds = last - start;
}

static void
clear_times(struct load *l)
{
	struct session *s;

	for (s = l->sessions; s; s = s->next)
		s->first = s->gap = 0;
}

double
send_all(struct load *l, struct bytes *b)
{
	double start = now_s();
	unsigned int i;

	for (i = 0; i < l->conf.senders; i++)
		session_send(l, l->senders[i], b[i].p, b[i].len);
	return start;
}

static void
phase_load(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .routes = l->conf.routes, .imet = imet_count(l) };
	double start;

	(void)arg;
	start = send_all(l, l->announce);
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	times(l, start, r);
}

static void
phase_late(struct load *l, struct report *r, unsigned int arg)
{
	struct goal g = { .routes = l->conf.routes, .imet = imet_count(l) };
	unsigned int n = l->nreceivers;
	double start = now_s();

	(void)arg;
	l->receivers = realloc(l->receivers, (n + 1) * sizeof *l->receivers);
	if (!l->receivers)
		abort();
	l->receivers[n] = session_open(l, "late receiver", l->conf.source_base + 512 + n,
	    l->conf.routes + SINGLE_MAX);
	l->nreceivers++;
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	r->seconds = l->receivers[n]->last - start;
	r->first = l->receivers[n]->first - start;
	/* It leaves again, so that what follows is as before. */
	session_close(l->receivers[n]);
	l->nreceivers = n;
}

static void
phase_withdraw(struct load *l, struct report *r, unsigned int arg)
{
	struct bytes *b = calloc(l->conf.senders, sizeof *b);
	uint32_t per = l->conf.routes / l->conf.senders;
	struct goal g = { 0 };
	double start;
	unsigned int i;

	(void)arg;
	if (!b)
		abort();
	for (i = 0; i < l->conf.senders; i++)
		gen_routes(&b[i], &l->conf, i, i * per, per, true, true);
	start = send_all(l, b);
	r->timeout = !sessions_run(l, received, &g, l->conf.timeout);
	times(l, start, r);
	for (i = 0; i < l->conf.senders; i++)
		bytes_free(&b[i]);
	free(b);
}

static int
cmp_double(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void
quantiles(struct report *r, double *t, uint32_t n)
{
	if (n == 0)
		return;
	qsort(t, n, sizeof *t, cmp_double);
	r->median = t[n / 2];
	r->p99 = t[(uint64_t)n * 99 / 100];
	r->seconds = t[n - 1];
}

bool
sent(struct load *l, void *arg)
{
	(void)arg;
	return l->senders[0]->out_len == 0;
}

/* One route through an idle daemon, announced and withdrawn, arg times. */
static void
phase_single(struct load *l, struct report *r, unsigned int arg)
{
	uint32_t base = l->receivers[0]->tally.have, n = arg ? arg : 20, i;
	double *t = calloc(2 * n, sizeof *t), start;
	struct bytes b = { 0 };
	struct goal g = { .imet = l->receivers[0]->tally.imet };

	if (!t || n > SINGLE_MAX)
		abort();
	for (i = 0; i < 2 * n; i++) {
		sessions_run(l, NULL, NULL, 0.1);
		b.len = 0;
		gen_routes(&b, &l->conf, 0, l->conf.routes + i / 2, 1, i % 2, false);
		g.routes = base + !(i % 2);
		start = now_s();
		session_send(l, l->senders[0], b.p, b.len);
		r->timeout |= !sessions_run(l, received, &g, l->conf.timeout);
		t[i] = l->receivers[0]->last - start;
		sessions_run(l, sent, NULL, 5);
	}
	quantiles(r, t, 2 * n);
	bytes_free(&b);
	free(t);
}

static void
phase_idle(struct load *l, struct report *r, unsigned int arg)
{
	(void)r;
	sessions_run(l, NULL, NULL, arg ? arg : 4);
}

const struct phase phases_reflector[] = {
	{ "load", phase_load, "the senders announce, the receivers count" },
	{ "late", phase_late, "one more receiver, from its connect" },
	{ "withdraw", phase_withdraw, "the senders withdraw all" },
	{ "single", phase_single, "=N: one route at a time through an idle daemon" },
	{ "idle", phase_idle, "=S: seconds of rest" },
	{ 0 },
};

/* --- running ---------------------------------------------------------------------------- */

static void
print_kernel(const struct report *r)
{
	const struct kcount *k = &r->kernel;

	if (k->fdb_new || k->fdb_del || k->neigh_new || k->neigh_del)
		printf("\"fdb_new\":%u,\"fdb_del\":%u,\"neigh_new\":%u,\"neigh_del\":%u,",
		    k->fdb_new, k->fdb_del, k->neigh_new, k->neigh_del);
	if (k->route_new || k->route_del)
		printf("\"route_new\":%u,\"route_del\":%u,", k->route_new, k->route_del);
	if (k->lost)
		printf("\"overruns\":%u,", k->lost);
	if (r->checked)
		printf(
		    "\"least\":%u,\"held\":%u,\"away\":%u,", r->least, r->held, r->away);
}

static void
report_print(const struct report *r, bool first)
{
	printf("%s\n  {\"phase\":\"%s\",\"seconds\":%.6f,\"first\":%.6f,",
	    first ? "" : ",", r->name, r->seconds, r->first);
	if (r->median > 0)
		printf("\"median\":%.6f,\"p99\":%.6f,", r->median, r->p99);
	if (r->gap > 0)
		printf("\"silence\":%.3f,", r->gap);
	if (r->act > 0)
		printf("\"own\":%.6f,", r->act);
	print_kernel(r);
	usage_print_parts(&r->before, &r->after);
	printf(
	    "\"timeout\":%s,\"cpu\":%.2f,\"rss_before\":%llu,\"rss\":%llu,\"hwm\":%llu}",
	    r->timeout ? "true" : "false", r->after.cpu - r->before.cpu,
	    (unsigned long long)r->before.rss, (unsigned long long)r->after.rss,
	    (unsigned long long)r->after.hwm);
	fflush(stdout);
}

static const struct phase *const tables[] = { phases_reflector, phases_leaf, phases_l3 };
#define TABLES (sizeof tables / sizeof *tables)

static const struct phase *
phase_find(const char *name, size_t len)
{
	const struct phase *p;
	size_t i;

	for (i = 0; i < TABLES; i++)
		for (p = tables[i]; p->name; p++)
			if (strlen(p->name) == len && !strncmp(p->name, name, len))
				return p;
	return NULL;
}

bool
phase_run(struct load *l, const char *word, bool first)
{
	size_t len = strcspn(word, "=");
	const struct phase *p = phase_find(word, len);
	struct report r = { 0 };
	unsigned int i;

	if (!p) {
		fprintf(stderr, "bgpload: no phase %s\n", word);
		exit(2);
	}
	clear_times(l);
	r.name = p->name;
	r.before = usage_read(&l->conf);
	p->run(l, &r, word[len] ? (unsigned int)atoi(word + len + 1) : 0);
	if (r.after.n == 0)
		r.after = usage_read(&l->conf);
	for (i = 0; i < l->conf.senders; i++)
		if (l->senders[i]->gap > r.gap)
			r.gap = l->senders[i]->gap;
	report_print(&r, first);
	return !r.timeout && none_lost(l);
}

void
phase_help(void)
{
	const struct phase *p;
	size_t i;

	for (i = 0; i < TABLES; i++)
		for (p = tables[i]; p->name; p++)
			fprintf(stderr, "  %-11s %s\n", p->name, p->help);
}
