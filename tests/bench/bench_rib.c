/* SPDX-License-Identifier: ISC */
/* What a route costs in the RIB and on its way out, without sockets: ns and bytes a route. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bgpd/adjout.h"
#include "bgpd/nht.h"
#include "bgpd/msg.h"
#include "lib/hash.h"
#include "lib/util.h"

enum { VNIS = 100, A_MESSAGE = 102, BATCH = 32 };

struct bench {
	struct loop *loop;
	struct attrtab attrs;
	struct nht nht;
	struct rib *rib;
	struct adjout *a;
	uint16_t source;     /* peer that sends */
	uint32_t sets[VNIS]; /* attribute set of each VNI; refs */
	uint32_t n;	     /* routes */
	double rss0;	     /* bytes resident before */
};

struct sink {
	struct adjout_peer out;
	uint64_t bytes, messages;
};

static double
now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static double
rss(void)
{
	FILE *f = fopen("/proc/self/statm", "r");
	long size = 0, resident = 0;

	if (!f)
		return 0;
	if (fscanf(f, "%ld %ld", &size, &resident) != 2)
		resident = 0;
	fclose(f);
	return (double)resident * (double)sysconf(_SC_PAGESIZE);
}

static void
push(struct adjout_peer *p, struct txbuf *b)
{
	struct sink *s = container_of(p, struct sink, out);

	s->bytes += b->len;
	s->messages++;
}

/* As the routes of a leaf's VNIs follow each other in full UPDATEs. */
static uint32_t
make(uint32_t i, struct afi_nlri *n)
{
	uint32_t vni = i / A_MESSAGE % VNIS;
	struct evpn_nlri e = { .type = EVPN_MACIP, .nlabels = 1 };

	e.rd = rd_from_ip(0x0a000001, (uint16_t)(vni + 1));
	e.mac.b[2] = (uint8_t)(i >> 24);
	e.mac.b[3] = (uint8_t)(i >> 16);
	e.mac.b[4] = (uint8_t)(i >> 8);
	e.mac.b[5] = (uint8_t)i;
	e.ip = ip_v4(0x0a000000 + i);
	evpn_nlri_key(&e, &n->key);
	n->label[0] = 10000 + vni;
	return vni;
}

static void
update_one(struct bench *b, uint16_t peer, uint32_t label)
{
	struct rib_path_in in = { .nlabels = 1 };
	static struct afi_nlri n;

	for (uint32_t i = 0; i < b->n; i++) {
		uint32_t vni = make(i, &n);

		in.attrs = b->sets[vni];
		in.label[0] = n.label[0] + label;
		attrset_ref(&b->attrs, in.attrs);
		rib_update(b->rib, &n.key, peer, &in);
	}
}

static struct afi_nlri nlri[BATCH];
static struct rib_item items[BATCH];

static uint32_t
make_batch(struct bench *b, uint32_t first, uint32_t label, bool refs)
{
	uint32_t n = MIN(BATCH, b->n - first);

	for (uint32_t i = 0; i < n; i++) {
		struct rib_path_in *in = &items[i].in;

		items[i].key = &nlri[i].key;
		in->attrs = b->sets[make(first + i, &nlri[i])];
		in->nlabels = 1;
		in->label[0] = nlri[i].label[0] + label;
		if (refs)
			attrset_ref(&b->attrs, in->attrs);
	}
	return n;
}

static void
update_all(struct bench *b, uint16_t peer, uint32_t label)
{
	uint32_t n;

	for (uint32_t i = 0; i < b->n; i += n) {
		n = make_batch(b, i, label, true);
		rib_update_batch(b->rib, peer, items, n);
	}
}

static void
withdraw_all(struct bench *b, uint16_t peer)
{
	uint32_t n;

	for (uint32_t i = 0; i < b->n; i += n) {
		n = make_batch(b, i, 0, false);
		rib_withdraw_batch(b->rib, peer, items, n);
	}
}

static void
withdraw_one(struct bench *b, uint16_t peer)
{
	static struct afi_nlri n;

	for (uint32_t i = 0; i < b->n; i++) {
		make(i, &n);
		rib_withdraw(b->rib, &n.key, peer);
	}
}

static volatile uint32_t blackhole;

static void
make_all(struct bench *b)
{
	static struct afi_nlri n;

	for (uint32_t i = 0; i < b->n; i++)
		blackhole += make(i, &n) + n.key.tail[3];
}

static void
report(const struct bench *b, const char *what, double t0)
{
	printf("%-38s %7.1f ns/route\n", what, (now_ns() - t0) / b->n);
}

static void
report_memory(const struct bench *b)
{
	struct rib_memory m;

	rib_memory(b->rib, &m);
	printf("%-38s %7.1f B/route (cells %.1f, paths %.1f, index %.1f, heads %.2f, "
	       "attrs %.2f)\n",
	    "memory of the RIB",
	    (double)(m.routes + m.paths + m.index + m.heads + m.aux + m.attrs) / b->n,
	    (double)m.routes / b->n, (double)m.paths / b->n, (double)m.index / b->n,
	    (double)m.heads / b->n, (double)m.attrs / b->n);
	printf("%-38s %7.1f B/route\n", "resident", (rss() - b->rss0) / b->n);
}

