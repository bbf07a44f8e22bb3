/* SPDX-License-Identifier: ISC */
/* iface and the netlink parsers: recorded messages, and the same VNI whatever the order of events. */
#include "config.h"

#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "lib/util.h"
#include "tests/fuzz/vector.h"
#include "tests/unit/run.h"
#include "zebra-lite/iface.h"
#include "zebra-lite/nl_fdb.h"
#include "zebra-lite/nl_neigh.h"

#define UP (IFF_UP | IFF_LOWER_UP)

static const struct mac BR_MAC = { { 2, 0, 0, 0, 0, 0xb } };

struct fix {
	struct iface f; /* under test */
	unsigned vnis;	/* calls of on_vni */
	unsigned addrs; /* addresses there are */
};

static void
on_leave(void *arg, struct iface_vni *v)
{
	(void)arg;
	ck_assert(v->z.flags & ZL_VNI_UP);
}

static void
on_vni(void *arg, struct iface_vni *v, const struct zl_vni *old)
{
	struct fix *x = arg;

	(void)v;
	(void)old;
	x->vnis++;
}

static void
on_addr(void *arg, const struct iface_link *l, struct prefix addr, bool del)
{
	struct fix *x = arg;

	(void)l;
	(void)addr;
	x->addrs += del ? -1u : 1u;
}

static const struct iface_ops ops = { on_leave, on_vni, NULL, on_addr };

static void
fix_init(struct fix *x)
{
	memset(x, 0, sizeof *x);
	hash_seed_fixed(3, 4);
	iface_init(&x->f, &ops, x);
	iface_say_all(&x->f);
}

/* One event, of any kind. */
struct event {
	struct nl_link link;	  /* if it has an ifindex */
	struct nl_vlan vlan;	  /* else, if it has */
	struct nl_vnirange range; /* else */
};

static void
apply(struct fix *x, const struct event *e)
{
	if (e->link.ifindex)
		iface_link_event(&x->f, &e->link);
	else if (e->vlan.ifindex)
		iface_vlan_event(&x->f, &e->vlan);
	else
		iface_vnirange_event(&x->f, &e->range);
	iface_resolve(&x->f);
}

static struct nl_link
bridge(uint32_t ifindex, bool filtering)
{
	return (struct nl_link){ .ifindex = ifindex,
		.name = "br",
		.kind = NL_KIND_BRIDGE,
		.flags = UP,
		.mac = BR_MAC,
		.vlan_filtering = filtering };
}

static struct nl_link
vxlan(uint32_t ifindex, uint32_t vni, uint32_t master)
{
	struct nl_link l = { .ifindex = ifindex,
		.name = "vx",
		.kind = NL_KIND_VXLAN,
		.flags = UP,
		.master = master,
		.port_known = true,
		.port_suppress = true,
		.vxlan = { .vni = vni, .dstport = 4789, .external = vni == 0 } };

	l.vxlan.local = ip_v4(0x0a000001);
	return l;
}

static struct nl_link
svi(uint32_t ifindex, uint32_t lower, uint16_t vid, uint32_t master)
{
	return (struct nl_link){ .ifindex = ifindex,
		.name = "vlan",
		.kind = NL_KIND_VLAN,
		.flags = UP,
		.lower = lower,
		.vlan_id = vid,
		.master = master,
		.mac = BR_MAC };
}

static struct nl_link
vrf(uint32_t ifindex)
{
	return (struct nl_link){
		.ifindex = ifindex, .name = "red", .kind = NL_KIND_VRF, .flags = UP
	};
}

/* Every permutation of n events ends in one and the same value of the VNI; events of a VLAN or a
 * filter come after the first of their device, as from the kernel. */
static void
permute(const struct event *e, unsigned n, uint32_t vni, const struct zl_vni *want)
{
	unsigned order[8], runs = 0;

	for (unsigned i = 0; i < n; i++)
		order[i] = i;
	for (;;) {
		struct fix x;
		unsigned k, l;
		bool known[64] = { false }, real = true;

		for (unsigned i = 0; i < n; i++) {
			const struct event *v = &e[order[i]];

			if (v->link.ifindex)
				known[v->link.ifindex] = true;
			else if (!known[v->vlan.ifindex ? v->vlan.ifindex
							: v->range.ifindex])
				real = false;
		}
		if (real) {
			const struct iface_vni *got;

			fix_init(&x);
			for (unsigned i = 0; i < n; i++)
				apply(&x, &e[order[i]]);
			got = iface_find_vni(&x.f, vni);
			ck_assert_ptr_nonnull(got);
			ck_assert_str_eq(got->z.why_down, want->why_down);
			ck_assert_mem_eq(&got->z, want, sizeof *want);
			iface_fini(&x.f);
			runs++;
		}
		/* The next permutation in lexical order. */
		for (k = n - 1; k > 0 && order[k - 1] >= order[k]; k--)
			;
		if (k == 0)
			break;
		for (l = n - 1; order[l] <= order[k - 1]; l--)
			;
		unsigned t = order[k - 1];
		order[k - 1] = order[l];
		order[l] = t;
		for (unsigned a = k, b = n - 1; a < b; a++, b--) {
			t = order[a];
			order[a] = order[b];
			order[b] = t;
		}
	}
	ck_assert(runs > 1);
}

