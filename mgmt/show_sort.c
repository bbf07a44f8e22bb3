/* SPDX-License-Identifier: ISC */
/* Sorted runs of keys, merged by a heap. */
#include "config.h"

#include "mgmt/show_sort.h"

#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

#define RUN 4096 /* keys of a sorted run */

/* The unread part of a sorted run. */
struct run {
	size_t at, end; /* keys */
};

struct show_sort {
	size_t size;	  /* bytes of a key */
	uint8_t *keys;	  /* owned */
	size_t n, cap;	  /* keys used and allocated */
	struct run *heap; /* owned: runs, the smallest first key on top */
	size_t nheap;	  /* runs that are left */
};

struct show_sort *
show_sort_new(size_t keysize)
{
	struct show_sort *s = xcalloc(1, sizeof *s);

	s->size = keysize;
	return s;
}

void
show_sort_free(struct show_sort *s)
{
	if (!s)
		return;
	free(s->keys);
	free(s->heap);
	free(s);
}

static const uint8_t *
key_at(const struct show_sort *s, size_t i)
{
	return s->keys + i * s->size;
}

static int
key_cmp(const void *a, const void *b, void *size)
{
	return memcmp(a, b, *(const size_t *)size);
}

static void
sort_run(struct show_sort *s, size_t from)
{
	qsort_r(s->keys + from * s->size, s->n - from, s->size, key_cmp, &s->size);
}

void
show_sort_add(struct show_sort *s, const void *key)
{
	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->keys = xrealloc(s->keys, s->cap * s->size);
	}
	memcpy(s->keys + s->n++ * s->size, key, s->size);
	if (s->n % RUN == 0)
		sort_run(s, s->n - RUN);
}

static void
sift_down(struct show_sort *s, size_t i)
{
	for (;;) {
		size_t least = i;

		for (size_t k = 2 * i + 1; k < 2 * i + 3 && k < s->nheap; k++)
			if (memcmp(key_at(s, s->heap[k].at), key_at(s, s->heap[least].at),
				s->size) < 0)
				least = k;
		if (least == i)
			return;
		struct run t = s->heap[i];
		s->heap[i] = s->heap[least];
		s->heap[least] = t;
		i = least;
	}
}

void
show_sort_end(struct show_sort *s)
{
	if (s->n % RUN != 0)
		sort_run(s, s->n - s->n % RUN);
	s->nheap = (s->n + RUN - 1) / RUN;
	s->heap = xcalloc(s->nheap + 1, sizeof *s->heap);
	for (size_t i = 0; i < s->nheap; i++)
		s->heap[i] = (struct run){ i * RUN, MIN((i + 1) * RUN, s->n) };
	for (size_t i = s->nheap / 2; i-- > 0;)
		sift_down(s, i);
}

uint32_t
show_sort_count(const struct show_sort *s)
{
	return (uint32_t)s->n;
}

const void *
show_sort_next(struct show_sort *s)
{
	struct run *top = s->heap;
	const void *key;

	if (s->nheap == 0)
		return NULL;
	key = key_at(s, top->at);
	if (++top->at == top->end)
		s->heap[0] = s->heap[--s->nheap];
	sift_down(s, 0);
	return key;
}
