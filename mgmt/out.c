/* SPDX-License-Identifier: ISC */
/* Text and streaming JSON into one buffer; the contract is in the header. */
#include "config.h"

#include "mgmt/out.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/util.h"
#include "mgmt/ctl_proto.h"

void
out_init(struct out *o)
{
	memset(o, 0, sizeof *o);
	strbuf_init(&o->buf);
	o->pretty = true;
}

void
out_fini(struct out *o)
{
	strbuf_fini(&o->buf);
}

bool
out_full(const struct out *o)
{
	return o->buf.len >= OUT_SOFT_LIMIT;
}

void
out_puts(struct out *o, const char *s)
{
	strbuf_put(&o->buf, s);
}

void
out_printf(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strbuf_vprintf(&o->buf, fmt, ap);
	va_end(ap);
}

void
out_tone(struct out *o, enum out_tone tone)
{
	if (o->marked)
		strbuf_putc(&o->buf, (char)(CTL_TONE_PLAIN + (int)tone));
}

void
out_toned(struct out *o, enum out_tone tone, const char *fmt, ...)
{
	const bool mark = o->marked && tone != OUT_PLAIN;
	bool newline;
	va_list ap;

	if (mark)
		out_tone(o, tone);
	va_start(ap, fmt);
	strbuf_vprintf(&o->buf, fmt, ap);
	va_end(ap);
	if (!mark)
		return;
	newline = o->buf.s[o->buf.len - 1] == '\n';
	if (newline)
		o->buf.len--;
	out_tone(o, OUT_PLAIN);
	if (newline)
		out_puts(o, "\n");
}

void
out_json_compact(struct out *o)
{
	o->pretty = false;
}

/* One character; returns the bytes consumed. */
static size_t
put_char(struct strbuf *b, const unsigned char *s)
{
	static const char plain[] = "\"\\\b\f\n\r\t";
	static const char escape[] = "\"\\bfnrt";
	const char *p = strchr(plain, s[0]);
	size_t n;

	if (p) {
		strbuf_putc(b, '\\');
		strbuf_putc(b, escape[p - plain]);
		return 1;
	}
	if (s[0] < 0x20) {
		strbuf_printf(b, "\\u%04x", s[0]);
		return 1;
	}
	n = utf8_len((const char *)s);
	if (n == 0) {
		strbuf_put(b, "\\ufffd");
		return 1;
	}
	strbuf_putn(b, (const char *)s, n);
	return n;
}

static void
put_quoted(struct strbuf *b, const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	strbuf_putc(b, '"');
	while (*p)
		p += put_char(b, p);
	strbuf_putc(b, '"');
}

static void
put_newline(struct out *o)
{
	if (!o->pretty)
		return;
	strbuf_putc(&o->buf, '\n');
	for (unsigned i = 0; i < o->depth; i++)
		strbuf_put(&o->buf, "  ");
}

/* What stands before a value: comma, line break, key. */
static void
put_lead(struct out *o, const char *key)
{
	if (o->depth > 0) {
		bool *members = &o->members[o->depth - 1];

		if (*members)
			strbuf_putc(&o->buf, ',');
		*members = true;
		put_newline(o);
	}
	if (key && o->depth > 0 && o->kind[o->depth - 1] == '{') {
		put_quoted(&o->buf, key);
		strbuf_putc(&o->buf, ':');
	}
}

static void
open_level(struct out *o, const char *key, char kind)
{
	put_lead(o, key);
	ensure(o->depth < OUT_DEPTH_MAX);
	strbuf_putc(&o->buf, kind);
	o->kind[o->depth] = (uint8_t)kind;
	o->members[o->depth] = false;
	o->depth++;
}

static void
close_level(struct out *o, char kind)
{
	ensure(o->depth > 0 && o->kind[o->depth - 1] == (uint8_t)kind);
	o->depth--;
	put_newline(o);
	strbuf_putc(&o->buf, kind == '{' ? '}' : ']');
	if (o->depth == 0)
		strbuf_putc(&o->buf, '\n');
}

void
out_obj_begin(struct out *o, const char *key)
{
	open_level(o, key, '{');
}

void
out_obj_end(struct out *o)
{
	close_level(o, '{');
}

void
out_arr_begin(struct out *o, const char *key)
{
	open_level(o, key, '[');
}

void
out_arr_end(struct out *o)
{
	close_level(o, '[');
}

void
out_str(struct out *o, const char *key, const char *s)
{
	put_lead(o, key);
	put_quoted(&o->buf, s);
}

void
out_strf(struct out *o, const char *key, const char *fmt, ...)
{
	struct strbuf b;
	va_list ap;

	strbuf_init(&b);
	va_start(ap, fmt);
	strbuf_vprintf(&b, fmt, ap);
	va_end(ap);
	out_str(o, key, b.s);
	strbuf_fini(&b);
}

void
out_int(struct out *o, const char *key, int64_t v)
{
	put_lead(o, key);
	strbuf_printf(&o->buf, "%" PRId64, v);
}

void
out_uint(struct out *o, const char *key, uint64_t v)
{
	put_lead(o, key);
	strbuf_printf(&o->buf, "%" PRIu64, v);
}

void
out_real(struct out *o, const char *key, double v)
{
	put_lead(o, key);
	strbuf_printf(&o->buf, "%.4g", v);
}

void
out_bool(struct out *o, const char *key, bool v)
{
	put_lead(o, key);
	strbuf_put(&o->buf, v ? "true" : "false");
}

void
out_null(struct out *o, const char *key)
{
	put_lead(o, key);
	strbuf_put(&o->buf, "null");
}

void
out_raw(struct out *o, const char *key, const char *json)
{
	put_lead(o, key);
	strbuf_put(&o->buf, json);
}
