/* SPDX-License-Identifier: ISC */
/* Fuzz target: the body of an OPEN. */
#include "config.h"

#include <string.h>

#include "bgpd/open.h"
#include "tests/fuzz/fuzz.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t mem[2][MSG_MAX_EXTENDED];
	const struct open_expect expect = { .rule = OPEN_AS_NUMBER,
		.remote_as = 65000,
		.local_as = 65000,
		.local_id = 1 };
	struct open_msg o, again;
	struct bgp_fault f;
	struct bgp_msg m;

	if (!open_decode(rb_init(data, size), &o, &f)) {
		oracle(f.code == BGP_ERR_OPEN && f.why);
		return 0;
	}
	open_check(&o, &expect, &f);
	for (unsigned i = 0; i < 2; i++) {
		struct wbuf w = wb_init(mem[i], sizeof mem[i]);

		open_encode(&w, &o);
		oracle(!w.failed);
		/* An OPEN of more than 4096 octets was never framed. */
		if (wb_len(&w) > MSG_MAX)
			return 0;
		oracle(msg_frame(mem[i], wb_len(&w), MSG_MAX, &m, &f) == MSG_WHOLE);
		oracle(open_decode(m.body, &again, &f));
		o = again;
	}
	oracle(memcmp(mem[0], mem[1], m.len) == 0);
	return 0;
}
