/* SPDX-License-Identifier: ISC */
/* Fuzz target: a stream of messages, behind a context octet. */
#include "config.h"

#include <string.h>

#include "bgpd/open.h"
#include "bgpd/refresh.h"
#include "tests/fuzz/bgp.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/vector.h"

static void
notification(const struct bgp_msg *m)
{
	static uint8_t mem[MSG_MAX_EXTENDED];
	struct wbuf w = wb_init(mem, sizeof mem);
	char text[NOTIFICATION_TEXT_MAX];
	struct notification n;

	oracle(notification_decode(m->body, &n));
	notification_shutdown_text(&n, text);
	oracle(strlen(text) < sizeof text);
	notification_code_name(n.code);
	notification_subcode_name(n.code, n.subcode);
	notification_encode(&w, &n);
	oracle(wb_len(&w) == m->len && memcmp(mem, m->start, m->len) == 0);
}

static void
refresh(const struct bgp_msg *m)
{
	uint8_t mem[64];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct refresh r;
	struct bgp_fault f;

	if (!refresh_decode(m, &r, &f))
		return;
	refresh_encode(&w, &r);
	oracle(wb_len(&w) == m->len && memcmp(mem, m->start, m->len) == 0);
}

static void
dispatch(const struct bgp_msg *m, const struct attr_ctx *ctx, struct arena *arena)
{
	struct open_msg o;
	struct bgp_fault f;
	struct update u;

	switch (m->type) {
	case MSG_OPEN:
		open_decode(m->body, &o, &f);
		break;
	case MSG_UPDATE:
		update_decode(m->body, ctx, arena, &u);
		break;
	case MSG_NOTIFICATION:
		notification(m);
		break;
	case MSG_ROUTE_REFRESH:
		refresh(m);
		break;
	default:
		oracle(m->type == MSG_KEEPALIVE && rb_left(&m->body) == 0);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct attr_ctx ctx = fuzz_ctx(size ? data[0] : 0);
	size_t at = 1, max = size && data[0] & VECTOR_EXT ? MSG_MAX_EXTENDED : MSG_MAX;
	struct arena arena;
	struct bgp_fault f;
	struct bgp_msg m;

	arena_init(&arena);
	while (at < size && msg_frame(data + at, size - at, max, &m, &f) == MSG_WHOLE) {
		dispatch(&m, &ctx, &arena);
		arena_reset(&arena);
		at += m.len;
	}
	arena_fini(&arena);
	return 0;
}
