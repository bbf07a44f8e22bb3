/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_text.c: steps as sentences. */
#include "config.h"

#include <string.h>

#include "lib/util.h"
#include "zebra-lite/prov_diff.h"

/* ", what": the first one without the comma. */
static void
item(struct strbuf *out, size_t start, const char *what)
{
	if (out->len != start)
		strbuf_put(out, ", ");
	strbuf_put(out, what);
}

static void
new_text(const struct prov_dev *w, struct strbuf *out)
{
	char text[IP_STRLEN];

	switch (w->d.kind) {
	case NL_KIND_VRF:
		strbuf_printf(out, "make the VRF, table %u", w->d.table);
		break;
	case NL_KIND_BRIDGE:
		strbuf_printf(out, "make the bridge%s",
		    w->d.vlan_filtering ? ", which filters VLANs" : "");
		break;
	case NL_KIND_VXLAN:
		if (w->d.external)
			strbuf_put(out, "make the VXLAN device for all VNIs");
		else
			strbuf_printf(out, "make the VXLAN device, VNI %u", w->d.vni);
		strbuf_printf(out, ", local %s, UDP port %u", ip_format(w->d.local, text),
		    w->d.dstport);
		break;
	default:
		strbuf_printf(
		    out, "make the interface, VLAN %u of %s", w->d.vid, w->lower);
		break;
	}
}

static void
set_text(const struct prov_step *s, struct strbuf *out)
{
	static const struct {
		unsigned what;
		const char *text;
	} plain[] = {
		{ NL_DEV_MARK, "mark it as evpnd's" },
		{ NL_DEV_ADDRGEN, "no link-local address by the kernel" },
		{ NL_DEV_UP, "set it up" },
	};
	const struct prov_dev *w = s->dev;
	char text[64];
	size_t start = out->len;

	if (s->what & NL_DEV_MASTER) {
		item(out, start, "put it into ");
		strbuf_put(out, w->master);
	}
	if (s->what & NL_DEV_MAC) {
		item(out, start, "MAC ");
		strbuf_put(out, mac_format(w->d.mac, text));
	}
	if (s->what & NL_DEV_MTU) {
		item(out, start, "");
		strbuf_printf(out, "MTU %u", w->d.mtu);
	}
	if (s->what & NL_DEV_LOCAL) {
		item(out, start, "local ");
		strbuf_put(out, ip_format(w->d.local, text));
	}
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (s->what & plain[i].what)
			item(out, start, plain[i].text);
}

static void
vlan_text(const struct prov_step *s, struct strbuf *out)
{
	strbuf_printf(out, "add VLAN %u", s->vlan.vid);
	if (s->vlan.untagged)
		strbuf_put(out, ", untagged");
	if (s->vlan.vni)
		strbuf_printf(out, " as VNI %u", s->vlan.vni);
}

void
prov_step_text(const struct prov_step *s, struct strbuf *out)
{
	char text[PREFIX_STRLEN];

	switch (s->op) {
	case PROV_DEL:
		strbuf_put(out, "remove the device");
		break;
	case PROV_RELEASE:
		strbuf_put(out, "take the port out of its bridge");
		break;
	case PROV_NEW:
		new_text(s->dev, out);
		break;
	case PROV_SET:
		set_text(s, out);
		break;
	case PROV_BRPORT:
		strbuf_printf(out, "learning off, neigh_suppress %s%s",
		    s->dev->flags & PROV_SUPPRESS ? "on" : "off",
		    s->dev->d.external ? ", vlan_tunnel on" : "");
		break;
	case PROV_VLAN:
		vlan_text(s, out);
		break;
	case PROV_VLAN_DEL:
		strbuf_printf(out, "remove VLAN %u", s->vlan.vid);
		break;
	case PROV_VNI:
		strbuf_printf(out, "receive VNI %u", s->vlan.vni);
		break;
	case PROV_VNI_DEL:
		strbuf_printf(out, "receive VNI %u no more", s->vlan.vni);
		break;
	case PROV_ADDR:
		strbuf_printf(out, "add address %s", prefix_format(s->addr, text));
		break;
	case PROV_ADDR_DEL:
		strbuf_printf(out, "remove address %s", prefix_format(s->addr, text));
		break;
	case PROV_CONF:
		strbuf_printf(out, "net.%s.conf.%s.%s = %ld", s->conf->family, s->subject,
		    s->conf->name, s->conf->value);
		break;
	case PROV_PROBLEM:
		strbuf_put(out, s->text);
		break;
	}
}
