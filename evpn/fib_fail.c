/* SPDX-License-Identifier: ISC */
/* The table of failed writes: one record for each object whose last write failed. */
#include "config.h"

#include "evpn/core.h"
#include "lib/util.h"

static uint32_t
find(const struct fib *f, uint32_t ref)
{
	struct hidx_it it = hidx_first(&f->fail_idx, ref);
	uint32_t h;

	while ((h = hidx_next(&it)) != 0)
		if (((const struct fib_failure *)slab_ptr(&f->fails, h))->ref == ref)
			return h;
	return 0;
}

const struct fib_failure *
fib_failure(const struct evpn *e, uint32_t ref)
{
	uint32_t h = find(&e->fib, ref);

	return h ? slab_ptr(&e->fib.fails, h) : NULL;
}

const struct fib_failure *
fib_failure_next(const struct evpn *e, uint32_t *at)
{
	const struct fib_failure *x = *at ? fib_failure(e, *at) : NULL;
	uint32_t h = *at ? (x ? x->next : 0) : e->fib.fail_head;

	if (!h) {
		*at = UINT32_MAX;
		return NULL;
	}
	x = slab_ptr(&e->fib.fails, h);
	*at = x->ref;
	return x;
}

struct fib_failure *
fib_fail_get(struct fib *f, struct obj *o, uint32_t ref)
{
	uint32_t h = o->bits & FIB_ERROR ? find(f, ref) : 0;
	struct fib_failure *x;

	if (h)
		return slab_ptr(&f->fails, h);
	h = slab_alloc(&f->fails);
	x = slab_ptr(&f->fails, h);
	x->ref = ref;
	x->next = f->fail_head;
	if (f->fail_head)
		((struct fib_failure *)slab_ptr(&f->fails, f->fail_head))->prev = h;
	f->fail_head = h;
	hidx_insert(&f->fail_idx, ref, h);
	o->bits |= FIB_ERROR;
	return x;
}

void
fib_fail_drop(struct fib *f, struct obj *o, uint32_t ref)
{
	struct fib_failure *x;
	uint32_t h;

	if (!(o->bits & FIB_ERROR))
		return;
	o->bits &= (uint8_t)~FIB_ERROR;
	h = find(f, ref);
	x = slab_ptr(&f->fails, h);
	if (x->next)
		((struct fib_failure *)slab_ptr(&f->fails, x->next))->prev = x->prev;
	if (x->prev)
		((struct fib_failure *)slab_ptr(&f->fails, x->prev))->next = x->next;
	else
		f->fail_head = x->next;
	hidx_remove(&f->fail_idx, ref, h);
	slab_free(&f->fails, h);
}
