/* SPDX-License-Identifier: ISC */
/* Runs the vectors: decode, compare with `out`, encode, compare with the input or `enc`.
 *
 * check_vectors --emit prints what was encoded as whole messages, in the form that text2pcap reads:
 * tests/vectors/tshark.sh shows them to a dissector that others wrote. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "bgpd/update_write.h"
#include "lib/util.h"
#include "tests/fuzz/bgp.h"
#include "tests/fuzz/vector.h"
#include "tests/unit/dump.h"
#include "tests/unit/run.h"

/* What a kind of vector makes of its octets. */
struct result {
	struct strbuf text; /* decoded */
	struct strbuf enc;  /* encoded again */
	bool encodes;	    /* decoded well enough to be encoded */
};

struct kind {
	const char *name; /* folder */
	uint8_t type;	  /* of the message whose body it is; 0: none */
	void (*run)(const struct vector *v, struct result *r);
};

static struct rbuf
input(const struct vector *v)
{
	return rb_init(v->in, v->len);
}

static void
put_wire(struct strbuf *s, const struct wbuf *w, size_t from)
{
	ck_assert(!w->failed);
	strbuf_putn(s, (const char *)w->start + from, wb_len(w) - from);
}

static void
run_nlri(const struct vector *v, struct result *r)
{
	struct rbuf in = input(v);
	struct evpn_nlri n;

	dump_nlri_field(&r->text, afi_evpn(), in);
	r->encodes = true;
	while (rb_left(&in) > 0 && r->encodes) {
		uint8_t mem[257];
		struct wbuf w = wb_init(mem, sizeof mem);

		r->encodes = evpn_nlri_decode(&in, &n) == NLRI_OK;
		if (!r->encodes)
			break;
		evpn_nlri_encode(&w, &n);
		put_wire(&r->enc, &w, 0);
	}
}

static void
run_attr(const struct vector *v, struct result *r)
{
	struct attr_ctx ctx = fuzz_ctx(v->ctx);
	struct rbuf in = input(v);
	struct mp_nlri reach, unreach;
	struct upd_fault fault;
	struct attrtab t;
	struct arena arena;
	struct attrs a;

	arena_init(&arena);
	attrtab_init(&t);
	attr_decode(&in, &ctx, &arena, &a, &reach, &unreach, &fault);
	dump_upd_fault(&r->text, &fault);
	r->encodes = fault.verdict <= UPD_ATTR_DISCARD;
	if (r->encodes) {
		dump_attrs(&r->text, &a);
		fuzz_attr_block(&t, &a, &ctx, &r->enc);
	}
	attrtab_fini(&t);
	arena_fini(&arena);
}

static void
run_update(const struct vector *v, struct result *r)
{
	struct attr_ctx ctx = fuzz_ctx(v->ctx);
	struct attrtab t;
	struct arena arena;
	struct update u;

	arena_init(&arena);
	attrtab_init(&t);
	update_decode(input(v), &ctx, &arena, &u);
	dump_update(&r->text, &u);
	r->encodes = u.fault.verdict <= UPD_ATTR_DISCARD;
	if (u.eor && afi_find(u.eor_afi, u.eor_safi)) {
		uint8_t mem[64];
		struct wbuf w = wb_init(mem, sizeof mem);

		update_encode_eor(&w, afi_find(u.eor_afi, u.eor_safi));
		put_wire(&r->enc, &w, MSG_HEADER_LEN);
	} else if (r->encodes) {
		struct strbuf msgs;

		strbuf_init(&msgs);
		fuzz_update_write(&t, &u, &ctx, &msgs);
		if (msgs.len >= MSG_HEADER_LEN)
			strbuf_putn(
			    &r->enc, msgs.s + MSG_HEADER_LEN, msgs.len - MSG_HEADER_LEN);
		strbuf_fini(&msgs);
	}
	attrtab_fini(&t);
	arena_fini(&arena);
}

static void
run_open(const struct vector *v, struct result *r)
{
	static uint8_t mem[MSG_MAX];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct bgp_fault f;
	struct open_msg o;

	r->encodes = open_decode(input(v), &o, &f);
	if (!r->encodes) {
		dump_fault(&r->text, &f);
		return;
	}
	dump_open(&r->text, &o);
	open_encode(&w, &o);
	put_wire(&r->enc, &w, MSG_HEADER_LEN);
}

static void
run_notification(const struct vector *v, struct result *r)
{
	static uint8_t mem[MSG_MAX];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct notification n;

	r->encodes = notification_decode(input(v), &n);
	if (!r->encodes) {
		strbuf_put(&r->text, "too short");
		return;
	}
	dump_notification(&r->text, &n);
	notification_encode(&w, &n);
	put_wire(&r->enc, &w, MSG_HEADER_LEN);
}

static void
run_refresh(const struct bgp_msg *m, struct result *r)
{
	uint8_t mem[64];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct bgp_fault f;
	struct refresh rr;

	if (!refresh_decode(m, &rr, &f)) {
		dump_fault(&r->text, &f);
		return;
	}
	strbuf_printf(&r->text, "refresh %u/%u type %u", rr.afi, rr.safi, rr.type);
	refresh_encode(&w, &rr);
	put_wire(&r->enc, &w, 0);
	r->encodes = true;
}