static struct zl_vni
wanted(uint32_t vni, uint32_t flags, uint32_t vx, uint32_t br, uint16_t vid,
    uint32_t svi_index)
{
	struct zl_vni z;

	memset(&z, 0, sizeof z);
	z.vni = vni;
	z.flags = flags;
	z.local = ip_v4(0x0a000001);
	z.vxlan_ifindex = vx;
	strcpy(z.vxlan, "vx");
	z.bridge_ifindex = br;
	strcpy(z.bridge, "br");
	z.vid = vid;
	z.svi_ifindex = svi_index;
	z.svi_mac = BR_MAC;
	z.dstport = 4789;
	return z;
}

START_TEST(t_plain)
{
	struct event e[4] = { { .link = bridge(2, false) }, { .link = vxlan(3, 100, 2) },
		{ .link = vrf(4) } };
	struct zl_vni z = wanted(100, ZL_VNI_UP, 3, 2, 0, 2);

	e[0].link.master = 4;
	strcpy(z.svi, "br");
	strcpy(z.vrf, "red");
	permute(e, 3, 100, &z);
}
END_TEST

START_TEST(t_vlan_aware)
{
	const struct event e[] = { { .link = bridge(2, true) },
		{ .link = vxlan(3, 100, 2) },
		{ .vlan = { .ifindex = 3, .vid = 10, .last = 10, .pvid = true } },
		{ .link = svi(5, 2, 10, 4) }, { .link = vrf(4) },
		{ .link = svi(6, 2, 11, 0) } };
	struct zl_vni z = wanted(100, ZL_VNI_UP | ZL_VNI_VLAN_AWARE, 3, 2, 10, 5);

	strcpy(z.svi, "vlan");
	strcpy(z.vrf, "red");
	permute(e, 6, 100, &z);
}
END_TEST

/* A port has one PVID: the kernel tells of the new one only. */
START_TEST(t_pvid_moves)
{
	static const struct event e[] = {
		{ .vlan = { .ifindex = 3, .vid = 1, .last = 1, .pvid = true } },
		{ .vlan = { .ifindex = 3, .vid = 10, .last = 10, .pvid = true } },
		{ .vlan = { .ifindex = 3, .vid = 20, .last = 20 } },
		{ .vlan = { .ifindex = 3, .vid = 10, .last = 10 } },
	};
	static const uint16_t vids[] = { 1, 10, 10, 0 };
	struct fix x;

	fix_init(&x);
	apply(&x, &(struct event){ .link = bridge(2, true) });
	apply(&x, &(struct event){ .link = vxlan(3, 100, 2) });
	for (unsigned i = 0; i < ARRAY_LEN(e); i++) {
		apply(&x, &e[i]);
		ck_assert_uint_eq(iface_find_vni(&x.f, 100)->z.vid, vids[i]);
	}
	iface_fini(&x.f);
}
END_TEST

START_TEST(t_single_device)
{
	struct event e[] = { { .link = bridge(2, true) }, { .link = vxlan(3, 0, 2) },
		{ .vlan = { .ifindex = 3, .vid = 30, .last = 40, .tunnel_vni = 230 } },
		{ .range = { .ifindex = 3, .vni = 233, .last = 236 } },
		{ .vlan = { .ifindex = 2, .vid = 35, .last = 35, .pvid = true } } };
	struct zl_vni z =
	    wanted(235, ZL_VNI_UP | ZL_VNI_VLAN_AWARE | ZL_VNI_SVD, 3, 2, 35, 2);

	e[1].link.vxlan.vnifilter = true;
	strcpy(z.svi, "br"); /* its own PVID: the bridge is the SVI */
	permute(e, 5, 235, &z);
	z = wanted(232, ZL_VNI_VLAN_AWARE | ZL_VNI_SVD, 3, 2, 32, 0);
	memset(&z.svi_mac, 0, sizeof z.svi_mac);
	strcpy(z.why_down, "it is not in the VNI filter of vx");
	permute(e, 5, 232, &z);
}
END_TEST

