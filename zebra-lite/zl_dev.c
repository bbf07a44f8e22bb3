/* SPDX-License-Identifier: ISC */
/* zebra-lite/zl_dev.c: devices that evpnd makes (prov.h), between channel, netlink and interfaces. */
#include "config.h"

#include "zebra-lite/zl.h"

static void
on_drain_ifaces(void *arg)
{
	struct zl *z = arg;

	nl_mon_drain(&z->mon_iface);
}

static void
on_send(void *arg, const uint8_t *body, size_t len)
{
	struct zl *z = arg;

	if (z->attached)
		chan_send(&z->chan, ZL_PLAN, body, len, -1);
}

static const struct prov_ops ops = { on_drain_ifaces, watch_iface_msg, on_send };

void
zl_dev_init(struct zl *z)
{
	prov_init(&z->prov, z->loop, &z->nl, &z->iface, &ops, z);
}

/* Without a kernel there is nothing to do, and nothing in the way. */
static bool
no_kernel(struct zl *z, struct rbuf *r)
{
	struct zl_prov_head head;
	struct wbuf w;
	uint8_t mem[16];

	if (!zl_prov_head_decode(r, &head))
		return false;
	if (head.req && head.flags & ZL_PROV_LAST) {
		head.flags = ZL_PROV_LAST;
		w = wb_init(mem, sizeof mem);
		zl_prov_head_encode(&w, &head);
		on_send(z, mem, wb_len(&w));
	}
	return true;
}

bool
zl_dev_frame(struct zl *z, struct rbuf *r)
{
	return z->kernel && z->config.kernel ? prov_frame(&z->prov, r) : no_kernel(z, r);
}
