/* SPDX-License-Identifier: ISC */
/* Fuzz target: rtnetlink messages, one after another, as the monitors and dumps would give them. */
#include "config.h"

#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "lib/hash.h"
#include "lib/log.h"
#include "tests/fuzz/fuzz.h"
#include "zebra-lite/zl.h"

/* What is said of a VNI can be said: it is complete, and survives its own encoding. */
static void
check_vni(struct zl *z, const struct iface_vni *v)
{
	uint8_t mem[2][512];
	struct wbuf w = wb_init(mem[0], sizeof mem[0]);
	struct zl_vni again;
	struct rbuf r;

	oracle(v->z.vni > 0 && v->z.vni <= 0xffffff);
	oracle(
	    !(v->z.flags & ZL_VNI_UP) != !v->z.why_down[0] || (v->z.flags & ZL_VNI_GONE));
	if (v->z.flags & ZL_VNI_UP) {
		oracle(iface_is_vxlan(&z->iface, v->z.vxlan_ifindex));
		oracle(v->z.bridge_ifindex && v->doms[OBS_BRIDGE] && v->doms[OBS_VXLAN]);
		oracle(!(v->z.flags & ZL_VNI_VLAN_AWARE) == !v->z.vid);
	}
	zl_vni_encode(&w, &v->z);
	oracle(!w.failed);
	r = rb_init(mem[0], wb_len(&w));
	oracle(zl_vni_decode(&r, &again) && rb_done(&r));
	w = wb_init(mem[1], sizeof mem[1]);
	zl_vni_encode(&w, &again);
	oracle(memcmp(mem[0], mem[1], wb_len(&w)) == 0);
}

/* The records of routing agree with each other: what can be said of them can be encoded. */
static void
check_l3(struct zl *z)
{
	for (uint32_t h = 0; (h = slab_next(&z->hops.slab, h)) != 0;) {
		const struct hop *p = hop_ptr(&z->hops, h);

		oracle(p->kid != 0 && hops_by_kid(&z->hops, p->kid) == p);
		oracle(p->nmembers <= NL_NEXTHOP_MEMBERS && (p->group || !p->nmembers));
	}
	for (uint32_t h = 0; (h = slab_next(&z->vrfs.slab, h)) != 0;) {
		const struct vrf *v = slab_ptr(&z->vrfs.slab, h);

		oracle(v->z.op == ZL_SET && v->z.ifindex != 0);
		oracle(v->z.table == 0 || vrfs_has_table(&z->vrfs, v->z.table));
	}
}

static void
feed(struct zl *z, struct nlmsghdr *h)
{
	static const uint16_t tables[] = { RTM_NEWNEIGH, RTM_DELNEIGH, RTM_NEWROUTE,
		RTM_DELROUTE, RTM_NEWNEXTHOP, RTM_DELNEXTHOP };

	watch_iface_msg(z, h);
	for (unsigned i = 0; i < ARRAY_LEN(tables); i++)
		if (h->nlmsg_type == tables[i])
			watch_table_msg(z, h);
	iface_resolve(&z->iface);
	gateways_update(&z->gateways);
	check_l3(z);
	for (uint32_t v = 0; (v = slab_next(&z->iface.vnis, v)) != 0;)
		check_vni(z, iface_vni_ptr(&z->iface, v));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct zl_ops no_ops;
	static struct zl z;
	struct nlmsghdr *copy = malloc(size ? size : 1), *h = copy;

	/* The kernel's buffers are aligned; the end is just where the data ends. */
	memcpy(copy, data, size);
	/* Once: each run ends with nothing left, or the oracle complains. */
	if (!z.loop) {
		hash_seed_fixed(1, 2);
		log_set_level(NULL, LOG_LVL_ERROR);
		oracle(zl_init(&z, loop_new_sim(1), false, 0, &no_ops, NULL) == 0);
	}
	for (int left = (int)size, n = 0; nlmsg_ok(h, left) && n < 64;
	     h = nlmsg_next(h, &left), n++) {
		/* Every other one as if it came from a dump. */
		z.dumping = n & 1;
		feed(&z, h);
	}
	iface_dump_begin(&z.iface);
	iface_dump_end(&z.iface);
	observe_dump_begin(&z.obs);
	observe_dump_end(&z.obs);
	hops_dump_begin(&z.hops);
	hops_dump_end(&z.hops);
	routes_dump_begin(&z.routes);
	routes_dump_end(&z.routes);
	iface_resolve(&z.iface);
	gateways_dump_begin(&z.gateways);
	gateways_update(&z.gateways);
	oracle(z.iface.links.live == 0 && z.iface.vnis.live == 0);
	oracle(z.obs.macs.slab.live == 0 && z.obs.neighs.slab.live == 0 &&
	       z.obs.doms.live == 0);
	oracle(z.vrfs.slab.live == 0 && z.hops.slab.live == 0);
	oracle(z.routes.slab.live == 0 && z.routes.ways.live == 0);
	oracle(z.gateways.slab.live == 0);
	loop_work_cancel(&z.resolve);
	loop_work_cancel(&z.gateways.check);
	loop_timer_stop(&z.rec.timer);
	loop_timer_stop(&z.resolve_later);
	free(copy);
	return 0;
}
