/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_frame.c: what the engine wants and asks, in its order, and not during a dump. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "lib/log.h"
#include "lib/util.h"
#include "zebra-lite/zl.h"

LOG_MODULE("zl.frame");

static bool
want(struct zl *z, const uint8_t *body, size_t len)
{
	uint32_t seq;

	if (!apply_frame(&z->apply, body, len, &seq))
		return false;
	zl_say_result(z, seq);
	for (unsigned i = 0; i < z->apply.nrecs; i++) {
		const struct zl_want *w = &z->apply.recs[i];

		if (w->op == ZL_SET && w->kind == ZL_KIND_NEIGH &&
		    (w->flags & ZL_F_MOVED) && z->apply.err[i] == 0)
			snoop_announce(&z->snoop, w);
	}
	return true;
}

static bool
probe(struct zl *z, struct rbuf *r)
{
	struct zl_probe m;

	while (rb_left(r) > 0 && zl_probe_decode(r, &m))
		if (z->kernel && z->config.kernel)
			host_probe(z, &m);
	return rb_done(r);
}

static bool
take(struct zl *z, uint16_t type, struct rbuf *r)
{
	return type == ZL_WANT ? want(z, r->pos, rb_left(r)) : probe(z, r);
}

static void
keep(struct zl *z, uint16_t type, const struct rbuf *r)
{
	struct zl_frame *f = xmalloc(sizeof *f + rb_left(r));

	f->next = NULL;
	f->type = type;
	f->len = rb_left(r);
	memcpy(f->body, r->pos, f->len);
	*z->frames_tail = f;
	z->frames_tail = &f->next;
}

bool
zl_frame(struct zl *z, uint16_t type, struct rbuf *r)
{
	if (!z->rec.running && !z->frames)
		return take(z, type, r);
	keep(z, type, r);
	return true;
}

void
zl_frames_late(struct zl *z)
{
	struct zl_frame *f;

	while ((f = z->frames) != NULL && !z->rec.running) {
		struct rbuf r = rb_init(f->body, f->len);
		bool good;

		z->frames = f->next;
		if (!z->frames)
			z->frames_tail = &z->frames;
		good = take(z, f->type, &r);
		free(f);
		if (!good) {
			log_error("engine: malformed frame");
			zl_engine_gone(z, "malformed frame");
		}
	}
}

void
zl_frames_drop(struct zl *z)
{
	struct zl_frame *f;

	while ((f = z->frames) != NULL) {
		z->frames = f->next;
		free(f);
	}
	z->frames_tail = &z->frames;
}