/* A stream: each message by name and length, then how it ends. */
static void
run_msg(const struct vector *v, struct result *r)
{
	size_t at = 0, max = v->ctx & VECTOR_EXT ? MSG_MAX_EXTENDED : MSG_MAX;
	enum msg_result res = MSG_NEED_MORE;
	struct bgp_fault f;
	struct bgp_msg m;

	while ((res = msg_frame(v->in + at, v->len - at, max, &m, &f)) == MSG_WHOLE) {
		strbuf_printf(
		    &r->text, "%s%s %u", at ? "\n" : "", msg_type_name(m.type), m.len);
		if (m.type == MSG_ROUTE_REFRESH) {
			strbuf_putc(&r->text, '\n');
			run_refresh(&m, r);
		}
		at += m.len;
		if (at == v->len)
			return;
	}
	if (at)
		strbuf_putc(&r->text, '\n');
	if (res == MSG_NEED_MORE)
		strbuf_put(&r->text, "need more");
	else
		dump_fault(&r->text, &f);
}

static const struct kind kinds[] = {
	{ "nlri", 0, run_nlri },
	{ "attr", 0, run_attr },
	{ "update", MSG_UPDATE, run_update },
	{ "open", MSG_OPEN, run_open },
	{ "notification", MSG_NOTIFICATION, run_notification },
	{ "msg", 0, run_msg },
};

static unsigned failures;
static bool emitting; /* --emit */

static void
complain(const char *path, const struct vector *v, const char *what, const char *want,
    const char *have)
{
	fprintf(stderr, "%s:%u: %s: %s\n--- wanted\n%s\n--- is\n%s\n", path, v->line,
	    v->name, what, want, have);
	failures++;
}

static char *
hex(const void *data, size_t n)
{
	const uint8_t *p = data;
	struct strbuf s;

	strbuf_init(&s);
	for (size_t i = 0; i < n; i++)
		strbuf_printf(&s, "%02x%s", p[i], i % 16 == 15 ? "\n" : " ");
	return strbuf_take(&s);
}

static void
compare_encoding(const char *path, const struct vector *v, const struct result *r)
{
	const uint8_t *want = v->has_enc ? v->enc : v->in;
	size_t len = v->has_enc ? v->enclen : v->len;

	if (!r->encodes || v->enc_none)
		return;
	if (len != r->enc.len || memcmp(want, r->enc.s, len) != 0) {
		char *a = hex(want, len), *b = hex(r->enc.s, r->enc.len);

		complain(path, v, "encoding differs", a, b);
		free(a);
		free(b);
	}
}

/* One message: offsets and octets, a line of sixteen each. */
static void
emit(const struct kind *k, const struct strbuf *body)
{
	static uint8_t mem[MSG_MAX_EXTENDED];
	struct wbuf w = wb_init(mem, sizeof mem);
	size_t mark = msg_begin(&w, k->type);

	wb_bytes(&w, body->s, body->len);
	msg_end(&w, mark);
	for (size_t i = 0; i < wb_len(&w); i++) {
		if (i % 16 == 0)
			printf("%s%06zx", i ? "\n" : "", i);
		printf(" %02x", mem[i]);
	}
	printf("\n");
}

static void
run_file(const char *path, void *arg)
{
	const struct kind *k = arg;
	struct vector_file f;

	vector_file_load(&f, path);
	for (size_t i = 0; i < f.n; i++) {
		struct result r = { .encodes = false };

		strbuf_init(&r.text);
		strbuf_init(&r.enc);
		k->run(&f.v[i], &r);
		if (emitting && k->type && r.encodes && !f.v[i].enc_none &&
		    (r.enc.len > 0 || k->type != MSG_UPDATE))
			emit(k, &r.enc);
		if (!f.v[i].out || strcmp(f.v[i].out, r.text.s) != 0)
			complain(path, &f.v[i], "decodes to something else",
			    f.v[i].out ? f.v[i].out : "(nothing said)", r.text.s);
		compare_encoding(path, &f.v[i], &r);
		strbuf_fini(&r.text);
		strbuf_fini(&r.enc);
	}
	vector_file_free(&f);
}

START_TEST(vectors)
{
	const char *srcdir = getenv("srcdir");
	char *folder =
	    xasprintf("%s/tests/vectors/%s", srcdir ? srcdir : ".", kinds[_i].name);

	failures = 0;
	ck_assert_msg(vector_folder(folder, run_file, (void *)(uintptr_t)&kinds[_i]) > 0,
	    "%s", folder);
	free(folder);
	ck_assert_uint_eq(failures, 0);
}
END_TEST

int
main(int argc, char **argv)
{
	emitting = argc > 1 && strcmp(argv[1], "--emit") == 0;
	if (emitting)
		setenv("CK_VERBOSITY", "silent", 1);
	return run_tests(
	    "vectors", (const struct unit_test[]){
			   { vectors, ARRAY_LEN(kinds), 0 }, { NULL, 0, 0 } });
}
