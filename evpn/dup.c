/* SPDX-License-Identifier: ISC */
/* The duplicate counter. */
#include "config.h"

#include "evpn/dup.h"

enum dup_verdict
dup_move(struct dup *d, const struct dup_conf *c, struct mono now)
{
	if (!c->dad || d->duplicate)
		return DUP_NO;
	if (d->moves == 0 || mono_diff(now, d->window) > c->window_us) {
		d->window = now;
		d->moves = 0;
	}
	d->moves++;
	if (d->moves < c->max_moves)
		return DUP_NO;
	d->duplicate = true;
	if (!c->freeze)
		return DUP_BECAME;
	d->frozen = true;
	d->frozen_until = c->freeze_us ? mono_add(now, c->freeze_us) : (struct mono){ 0 };
	return DUP_FROZE;
}

void
dup_clear(struct dup *d)
{
	*d = (struct dup){ 0 };
}
