/* SPDX-License-Identifier: ISC */
/* Fuzz target: a field of EVPN NLRI. */
#include "config.h"

#include <string.h>

#include "bgpd/afi.h"
#include "tests/fuzz/fuzz.h"

static bool
key_equal(const struct rib_key *a, const struct rib_key *b)
{
	return rib_key_cmp(a, b) == 0;
}

/* The way through struct evpn_nlri and the one straight to the key agree. */
static void
compare_ways(const struct afi_nlri *n, const struct evpn_nlri *e)
{
	struct rib_key k;
	char text[2][EVPN_NLRI_STRLEN];

	evpn_nlri_key(e, &k);
	oracle(key_equal(&k, &n->key));
	oracle(n->label[0] == e->label[0] && n->label[1] == e->label[1] &&
	       n->nlabels == e->nlabels);
	oracle(ip_equal(n->aux.gw, e->gw));
	if (e->type == EVPN_MACIP || e->type == EVPN_PREFIX)
		oracle(esi_equal(n->aux.esi, e->esi));
	afi_evpn()->format(&n->key.head, n->key.tail, n->key.len, text[0]);
	evpn_nlri_format(e, text[1]);
	oracle(strcmp(text[0], text[1]) == 0);
}

static void
compare_encodings(const struct afi_nlri *n, const struct evpn_nlri *e)
{
	struct rib_path path = { .flags = n->nlabels > 1 ? PATH_LABEL2 : 0 };
	uint8_t one[257], two[257];
	struct wbuf w1 = wb_init(one, sizeof one), w2 = wb_init(two, sizeof two);
	struct rbuf r;
	struct afi_nlri again;

	for (unsigned i = 0; i < 3; i++) {
		path.label1[i] = (uint8_t)(n->label[0] >> (16 - 8 * i));
		path.label2[i] = (uint8_t)(n->label[1] >> (16 - 8 * i));
	}
	evpn_nlri_encode(&w1, e);
	afi_encode(afi_evpn(), &w2, &n->key, &path, &n->aux);
	oracle(!w1.failed && !w2.failed && wb_len(&w1) == wb_len(&w2));
	oracle(memcmp(one, two, wb_len(&w1)) == 0);
	r = rb_init(one, wb_len(&w1));
	oracle(afi_evpn()->decode(&r, &again) == NLRI_OK && rb_done(&r));
	oracle(key_equal(&again.key, &n->key));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct rbuf r = rb_init(data, size), s = r;
	struct afi_nlri n;
	struct evpn_nlri e;

	while (rb_left(&r) > 0) {
		enum nlri_result res = afi_evpn()->decode(&r, &n);

		oracle(evpn_nlri_decode(&s, &e) == res && s.pos == r.pos);
		if (res == NLRI_TRUNCATED)
			break;
		if (res == NLRI_OK) {
			compare_ways(&n, &e);
			compare_encodings(&n, &e);
		}
	}
	oracle(afi_evpn()->walk(rb_init(data, size)) == !r.failed);
	return 0;
}
