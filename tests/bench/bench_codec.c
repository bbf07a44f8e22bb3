/* SPDX-License-Identifier: ISC */
/* What the codecs cost: nanoseconds of CPU for a type-2 NLRI, an UPDATE, an attribute set.
 *
 * bench_codec [MILLIONS] works on full 4096-octet UPDATEs of MAC+IPv4 routes, as a leaf sends them.
 * It judges nothing: figures are compared between two builds on one machine.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "bgpd/attrset.h"
#include "bgpd/extcomm.h"
#include "bgpd/update.h"
#include "bgpd/update_write.h"
#include "lib/hash.h"
#include "lib/util.h"

static const struct attr_ctx ctx = { .as4 = true, .ibgp = true };
static uint8_t msg[MSG_MAX];
static size_t msg_len;
static volatile uint64_t sink; /* keeps the compiler from leaving work out */

static double
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void
report(const char *what, double since, double n)
{
	printf("%-44s %8.1f ns\n", what, (cpu_ns() - since) / n);
}

/* The attributes of a reflected type 2. */
static size_t
make_attrs(uint8_t *block, size_t size)
{
	static const uint32_t clusters[] = { 0x0a000009 };
	struct ecom ecoms[] = { rt_from_as(65000, 100), ecom_encap(ENCAP_VXLAN),
		ecom_mobility(&(struct ecom_mobility){ false, 3 }) };
	struct attrs a = { .has =
			       HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF | HAS_ORIGINATOR,
		.local_pref = 100,
		.originator = 0x0a000001,
		.clusters = clusters,
		.nclusters = 1,
		.ecoms = ecoms,
		.necoms = ARRAY_LEN(ecoms) };
	struct wbuf w = wb_init(block, size);

	attr_encode(&w, &a, &ctx);
	ensure(!w.failed);
	return wb_len(&w);
}

static void
bench_write(size_t routes)
{
	struct evpn_nlri n = { .type = EVPN_MACIP,
		.rd = rd_from_ip(0x0a000001, 100),
		.nlabels = 1,
		.mac = { { 2, 0, 0, 0, 0, 1 } },
		.ip = ip_v4(0x0a010203) };
	struct rib_path path = { .flags = PATH_LABEL1, .label1 = { 0, 0, 100 } };
	struct path_aux aux = { 0 };
	struct update_writer uw;
	uint8_t block[512];
	struct rib_key k;
	double t;

	evpn_nlri_key(&n, &k);
	ensure(update_writer_init(&uw, afi_evpn(), ip_v4(0x0a000001), block,
	    make_attrs(block, sizeof block), MSG_MAX));
	t = cpu_ns();
	update_writer_start(&uw, msg);
	for (size_t i = 0; i < routes; i++) {
		k.tail[6] = (uint8_t)i;
		if (update_writer_add(&uw, &k.head, k.tail, k.len, &path, &aux))
			continue;
		msg_len = update_writer_finish(&uw);
		update_writer_start(&uw, msg);
	}
	report("write a type-2 NLRI into an UPDATE", t, (double)routes);
	ensure(msg_len > 0);
	/* The next ones read a full message. */
	update_writer_start(&uw, msg);
	while (update_writer_add(&uw, &k.head, k.tail, k.len, &path, &aux))
		;
	msg_len = update_writer_finish(&uw);
}

static void
bench_read(size_t routes)
{
	struct rbuf body = rb_init(msg + MSG_HEADER_LEN, msg_len - MSG_HEADER_LEN);
	struct arena arena;
	struct update u;
	size_t n = 0, rounds = routes / 100;
	double t = cpu_ns();

	arena_init(&arena);
	for (size_t i = 0; i < rounds; i++) {
		arena_reset(&arena);
		update_decode(body, &ctx, &arena, &u);
	}
	report("update_decode() of an UPDATE of 100", t, (double)rounds);
	ensure(u.fault.verdict == UPD_OK && u.nreach == 1);
	t = cpu_ns();
	for (size_t i = 0; i < rounds; i++) {
		struct rbuf r = u.reach[0].nlri;
		struct afi_nlri out;

		for (; rb_left(&r) > 0; n++) {
			ensure(u.reach[0].family->decode(&r, &out) == NLRI_OK);
			sink += out.key.tail[6];
		}
	}
	report("decode a type-2 NLRI to a key", t, (double)n);
	arena_fini(&arena);
}

static void
bench_attrs(size_t rounds)
{
	struct mp_nlri reach, unreach;
	struct upd_fault fault;
	struct attrtab t;
	struct arena arena;
	struct attrs a;
	uint8_t block[512], out[512];
	size_t len = make_attrs(block, sizeof block);
	struct rbuf r = rb_init(block, len);
	uint32_t h;
	double at;

	arena_init(&arena);
	attrtab_init(&t);
	attr_decode(&r, &ctx, &arena, &a, &reach, &unreach, &fault);
	h = attrset_intern(&t, &a);
	at = cpu_ns();
	for (size_t i = 0; i < rounds; i++) {
		ensure(attrset_intern(&t, &a) == h);
		attrset_unref(&t, h);
	}
	report("attrset_intern() of a known set", at, (double)rounds);
	at = cpu_ns();
	for (size_t i = 0; i < rounds; i++) {
		struct wbuf w = wb_init(out, sizeof out);

		attr_encode(&w, &attrset_get(&t, h)->a, &ctx);
		sink += wb_len(&w);
	}
	report("attr_encode()", at, (double)rounds);
	attrset_unref(&t, h);
	attrtab_fini(&t);
	arena_fini(&arena);
}

int
main(int argc, char **argv)
{
	size_t routes = (argc > 1 ? strtoul(argv[1], NULL, 10) : 20) * 1000000;

	hash_seed();
	bench_write(routes);
	bench_read(routes);
	bench_attrs(routes / 20);
	return 0;
}
