/* SPDX-License-Identifier: ISC */
/* The wire form of the control protocol. */
#include "config.h"

#include "mgmt/ctl_proto.h"

#include <string.h>

#include "lib/util.h"

void
ctl_text_put(struct wbuf *w, const char *s)
{
	size_t n = strlen(s);

	wb_u16(w, (uint16_t)n);
	wb_bytes(w, s, n);
}

void
ctl_text_get(struct rbuf *r, char *out, size_t size)
{
	size_t n = rb_u16(r);

	out[0] = '\0';
	if (n >= size) {
		rb_fail(r);
		return;
	}
	rb_copy(r, out, n);
	out[n] = '\0';
	if (strlen(out) != n)
		rb_fail(r);
}

void
ctl_choice_encode(struct wbuf *w, const struct ctl_choice *m)
{
	wb_u8(w, m->is_value);
	ctl_text_put(w, m->word);
	ctl_text_put(w, m->help);
}

bool
ctl_choice_decode(struct rbuf *r, struct ctl_choice *m)
{
	uint8_t value = rb_u8(r);

	m->is_value = value == 1;
	ctl_text_get(r, m->word, sizeof m->word);
	ctl_text_get(r, m->help, sizeof m->help);
	return rb_done(r) && value <= 1;
}

void
ctl_done_encode(struct wbuf *w, const struct ctl_done *m)
{
	wb_u8(w, m->status);
	wb_u8(w, m->closing);
	ctl_text_put(w, m->prompt);
}

bool
ctl_done_decode(struct rbuf *r, struct ctl_done *m)
{
	uint8_t closing;

	m->status = rb_u8(r);
	closing = rb_u8(r);
	m->closing = closing == 1;
	ctl_text_get(r, m->prompt, sizeof m->prompt);
	return rb_done(r) && closing <= 1;
}

void
ctl_user_encode(struct wbuf *w, const struct ctl_user *m)
{
	ctl_text_put(w, m->name);
	ctl_text_put(w, m->door);
}

bool
ctl_user_decode(struct rbuf *r, struct ctl_user *m)
{
	ctl_text_get(r, m->name, sizeof m->name);
	ctl_text_get(r, m->door, sizeof m->door);
	return rb_done(r) && m->name[0] && m->door[0];
}

char *
ctl_text(const uint8_t *body, size_t len, bool multi)
{
	char *s;

	if (len && (memchr(body, '\0', len) || (!multi && memchr(body, '\n', len))))
		return NULL;
	s = xmalloc(len + 1);
	if (len)
		memcpy(s, body, len);
	s[len] = '\0';
	return s;
}
