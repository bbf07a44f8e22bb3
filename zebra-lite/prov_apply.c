/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_apply.c: steps as messages to the kernel. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "zebra-lite/prov.h"

/* Made, marked and quiet in one go: nobody sees it without our mark. */
static void
put_new(struct nl_batch *b, const struct prov_step *s, const struct iface *f)
{
	struct nl_dev d = s->dev->d;

	if (s->dev->lower[0]) {
		const struct iface_link *k = prov_link(f, s->dev->lower);

		d.lower = k ? k->l.ifindex : 0;
	}
	nl_dev_put_new(b, &d);
	nl_dev_put_set(b, 0,
	    NL_DEV_MARK | (d.kind == NL_KIND_VRF ? 0u : (unsigned)NL_DEV_ADDRGEN), &d);
}

static void
put_set(struct nl_batch *b, const struct prov_step *s, const struct iface *f)
{
	struct nl_dev d = s->dev->d;
	const struct iface_link *k =
	    s->what & NL_DEV_MASTER ? prov_link(f, s->dev->master) : NULL;

	d.master = k ? k->l.ifindex : 0;
	nl_dev_put_set(b, s->ifindex, s->what, &d);
}

static void
put_release(struct nl_batch *b, const struct prov_step *s)
{
	const struct nl_dev none = { .name = s->subject };

	nl_dev_put_set(b, s->ifindex, NL_DEV_MASTER, &none);
}

bool
prov_put(struct nl_batch *b, const struct prov_step *s, const struct iface *f)
{
	bool self = s->dev && s->dev->d.kind == NL_KIND_BRIDGE;

	if (s->later || (s->ifindex == 0 && s->op != PROV_NEW))
		return false;
	switch (s->op) {
	case PROV_DEL:
		nl_dev_put_del(b, s->ifindex);
		return true;
	case PROV_RELEASE:
		put_release(b, s);
		return true;
	case PROV_NEW:
		put_new(b, s, f);
		return true;
	case PROV_SET:
		put_set(b, s, f);
		return true;
	case PROV_BRPORT:
		nl_dev_put_port(
		    b, s->ifindex, s->dev->flags & PROV_SUPPRESS, s->dev->d.external);
		return true;
	case PROV_VLAN:
	case PROV_VLAN_DEL:
		nl_dev_put_vlan(b, s->op == PROV_VLAN_DEL, s->ifindex, self, s->vlan.vid,
		    s->vlan.untagged, s->op == PROV_VLAN ? s->vlan.vni : 0);
		return true;
	case PROV_VNI:
	case PROV_VNI_DEL:
		nl_dev_put_vni(b, s->op == PROV_VNI_DEL, s->ifindex, s->vlan.vni);
		return true;
	case PROV_ADDR:
	case PROV_ADDR_DEL:
		nl_dev_put_addr(b, s->op == PROV_ADDR_DEL, s->ifindex, s->addr);
		return true;
	case PROV_CONF:
		if (s->conf->id)
			nl_dev_put_conf4(
			    b, s->ifindex, s->conf->id, (uint32_t)s->conf->value);
		return s->conf->id != 0;
	case PROV_PROBLEM:
		break;
	}
	return false;
}

int
prov_write_file(const struct prov_step *s)
{
	char path[128], value[16];
	int fd, n, err = 0;

	if (s->op != PROV_CONF || s->conf->id || s->later)
		return -1;
	if (s->ifindex == 0 && s->dev)
		return -1;
	snprintf(path, sizeof path, "/proc/sys/net/%s/conf/%s/%s", s->conf->family,
	    s->subject, s->conf->name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	n = snprintf(value, sizeof value, "%ld\n", s->conf->value);
	if (write(fd, value, (size_t)n) != n)
		err = errno;
	close(fd);
	return err;
}
