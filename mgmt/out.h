/* SPDX-License-Identifier: ISC */
/* mgmt/out.h: where a command writes its answer: text, or JSON as it comes.
 *
 * What    A growing buffer that whoever runs the command empties between slices.
 *         Text by out_printf(); JSON by a streaming writer that keeps commas,
 *         nesting and indentation right, so no dump ever builds a tree in memory.
 * Slices  out_full() says that enough waits to be sent: return "more is left"
 *         soon.  Writing on is never refused, only impolite.
 * Tones   What is good or bad is marked where it is written, if the reader asked for it;
 *         text alone, JSON never.
 * JSON    key is NULL inside an array (and for the outermost value), else a name.
 *         Bytes that are not UTF-8 come out as U+FFFD.
 * Owns    The buffer and the nesting stack.
 */
#ifndef EVPND_MGMT_OUT_H
#define EVPND_MGMT_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/strbuf.h"

#define OUT_DEPTH_MAX 24	  /* nested objects and arrays */
#define OUT_SOFT_LIMIT (32 << 10) /* bytes at which out_full() says so */

/* Good news and bad, for a terminal that has colours. */
enum out_tone { OUT_PLAIN, OUT_GOOD, OUT_WARN, OUT_BAD };

struct out {
	struct strbuf buf; /* not yet taken by the runner; owned */
	bool marked;	   /* the reader wants tones marked (mgmt/ctl_proto.h) */
	bool pretty;	   /* JSON: one member a line, indented by two */
	uint8_t depth;	   /* open objects and arrays */
	uint8_t kind[OUT_DEPTH_MAX]; /* '{' or '[' per level */
	bool members[OUT_DEPTH_MAX]; /* the level has a member already */
};

void out_init(struct out *o);
void out_fini(struct out *o);
/* True when the runner should take what is there first. */
bool out_full(const struct out *o);

void out_puts(struct out *o, const char *s);
void out_printf(struct out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* What follows is in this tone, up to the next call, which comes before the end of the line. */
void out_tone(struct out *o, enum out_tone tone);
/* A part of a line in this tone, perhaps its end; widths in fmt count what is seen. */
void out_toned(struct out *o, enum out_tone tone, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Large answers are compact in the dialect: call before the first value. */
void out_json_compact(struct out *o);
void out_obj_begin(struct out *o, const char *key);
void out_obj_end(struct out *o); /* the outermost one ends the line, too */
void out_arr_begin(struct out *o, const char *key);
void out_arr_end(struct out *o);
void out_str(struct out *o, const char *key, const char *s);
void out_strf(struct out *o, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void out_int(struct out *o, const char *key, int64_t v);
void out_uint(struct out *o, const char *key, uint64_t v);
void out_real(struct out *o, const char *key, double v); /* a finite number */
void out_bool(struct out *o, const char *key, bool v);
void out_null(struct out *o, const char *key);
void out_raw(struct out *o, const char *key, const char *json); /* one value, as it is */

#endif
