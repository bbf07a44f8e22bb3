/* SPDX-License-Identifier: ISC */
/* The table of findings. */
#include "config.h"

#include "evpn/findings.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

void
findings_init(struct findings *t)
{
	*t = (struct findings){ 0 };
}

void
findings_fini(struct findings *t)
{
	free(t->a);
	findings_init(t);
}

static int
key_cmp(const struct zl_finding *a, const struct zl_finding *b)
{
	if (a->code != b->code)
		return a->code < b->code ? -1 : 1;
	if (a->vni != b->vni)
		return a->vni < b->vni ? -1 : 1;
	return strcmp(a->subject, b->subject);
}

/* The first entry that is not before this key. */
static size_t
place(const struct findings *t, const struct zl_finding *f)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (key_cmp(&t->a[mid].f, f) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
set(struct findings *t, const struct zl_finding *f)
{
	size_t i = place(t, f);

	if (i == t->n || key_cmp(&t->a[i].f, f) != 0) {
		if (t->n == t->cap) {
			t->cap = MAX(16u, 2 * t->cap);
			t->a = xrealloc(t->a, t->cap * sizeof *t->a);
		}
		memmove(&t->a[i + 1], &t->a[i], (t->n - i) * sizeof *t->a);
		t->n++;
	}
	t->a[i] = (struct finding){ .f = *f, .seen = true };
}

static void
del(struct findings *t, const struct zl_finding *f)
{
	size_t i = place(t, f);

	if (i == t->n || key_cmp(&t->a[i].f, f) != 0)
		return;
	t->n--;
	memmove(&t->a[i], &t->a[i + 1], (t->n - i) * sizeof *t->a);
}

bool
findings_message(struct findings *t, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_finding m;

	while (rb_left(&r) > 0) {
		if (!zl_finding_decode(&r, &m))
			return false;
		if (m.op == ZL_SET)
			set(t, &m);
		else
			del(t, &m);
	}
	return true;
}

void
findings_begin(struct findings *t)
{
	for (size_t i = 0; i < t->n; i++)
		t->a[i].seen = false;
}

void
findings_end(struct findings *t)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++)
		if (t->a[i].seen)
			t->a[n++] = t->a[i];
	t->n = n;
}

const struct zl_finding *
findings_after(const struct findings *t, const struct zl_finding *last)
{
	size_t i = place(t, last);

	if (i < t->n && key_cmp(&t->a[i].f, last) == 0)
		i++;
	return i < t->n ? &t->a[i].f : NULL;
}