/* Two devices with one VNI, two VNIs in one segment: the lower ifindex has it, in any order. */
START_TEST(t_conflict)
{
	const struct event same_vni[] = { { .link = bridge(2, false) },
		{ .link = bridge(7, false) }, { .link = vxlan(3, 100, 2) },
		{ .link = vxlan(4, 100, 7) } };
	const struct event same_bridge[] = { { .link = bridge(2, false) },
		{ .link = vxlan(3, 100, 2) }, { .link = vxlan(4, 101, 2) } };
	struct zl_vni z = wanted(100, ZL_VNI_UP, 3, 2, 0, 2);

	strcpy(z.svi, "br");
	permute(same_vni, 4, 100, &z);
	permute(same_bridge, 3, 100, &z);
	z = wanted(101, 0, 4, 2, 0, 2);
	strcpy(z.svi, "br");
	strcpy(z.why_down, "another VNI has br and its VLAN");
	permute(same_bridge, 3, 101, &z);
}
END_TEST

static const char *
why(struct fix *x)
{
	const struct iface_vni *v = iface_find_vni(&x->f, 100);

	return v->z.flags & ZL_VNI_GONE ? "gone" : v->z.why_down;
}

START_TEST(t_reasons)
{
	struct fix x;
	struct event br = { .link = bridge(2, false) }, vx = { .link = vxlan(3, 100, 2) };

	fix_init(&x);
	apply(&x, &vx);
	ck_assert_str_eq(why(&x), "vx is not in a bridge");
	apply(&x, &br);
	ck_assert_str_eq(why(&x), "");
	vx.link.flags = IFF_UP;
	apply(&x, &vx);
	ck_assert_str_eq(why(&x), "vx has no carrier (protodown?)");
	vx.link.flags = 0;
	apply(&x, &vx);
	ck_assert_str_eq(why(&x), "vx is administratively down");
	vx.link.flags = UP;
	apply(&x, &vx);
	br.link.flags = 0;
	apply(&x, &br);
	ck_assert_str_eq(why(&x), "its bridge br is administratively down");
	br.link.flags = UP;
	br.link.vlan_filtering = true;
	apply(&x, &br);
	ck_assert_str_eq(why(&x), "vx has no access VLAN (PVID) on br");
	apply(&x,
	    &(struct event){
		.vlan = {
		    .ifindex = 3, .vid = 5, .last = 5, .pvid = true, .blocked = true } });
	ck_assert_str_eq(why(&x), "spanning tree blocks its VLAN on vx");
	vx.link.del = true;
	apply(&x, &vx);
	ck_assert_str_eq(why(&x), "gone");
	iface_fini(&x.f);
}
END_TEST

/* What was up, and is not or is elsewhere, is remembered until it was said. */
START_TEST(t_fell)
{
	struct fix x;
	struct event br = { .link = bridge(2, false) },
		     other = { .link = bridge(7, false) },
		     vx = { .link = vxlan(3, 100, 2) };
	struct iface_vni *v;
	unsigned before;

	fix_init(&x);
	apply(&x, &br);
	apply(&x, &other);
	apply(&x, &vx);
	v = iface_dirty_take(&x.f);
	ck_assert(v && !v->fell && !iface_dirty_take(&x.f));
	vx.link.flags = 0;
	apply(&x, &vx);
	vx.link.flags = UP;
	apply(&x, &vx);
	ck_assert(iface_dirty_take(&x.f) == v && v->fell && (v->z.flags & ZL_VNI_UP));
	v->fell = false;
	vx.link.master = 7;
	apply(&x, &vx);
	ck_assert(iface_dirty_take(&x.f) == v && v->fell);
	/* Nothing new, nothing said. */
	before = x.vnis;
	apply(&x, &vx);
	apply(&x, &br);
	ck_assert(x.vnis == before && !iface_dirty_take(&x.f));
	vx.link.del = true;
	apply(&x, &vx);
	ck_assert(iface_dirty_take(&x.f) == v && (v->z.flags & ZL_VNI_GONE));
	iface_vni_release(&x.f, v);
	ck_assert_ptr_null(iface_find_vni(&x.f, 100));
	iface_fini(&x.f);
}
END_TEST

