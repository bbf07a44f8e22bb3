/* SPDX-License-Identifier: ISC */
/* NETCONF's two framings; the contract is in the header. */
#include "config.h"

#include "netconf/frame.h"

#include <string.h>

#include "lib/util.h"

/* Places in "\n#123\n" and "\n##\n". */
enum { AT_LF, AT_HASH, AT_FIRST, AT_DIGIT, AT_DATA, AT_END };

#define CHUNK_MAX 4294967295u /* RFC 6242 4.2 */

void
frame_init(struct frame *f)
{
	*f = (struct frame){ .max = FRAME_HELLO_MAX };
	strbuf_init(&f->msg);
}

void
frame_fini(struct frame *f)
{
	strbuf_fini(&f->msg);
}

void
frame_next(struct frame *f, bool chunked)
{
	/* A long message's memory is not kept for the short ones that follow. */
	strbuf_fini(&f->msg);
	strbuf_init(&f->msg);
	f->max = FRAME_MAX;
	f->chunked = chunked;
	f->step = AT_LF;
	f->size = f->left = 0;
}

static enum frame_state
take_marked(struct frame *f, const char *p, size_t n, size_t *used)
{
	size_t mark = strlen(FRAME_END), from, add = MIN(n, f->max + mark - f->msg.len);
	const char *end;

	/* The mark may have begun in what came before. */
	from = f->msg.len < mark ? 0 : f->msg.len - (mark - 1);
	strbuf_putn(&f->msg, p, add);
	end = memmem(f->msg.s + from, f->msg.len - from, FRAME_END, mark);
	if (!end) {
		*used = add;
		return f->msg.len >= f->max + mark ? FRAME_LONG : FRAME_MORE;
	}
	*used = add - (f->msg.len - (size_t)(end - f->msg.s) - mark);
	f->msg.len = (size_t)(end - f->msg.s);
	f->msg.s[f->msg.len] = '\0';
	return FRAME_WHOLE;
}

/* One byte of a chunk's head. */
static enum frame_state
take_head(struct frame *f, char c)
{
	bool digit = c >= '0' && c <= '9';

	if (f->step == AT_LF && c == '\n') {
		f->step = AT_HASH;
	} else if (f->step == AT_HASH && c == '#') {
		f->step = AT_FIRST;
	} else if (f->step == AT_FIRST && c == '#' && f->msg.len > 0) {
		f->step = AT_END;
	} else if (f->step == AT_FIRST && digit && c != '0') {
		f->size = (size_t)(c - '0');
		f->step = AT_DIGIT;
	} else if (f->step == AT_DIGIT && digit) {
		f->size = f->size * 10 + (size_t)(c - '0');
		if (f->size > CHUNK_MAX)
			return FRAME_BAD;
	} else if (f->step == AT_DIGIT && c == '\n') {
		if (f->size > f->max - f->msg.len)
			return FRAME_LONG;
		f->left = f->size;
		f->step = AT_DATA;
	} else if (f->step == AT_END && c == '\n') {
		return FRAME_WHOLE;
	} else {
		return FRAME_BAD;
	}
	return FRAME_MORE;
}

static enum frame_state
take_chunked(struct frame *f, const char *p, size_t n, size_t *used)
{
	enum frame_state st = FRAME_MORE;
	size_t at = 0;

	while (st == FRAME_MORE && at < n) {
		if (f->step == AT_DATA) {
			size_t take = MIN(f->left, n - at);

			strbuf_putn(&f->msg, p + at, take);
			at += take;
			f->left -= take;
			if (f->left == 0)
				f->step = AT_LF;
		} else {
			st = take_head(f, p[at++]);
		}
	}
	*used = at;
	return st;
}

enum frame_state
frame_take(struct frame *f, const char *p, size_t n, size_t *used)
{
	return f->chunked ? take_chunked(f, p, n, used) : take_marked(f, p, n, used);
}