static void
join(struct bench *b, struct sink *s, uint16_t peer)
{
	struct adjout_policy pol = { .ibgp = true,
		.rr_client = true,
		.client_to_client = true,
		.as4 = true,
		.max_msg = MSG_MAX,
		.local_as = 65000,
		.cluster_id = 1,
		.default_local_pref = 100,
		.route_types = ~0u };

	s->out.peer = peer;
	s->out.push = push;
	adjout_join(b->a, &s->out, &pol, true);
}

static uint16_t
peer_add(struct bench *b, uint32_t id)
{
	struct rib_peer p = {
		.ibgp = true, .rr_client = true, .router_id = id, .addr = ip_v4(id)
	};

	return rib_peer_add(b->rib, &p);
}

static void
bench_init(struct bench *b, uint32_t n)
{
	memset(b, 0, sizeof(*b));
	hash_seed();
	b->n = n;
	b->loop = loop_new_sim(1);
	attrtab_init(&b->attrs);
	nht_init(&b->nht, &b->attrs);
	b->rib = rib_new(b->loop, &b->attrs);
	rib_track(b->rib, &b->nht);
	b->a = adjout_new(b->loop, b->rib, afi_evpn());
	b->source = peer_add(b, 0x0a000001);
	for (uint32_t v = 0; v < VNIS; v++) {
		struct ecom e[2] = { rt_from_as(65000, 10000 + v),
			{ { 3, 12, 0, 0, 0, 0, 0, 8 } } };
		struct attrs a = { .has = HAS_ORIGIN | HAS_AS_PATH | HAS_LOCAL_PREF,
			.local_pref = 100,
			.nexthop = ip_v4(0x0a640001),
			.ecoms = e,
			.necoms = 2 };

		b->sets[v] = attrset_intern(&b->attrs, &a);
	}
	b->rss0 = rss();
}

static void
bench_fini(struct bench *b)
{
	adjout_free(b->a);
	rib_free(b->rib);
	for (uint32_t v = 0; v < VNIS; v++)
		attrset_unref(&b->attrs, b->sets[v]);
	attrtab_fini(&b->attrs);
	nht_fini(&b->nht);
	loop_free(b->loop);
}

static void
storage(struct bench *b)
{
	uint16_t second = peer_add(b, 0x0a000002);
	double t = now_ns();

	make_all(b);
	report(b, "making a key (included below)", t);
	t = now_ns();
	update_one(b, b->source, 0);
	report(b, "insert, one by one", t);
	t = now_ns();
	withdraw_one(b, b->source);
	report(b, "withdraw, one by one", t);
	printf("in batches of %d:\n", BATCH);
	t = now_ns();
	update_all(b, b->source, 0);
	report(b, "insert", t);
	report_memory(b);
	t = now_ns();
	update_all(b, b->source, 0);
	report(b, "the same again", t);
	t = now_ns();
	update_all(b, b->source, 1);
	report(b, "another label", t);
	t = now_ns();
	update_all(b, second, 1);
	report(b, "second path, not best", t);
	report_memory(b);
	t = now_ns();
	withdraw_all(b, b->source);
	report(b, "withdraw best of two", t);
	t = now_ns();
	withdraw_all(b, second);
	report(b, "withdraw the last", t);
}

static void
outward(struct bench *b)
{
	static struct sink sinks[11];
	double t;

	for (uint16_t i = 0; i < 11; i++)
		peer_add(b, 0x0b000001u + i);
	join(b, &sinks[0], 3);
	loop_run_idle(b->loop);
	update_all(b, b->source, 0);
	t = now_ns();
	loop_run_idle(b->loop);
	report(b, "walk and encode, 1 peer", t);
	printf("%-38s %7.1f B/route, %.1f routes/message\n", "sent",
	    (double)sinks[0].bytes / b->n, b->n / (double)sinks[0].messages);
	t = now_ns();
	for (uint16_t i = 1; i < 11; i++)
		join(b, &sinks[i], (uint16_t)(3 + i));
	loop_run_idle(b->loop);
	report(b, "10 late joiners", t);
	report_memory(b);
	t = now_ns();
	rib_peer_mark_stale(b->rib, b->source);
	loop_run_idle(b->loop);
	report(b, "marked stale", t);
	t = now_ns();
	rib_peer_flush(b->rib, b->source, false, NULL, NULL);
	loop_run_idle(b->loop);
	report(b, "peer flushed, withdrawn from 11", t);
	t = now_ns();
	update_all(b, b->source, 0);
	report(b, "insert again, walkers awake", t);
	t = now_ns();
	loop_run_idle(b->loop);
	report(b, "walk and encode, 11 peers", t);
	t = now_ns();
	withdraw_all(b, b->source);
	report(b, "withdraw, told before", t);
	t = now_ns();
	loop_run_idle(b->loop);
	report(b, "walk and encode withdrawals, free", t);
	for (int i = 0; i < 11; i++)
		adjout_leave(&sinks[i].out);
}

int
main(int argc, char **argv)
{
	unsigned long long n = 1000000;
	struct bench b;

	if (argc > 1 && !parse_u64(argv[1], 1, 100000000, &n)) {
		fprintf(stderr, "usage: %s [routes]\n", argv[0]);
		return 2;
	}
	bench_init(&b, (uint32_t)n);
	storage(&b);
	bench_fini(&b);
	bench_init(&b, (uint32_t)n);
	outward(&b);
	bench_fini(&b);
	return 0;
}