/* A first SVI is an addition, another one a move. */
START_TEST(t_fell_svi)
{
	struct fix x;
	struct event e[] = { { .link = bridge(2, true) }, { .link = vxlan(3, 100, 2) },
		{ .vlan = { .ifindex = 3, .vid = 10, .last = 10, .pvid = true } } };
	struct event a = { .link = svi(6, 2, 10, 0) }, b = { .link = svi(5, 2, 10, 0) };
	struct iface_vni *v;

	fix_init(&x);
	for (unsigned i = 0; i < 3; i++)
		apply(&x, &e[i]);
	v = iface_dirty_take(&x.f);
	ck_assert(v && (v->z.flags & ZL_VNI_UP) && v->z.svi_ifindex == 0);
	apply(&x, &a);
	ck_assert(iface_dirty_take(&x.f) == v && !v->fell && v->z.svi_ifindex == 6);
	apply(&x, &b);
	ck_assert(iface_dirty_take(&x.f) == v && v->fell && v->z.svi_ifindex == 5);
	iface_fini(&x.f);
}
END_TEST

/* A number that belongs to another kind of device now. */
START_TEST(t_reused_ifindex)
{
	struct fix x;
	struct event br = { .link = bridge(2, false) };
	struct nl_ifaddr a = { .ifindex = 2, .addr = { ip_v4(0x0a000001), 24 } };

	fix_init(&x);
	apply(&x, &br);
	iface_addr_event(&x.f, &a);
	ck_assert_uint_eq(x.addrs, 1);
	br.link.kind = NL_KIND_OTHER;
	apply(&x, &br);
	ck_assert_uint_eq(x.addrs, 0);
	iface_fini(&x.f);
}
END_TEST

START_TEST(t_dump)
{
	struct fix x;
	struct event br = { .link = bridge(2, false) }, vx = { .link = vxlan(3, 100, 2) };
	struct nl_ifaddr a = { .ifindex = 2, .addr = { ip_v4(0x0a000001), 24 } };

	fix_init(&x);
	apply(&x, &br);
	apply(&x, &vx);
	iface_addr_event(&x.f, &a);
	a.addr.ip = ip_v4(0x0a000002);
	iface_addr_event(&x.f, &a);
	iface_addr_event(&x.f, &a);
	ck_assert_uint_eq(x.addrs, 2);
	iface_dump_begin(&x.f);
	iface_link_event(&x.f, &br.link);
	iface_addr_event(&x.f, &a);
	iface_dump_end(&x.f);
	iface_resolve(&x.f);
	ck_assert_uint_eq(x.addrs, 1);
	ck_assert_str_eq(why(&x), "gone");
	ck_assert_ptr_null(iface_find(&x.f, 3));
	a.tentative = true;
	iface_addr_event(&x.f, &a);
	ck_assert_uint_eq(x.addrs, 0);
	iface_fini(&x.f);
}
END_TEST

/* A VNI filter is a set of numbers: against a plain array. */
START_TEST(t_filter)
{
	enum { N = 64 };
	struct fix x;
	bool in[N] = { false };
	uint32_t seed = (uint32_t)_i + 1;
	struct event vx = { .link = vxlan(3, 0, 0) };
	const struct iface_link *k;

	fix_init(&x);
	apply(&x, &vx);
	for (unsigned step = 0; step < 200; step++) {
		struct nl_vnirange r = { .ifindex = 3 };

		seed = seed * 1103515245 + 12345;
		r.del = (seed >> 16) & 1;
		r.vni = 1 + (seed >> 17) % (N - 1);
		r.last = r.vni + (seed >> 23) % (N - r.vni);
		iface_vnirange_event(&x.f, &r);
		for (uint32_t v = r.vni; v <= r.last; v++)
			in[v] = !r.del;
		k = iface_find(&x.f, 3);
		for (uint32_t v = 1; v < N; v++) {
			bool got = false;

			for (uint32_t i = 0; i < k->nvnis; i++)
				got |= k->vnis[i].vni <= v && v <= k->vnis[i].last;
			must(got == in[v]);
		}
		for (uint32_t i = 1; i < k->nvnis; i++)
			must(k->vnis[i - 1].last < k->vnis[i].vni);
	}
	iface_fini(&x.f);
}
END_TEST

/* Recorded messages. */

static unsigned parsed[4]; /* links, VLANs and filters, addresses, table entries */

