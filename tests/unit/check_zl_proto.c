/* SPDX-License-Identifier: ISC */
/* zl_proto: every message survives the wire, and nothing out of range does. */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/run.h"
#include "zebra-lite/zl_proto.h"

/* Encodes m, decodes it, compares, and tries every truncation. */
#define ROUND(name, m)                                                                   \
	do {                                                                             \
		uint8_t mem_[512];                                                       \
		struct wbuf w_ = wb_init(mem_, sizeof mem_);                             \
		struct zl_##name out_;                                                   \
		struct rbuf r_;                                                          \
                                                                                         \
		memset(&out_, 0xa5, sizeof out_);                                        \
		zl_##name##_encode(&w_, &(m));                                           \
		ck_assert(!w_.failed);                                                   \
		for (size_t n_ = 0; n_ < wb_len(&w_); n_++) {                            \
			r_ = rb_init(mem_, n_);                                          \
			must(!zl_##name##_decode(&r_, &out_) && r_.failed);              \
		}                                                                        \
		memset(&out_, 0, sizeof out_);                                           \
		r_ = rb_init(mem_, wb_len(&w_));                                         \
		ck_assert(zl_##name##_decode(&r_, &out_));                               \
		ck_assert(rb_done(&r_));                                                 \
		ck_assert_mem_eq(&out_, &(m), sizeof out_);                              \
	} while (0)

static const struct mac MAC = { { 2, 1, 2, 3, 4, 5 } };

static struct ip
ip(const char *s)
{
	struct ip a = { 0 };

	if (s)
		ck_assert(ip_parse(s, &a));
	return a;
}

static const char *const ips[] = { NULL, "10.0.0.1", "fd00::1" };

START_TEST(t_round)
{
	struct zl_hello hello;
	struct zl_config conf;
	struct zl_want_head head;
	struct zl_want want;
	struct zl_mac mac;
	struct zl_neigh neigh;
	struct zl_result res;
	struct zl_listen lis;

	/* Padding is compared too, so it has to be zero. */
	memset(&hello, 0, sizeof hello);
	hello.version = 7;
	hello.pid = 0xdeadbeef;
	ROUND(hello, hello);
	memset(&conf, 0, sizeof conf);
	conf.kernel = true;
	conf.use_nexthop_ids = true;
	ROUND(config, conf);
	head = (struct zl_want_head){ 0x01020304, 0xfffffffe };
	ROUND(want_head, head);
	for (unsigned i = 0; i < 9; i++) {
		memset(&want, 0, sizeof want);
		want.op = ZL_SET;
		want.kind = (uint8_t)(ZL_KIND_FLOOD + i % 3);
		want.flags = ZL_F_STICKY | ZL_F_GATEWAY;
		want.vni = 0xffffff;
		want.mac = MAC;
		want.ip = ip(ips[i % 3]);
		want.vtep = ip(ips[i / 3]);
		ROUND(want, want);
	}
	memset(&mac, 0, sizeof mac);
	mac.op = ZL_SET;
	mac.flags = ZL_MAC_STICKY;
	mac.vni = 100;
	mac.mac = MAC;
	mac.ifindex = 4000000000u;
	strcpy(mac.ifname, "fifteen-letters");
	mac.vid = 4094;
	ROUND(mac, mac);
	memset(&neigh, 0, sizeof neigh);
	neigh.op = ZL_DEL;
	neigh.vni = 1;
	neigh.ip = ip(ips[2]);
	ROUND(neigh, neigh);
	memset(&res, 0, sizeof res);
	res.seq = 0xffffffff;
	res.nfailures = ZL_WANT_MAX;
	ROUND(result, res);
	memset(&lis, 0, sizeof lis);
	lis.addr = ip(ips[2]);
	lis.port = 179;
	ROUND(listen, lis);
}
END_TEST

/* The records of routing. */
START_TEST(t_round_l3)
{
	struct zl_want w;
	struct zl_vrf vrf;
	struct zl_route route;
	struct zl_probe probe;
	struct zl_finding find;
	struct zl_counter counter;

	memset(&w, 0, sizeof w);
	w.op = ZL_SET;
	w.kind = ZL_KIND_HOP;
	w.flags = ZL_F_ENCAP;
	w.vni = 5001;
	w.mac = MAC;
	w.ip = ip(ips[2]);
	w.vtep = ip(ips[1]);
	w.id = 0xfffffffe;
	w.label = 0xffffff;
	ROUND(want, w);
	memset(&w, 0, sizeof w);
	w.op = ZL_SET;
	w.kind = ZL_KIND_GROUP;
	w.id = 7;
	w.nmembers = ZL_GROUP_MAX;
	for (uint32_t i = 0; i < ZL_GROUP_MAX; i++)
		w.members[i] = i + 1;
	ROUND(want, w);
	memset(&w, 0, sizeof w);
	w.op = ZL_SET;
	w.kind = ZL_KIND_ROUTE;
	w.ip = ip(ips[1]);
	w.plen = 32;
	w.table = 1001;
	w.id = 7;
	ROUND(want, w);
	w.ip = ip("0.0.0.0");
	w.plen = 0;
	w.id = 0;
	w.flags = ZL_F_UNREACHABLE;
	ROUND(want, w);
	memset(&vrf, 0, sizeof vrf);
	vrf.op = ZL_SET;
	strcpy(vrf.name, "red");
	vrf.ifindex = 9;
	vrf.table = 1001;
	vrf.up = true;
	ROUND(vrf, vrf);
	memset(&route, 0, sizeof route);
	route.op = ZL_SET;
	route.flags = ZL_ROUTE_CONNECTED;
	route.table = 1001;
	route.prefix.ip = ip(ips[2]);
	route.prefix.plen = 128;
	route.proto = 2;
	route.metric = 256;
	route.gateway = ip(ips[2]);
	strcpy(route.ifname, "br10");
	ROUND(route, route);
	memset(&probe, 0, sizeof probe);
	probe.vni = 10;
	probe.ip = ip(ips[1]);
	probe.mac = MAC;
	ROUND(probe, probe);
	memset(&find, 0, sizeof find);
	find.op = ZL_SET;
	find.code = ZL_FIND_RP_FILTER;
	strcpy(find.subject, "br10");
	find.vni = 10;
	strcpy(find.text, "net.ipv4.conf.br10.rp_filter = 1");
	ROUND(finding, find);
	memset(&counter, 0, sizeof counter);
	strcpy(counter.name, "snoop_heard");
	counter.n = 1ull << 40;
	ROUND(counter, counter);
}
END_TEST

/* Records of routing that cannot be. */
START_TEST(t_refused_l3)
{
	uint8_t mem[512];
	struct zl_want in = { .op = ZL_SET, .kind = ZL_KIND_GROUP, .id = 1 }, out;
	struct wbuf w = wb_init(mem, sizeof mem);
	struct rbuf r;

	in.nmembers = ZL_GROUP_MAX + 1;
	zl_want_encode(&w, &in);
	ck_assert(w.failed);
	in.nmembers = 1;
	in.id = 0; /* no id */
	w = wb_init(mem, sizeof mem);
	zl_want_encode(&w, &in);
	r = rb_init(mem, wb_len(&w));
	ck_assert(!zl_want_decode(&r, &out));
	in = (struct zl_want){
		.op = ZL_SET, .kind = ZL_KIND_ROUTE, .id = 1, .ip = ip(ips[1]), .plen = 33
	};
	w = wb_init(mem, sizeof mem);
	zl_want_encode(&w, &in);
	r = rb_init(mem, wb_len(&w));
	ck_assert(!zl_want_decode(&r, &out));
	in.plen = 32;
	in.id = 0; /* leads nowhere */
	w = wb_init(mem, sizeof mem);
	zl_want_encode(&w, &in);
	r = rb_init(mem, wb_len(&w));
	ck_assert(!zl_want_decode(&r, &out));
}
END_TEST

START_TEST(t_round_long)
{
	struct zl_vni v;
	struct zl_failure f;
	struct zl_addr a;

	memset(&v, 0, sizeof v);
	v.vni = 0xfffffe;
	v.flags = ZL_VNI_VLAN_AWARE | ZL_VNI_SVD;
	v.local = ip(ips[1]);
	v.group = ip(ips[2]);
	v.vxlan_ifindex = 1;
	strcpy(v.vxlan, "vx");
	v.bridge_ifindex = 2;
	strcpy(v.bridge, "fifteen-letters");
	v.vid = 10;
	v.svi_ifindex = 3;
	strcpy(v.svi, "vlan10");
	v.svi_mac = MAC;
	strcpy(v.vrf, "red");
	v.dstport = 4789;
	memset(v.why_down, 'w', sizeof v.why_down - 1);
	ROUND(vni, v);
	memset(&f, 0, sizeof f);
	f.index = ZL_WANT_MAX - 1;
	f.error = 17;
	memset(f.text, 't', sizeof f.text - 1);
	ROUND(failure, f);
	memset(&a, 0, sizeof a);
	a.op = ZL_SET;
	a.ifindex = 1;
	strcpy(a.ifname, "lo");
	a.addr.ip = ip(ips[1]);
	a.addr.plen = 32;
	a.loopback = true;
	ROUND(addr, a);
}
END_TEST

/* A body from octets. */
static struct rbuf
body(const char *hex, uint8_t mem[64])
{
	size_t n = 0;

	for (; hex[0] && hex[1]; hex += 2) {
		unsigned v;

		ck_assert(sscanf(hex, "%2x", &v) == 1);
		mem[n++] = (uint8_t)v;
	}
	return rb_init(mem, n);
}

START_TEST(t_refused)
{
	uint8_t mem[64];
	struct rbuf r;
	struct zl_config conf;
	struct zl_want w;
	struct zl_mac m;
	struct zl_addr a;
	struct zl_result res;
	struct zl_failure f;

	r = body("020000", mem); /* a flag that is neither 0 nor 1 */
	ck_assert(!zl_config_decode(&r, &conf));
	r = body("02010000000100000000000000"
		 "00",
	    mem); /* op 2 */
	ck_assert(!zl_want_decode(&r, &w));
	r = body("01000000000100000000000000"
		 "00",
	    mem); /* kind 0 */
	ck_assert(!zl_want_decode(&r, &w));
	r = body("01070000000100000000000000"
		 "00",
	    mem); /* kind 7 */
	ck_assert(!zl_want_decode(&r, &w));
	r = body("010200000001000000000000"
		 "0500000000"
		 "0000",
	    mem); /* 5 octets of address */
	ck_assert(!zl_want_decode(&r, &w));
	r = body("0100000001"
		 "020000000001"
		 "00000001"
		 "10"
		 "61616161616161616161616161616161"
		 "0000",
	    mem); /* a name of 16 */
	ck_assert(!zl_mac_decode(&r, &m));
	r = body("0100000001"
		 "020000000001"
		 "00000001"
		 "026100"
		 "0000",
	    mem); /* NUL in a name */
	ck_assert(!zl_mac_decode(&r, &m));
	r = body("0100000001"
		 "020000000001"
		 "00000001"
		 "0161"
		 "0fff",
	    mem); /* VLAN 4095 */
	ck_assert(!zl_mac_decode(&r, &m));
	r = body("0100000001"
		 "016c"
		 "040a000001"
		 "21"
		 "00",
	    mem); /* /33 */
	ck_assert(!zl_addr_decode(&r, &a));
	r = body("00000001"
		 "0101",
	    mem); /* 257 failures */
	ck_assert(!zl_result_decode(&r, &res));
	r = body("0000"
		 "00000000"
		 "00",
	    mem); /* a failure without error */
	ck_assert(!zl_failure_decode(&r, &f));
	r = body("0000"
		 "80000001"
		 "00",
	    mem); /* a negative one */
	ck_assert(!zl_failure_decode(&r, &f));
	r = body("0100"
		 "00000001"
		 "00",
	    mem); /* of a record past the frame */
	ck_assert(!zl_failure_decode(&r, &f));
}
END_TEST

START_TEST(t_tables)
{
	static uint8_t mem[4 * (ZL_TABLES_MAX + 1)];
	static uint32_t tables[ZL_TABLES_MAX + 1], got[ZL_TABLES_MAX];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct rbuf r;
	size_t n;

	for (unsigned i = 0; i <= ZL_TABLES_MAX; i++)
		tables[i] = 2 * i + 1;
	zl_tables_encode(&w, tables, ZL_TABLES_MAX + 1);
	ck_assert(!w.failed && wb_len(&w) == sizeof mem);
	r = rb_init(mem, sizeof mem);
	ck_assert(!zl_tables_decode(&r, got, &n)); /* one too many */
	r = rb_init(mem, sizeof mem - 4);
	ck_assert(zl_tables_decode(&r, got, &n) && n == ZL_TABLES_MAX);
	ck_assert_mem_eq(got, tables, sizeof got);
	r = rb_init(mem, 6);
	ck_assert(!zl_tables_decode(&r, got, &n)); /* half a number */
	r = rb_init(mem, 0);
	ck_assert(zl_tables_decode(&r, got, &n) && n == 0);
	r = body("00000005"
		 "00000005",
	    mem); /* one twice */
	ck_assert(!zl_tables_decode(&r, got, &n));
	r = body("00000000", mem); /* no table */
	ck_assert(!zl_tables_decode(&r, got, &n));
}
END_TEST

START_TEST(t_encode_limits)
{
	uint8_t mem[8];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct zl_want want = { .op = ZL_SET, .kind = ZL_KIND_MAC, .vni = 1 };

	zl_want_encode(&w, &want); /* does not fit */
	ck_assert(w.failed);
}
END_TEST

START_TEST(t_names)
{
	ck_assert_str_eq(zl_type_name(ZL_WANT), "want");
	ck_assert_str_eq(zl_type_name(ZL_ADDR), "addr");
	ck_assert_str_eq(zl_type_name(0), "unknown");
	ck_assert_str_eq(zl_type_name(9999), "unknown");
}
END_TEST

/* Frames of the largest number of the largest records fit a message. */
START_TEST(t_frame_fits)
{
	static uint8_t mem[ZL_MSG_MAX];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct zl_failure f = { .error = 1 };
	struct zl_vni v = { .vni = 1 };
	struct zl_want g = {
		.op = ZL_SET, .kind = ZL_KIND_GROUP, .id = 1, .nmembers = ZL_GROUP_MAX
	};

	memset(f.text, 'x', sizeof f.text - 1);
	for (unsigned i = 0; i < ZL_WANT_MAX; i++)
		zl_failure_encode(&w, &f);
	ck_assert(!w.failed);
	w = wb_init(mem, sizeof mem);
	zl_want_head_encode(&w, &(struct zl_want_head){ 1, 1 });
	for (unsigned i = 0; i < ZL_WANT_MAX; i++)
		zl_want_encode(&w, &g);
	ck_assert(!w.failed);
	w = wb_init(mem, sizeof mem);
	v.local = v.group = ip(ips[2]);
	memset(v.why_down, 'x', sizeof v.why_down - 1);
	memset(v.vxlan, 'x', sizeof v.vxlan - 1);
	memset(v.bridge, 'x', sizeof v.bridge - 1);
	memset(v.svi, 'x', sizeof v.svi - 1);
	memset(v.vrf, 'x', sizeof v.vrf - 1);
	for (unsigned i = 0; i < ZL_OBS_MAX; i++)
		zl_vni_encode(&w, &v);
	ck_assert(!w.failed);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_round, 0, 0 },
		{ t_tables, 0, 0 },
		{ t_round_l3, 0, 0 },
		{ t_round_long, 0, 0 },
		{ t_refused, 0, 0 },
		{ t_refused_l3, 0, 0 },
		{ t_encode_limits, 0, 0 },
		{ t_names, 0, 0 },
		{ t_frame_fits, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("zl_proto", tests);
}
