/* SPDX-License-Identifier: ISC */
/* zebra-lite/outq.c: chunks of encoded records. */
#include "config.h"

#include "zebra-lite/outq.h"

#include <stdlib.h>

#include "lib/util.h"

uint8_t *
outq_room(struct outq *q, uint32_t max, uint32_t most)
{
	struct outq_chunk *c = q->tail;

	ensure(max <= sizeof c->b);
	if (!c || c->len + max > sizeof c->b || c->n == most) {
		c = xmalloc(sizeof *c);
		c->next = NULL;
		c->len = c->n = 0;
		if (q->tail)
			q->tail->next = c;
		else
			q->head = c;
		q->tail = c;
	}
	return c->b + c->len;
}

void
outq_put(struct outq *q, uint32_t len)
{
	q->tail->len += len;
	q->tail->n++;
	q->n++;
}

void
outq_drop(struct outq *q)
{
	struct outq_chunk *c = q->head;

	q->n -= c->n;
	q->head = c->next;
	if (!q->head)
		q->tail = NULL;
	free(c);
}

void
outq_clear(struct outq *q)
{
	while (q->head)
		outq_drop(q);
}