static void
on_message(struct fix *x, struct nlmsghdr *h)
{
	struct nl_link l;
	struct nl_ifaddr a;
	struct nl_fdb e;
	struct nl_neigh n;

	if (nl_link_parse(h, &l)) {
		iface_link_event(&x->f, &l);
		parsed[0]++;
	} else if (nl_vlan_parse(h, iface_vlan_event, &x->f) ||
		   nl_vnirange_parse(h, iface_vnirange_event, &x->f)) {
		parsed[1]++;
	} else if (nl_ifaddr_parse(h, &a)) {
		iface_addr_event(&x->f, &a);
		parsed[2]++;
	} else if (nl_fdb_parse(h, &e) || nl_neigh_parse(h, &n)) {
		parsed[3]++;
	} else {
		/* What a bridge says of a port that has gone, and of VLANs in the old way. */
		ck_assert(h->nlmsg_type == RTM_NEWLINK || h->nlmsg_type == RTM_DELLINK);
	}
	iface_resolve(&x->f);
}

static void
on_vector(struct fix *x, const struct vector *v)
{
	struct nlmsghdr *copy = xmemdup(v->in, v->len), *h = copy;
	int left = (int)v->len;

	for (; nlmsg_ok(h, left); h = nlmsg_next(h, &left))
		on_message(x, h);
	ck_assert_int_eq(left, 0);
	free(copy);
}

static void
on_file(struct fix *x, const char *name, const char *which)
{
	const char *srcdir = getenv("srcdir");
	char path[512];
	struct vector_file f;

	snprintf(
	    path, sizeof path, "%s/tests/vectors/nlmsg/%s", srcdir ? srcdir : ".", name);
	memset(parsed, 0, sizeof parsed);
	vector_file_load(&f, path);
	for (size_t i = 0; i < f.n; i++)
		if (strstr(f.v[i].name, which))
			on_vector(x, &f.v[i]);
	vector_file_free(&f);
}

START_TEST(t_recorded_plain)
{
	struct fix x;
	const struct iface_vni *v;

	fix_init(&x);
	on_file(&x, "plain.txt", "event");
	ck_assert(parsed[0] > 20 && parsed[1] > 10 && parsed[2] > 2 && parsed[3] > 20);
	v = iface_find_vni(&x.f, 10);
	ck_assert_ptr_nonnull(v);
	ck_assert_str_eq(v->z.why_down, "vx10 is not in a bridge");
	ck_assert_str_eq(v->z.vxlan, "vx10");
	ck_assert_uint_eq(v->z.dstport, 4789);
	ck_assert(ip_equal(v->z.local, ip_v4(0x0a000001)));
	ck_assert(!(v->z.flags & (ZL_VNI_LEARNING | ZL_VNI_NO_SUPPRESS)));
	v = iface_find_vni(&x.f, 600);
	ck_assert(v && (v->z.flags & ZL_VNI_GONE));
	iface_fini(&x.f);
}
END_TEST

START_TEST(t_recorded_vlan)
{
	struct fix x;
	const struct iface_vni *v;

	fix_init(&x);
	on_file(&x, "vlan.txt", "event");
	v = iface_find_vni(&x.f, 110);
	ck_assert_ptr_nonnull(v);
	ck_assert_str_eq(v->z.why_down, "vx10 has no access VLAN (PVID) on br0");
	v = iface_find_vni(&x.f, 240);
	ck_assert(v && v->z.vid == 40 && (v->z.flags & ZL_VNI_SVD));
	v = iface_find_vni(&x.f, 235);
	ck_assert(v && (v->z.flags & ZL_VNI_GONE));
	v = iface_find_vni(&x.f, 231);
	ck_assert(v && (v->z.flags & ZL_VNI_GONE));
	/* A dump of the same moment agrees with the events. */
	iface_dump_begin(&x.f);
	on_file(&x, "vlan.txt", "dump");
	iface_fini(&x.f);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_plain, 0, 0 },
		{ t_vlan_aware, 0, 0 },
		{ t_pvid_moves, 0, 0 },
		{ t_single_device, 0, 0 },
		{ t_conflict, 0, 0 },
		{ t_reasons, 0, 0 },
		{ t_fell, 0, 0 },
		{ t_fell_svi, 0, 0 },
		{ t_reused_ifindex, 0, 0 },
		{ t_dump, 0, 0 },
		{ t_filter, 20, 0 },
		{ t_recorded_plain, 0, 0 },
		{ t_recorded_vlan, 0, 0 },
		{ NULL, 0, 0 },
	};

	log_set_level(NULL, LOG_LVL_ERROR);
	return run_tests("iface", tests);
}
