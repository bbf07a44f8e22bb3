/* SPDX-License-Identifier: ISC */
/* Shared byte strings: cells in a slab, found through a keyed hash. */
#include "config.h"

#include "lib/intern.h"

#include <string.h>

#include "lib/hash.h"
#include "lib/util.h"

struct intern_cell {
	uint32_t refs;	  /* references; the cell is freed at 0 */
	uint32_t hash;	  /* of the bytes */
	uint8_t len;	  /* bytes used */
	uint8_t data[64]; /* the bytes */
};

void
intern_init(struct intern *t, const char *name)
{
	slab_init(&t->cells, name, sizeof(struct intern_cell));
	hidx_init(&t->index);
}

void
intern_fini(struct intern *t)
{
	hidx_fini(&t->index);
	slab_fini(&t->cells);
}

static uint32_t
find(const struct intern *t, uint32_t hash, const void *data, size_t len)
{
	uint32_t h;

	for (struct hidx_it it = hidx_first(&t->index, hash);
	     (h = hidx_next(&it)) != 0;) {
		const struct intern_cell *c = slab_ptr(&t->cells, h);

		if (c->len == len && (len == 0 || memcmp(c->data, data, len) == 0))
			return h;
	}
	return 0;
}

uint32_t
intern_find(const struct intern *t, const void *data, size_t len)
{
	return find(t, hash32(data, len), data, len);
}

uint32_t
intern_get(struct intern *t, const void *data, size_t len)
{
	uint32_t hash = hash32(data, len), h = find(t, hash, data, len);
	struct intern_cell *c;

	if (h != 0) {
		intern_ref(t, h);
		return h;
	}
	ensure(len <= sizeof(c->data));
	h = slab_alloc(&t->cells);
	c = slab_ptr(&t->cells, h);
	c->refs = 1;
	c->hash = hash;
	c->len = (uint8_t)len;
	if (len)
		memcpy(c->data, data, len);
	hidx_insert(&t->index, hash, h);
	return h;
}

void
intern_ref(struct intern *t, uint32_t h)
{
	struct intern_cell *c = slab_ptr(&t->cells, h);

	ensure(c->refs != 0 && c->refs != UINT32_MAX);
	c->refs++;
}

void
intern_unref(struct intern *t, uint32_t h)
{
	struct intern_cell *c;

	if (h == 0)
		return;
	c = slab_ptr(&t->cells, h);
	ensure(c->refs != 0);
	if (--c->refs != 0)
		return;
	ensure(hidx_remove(&t->index, c->hash, h));
	slab_free(&t->cells, h);
}

const void *
intern_bytes(const struct intern *t, uint32_t h, size_t *len)
{
	const struct intern_cell *c = slab_ptr(&t->cells, h);

	if (len)
		*len = c->len;
	return c->data;
}

size_t
intern_bytes_used(const struct intern *t)
{
	return slab_bytes(&t->cells) + hidx_bytes(&t->index);
}
