/* SPDX-License-Identifier: ISC */
/* Decoded BGP messages as text. */
#include "config.h"

#include "tests/unit/dump.h"

#include "bgpd/aspath.h"
#include "bgpd/community.h"
#include "bgpd/extcomm.h"
#include "lib/util.h"

static void
dump_hex(struct strbuf *s, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		strbuf_printf(s, "%02x", p[i]);
}

static void
dump_ip(struct strbuf *s, const char *what, struct ip ip)
{
	char buf[IP_STRLEN];

	strbuf_printf(s, "%s%s", what, ip_format(ip, buf));
}

static void
dump_nlri(struct strbuf *s, const struct afi_safi *f, const struct afi_nlri *n)
{
	char text[EVPN_NLRI_STRLEN], esi[ESI_STRLEN], rd[RD_STRLEN];
	struct rd r;

	strbuf_put(s, f->format(&n->key.head, n->key.tail, n->key.len, text));
	if (n->key.head.len) {
		memcpy(r.b, n->key.head.b, 8);
		strbuf_printf(s, " rd %s", rd_format(r, rd));
	}
	if (!esi_is_zero(n->aux.esi))
		strbuf_printf(s, " esi %s", esi_format(n->aux.esi, esi));
	if (n->aux.gw.len)
		dump_ip(s, " gw ", n->aux.gw);
	for (unsigned i = 0; i < n->nlabels; i++)
		strbuf_printf(s, "%s%u", i ? "/" : " label ", n->label[i]);
}

void
dump_nlri_field(struct strbuf *s, const struct afi_safi *f, struct rbuf r)
{
	static const char *const bad[] = {
		[NLRI_MALFORMED] = "malformed", [NLRI_TRUNCATED] = "truncated"
	};
	const char *sep = "";

	while (rb_left(&r) > 0) {
		struct afi_nlri n;
		enum nlri_result res = f->decode(&r, &n);

		strbuf_put(s, sep);
		sep = "\n";
		if (res == NLRI_OK)
			dump_nlri(s, f, &n);
		else
			strbuf_put(s, bad[res]);
		if (res == NLRI_TRUNCATED)
			return;
	}
}

static void
dump_base(struct strbuf *s, const struct attrs *a)
{
	static const char *const origins[] = { "IGP", "EGP", "incomplete" };

	if (a->has & HAS_ORIGIN)
		strbuf_printf(s, "\norigin %s", origins[a->origin]);
	if (a->has & HAS_AS_PATH) {
		strbuf_printf(s, "\nas-path%s", a->aspath_len ? " " : "");
		aspath_format(s, a->aspath, a->aspath_len);
	}
	if (a->has & HAS_NEXT_HOP)
		dump_ip(s, "\nnext-hop ", a->nexthop);
	if (a->has & HAS_MED)
		strbuf_printf(s, "\nmed %u", a->med);
	if (a->has & HAS_LOCAL_PREF)
		strbuf_printf(s, "\nlocal-pref %u", a->local_pref);
	if (a->has & HAS_ATOMIC)
		strbuf_put(s, "\natomic-aggregate");
	if (a->has & HAS_AGGREGATOR)
		strbuf_printf(s, "\naggregator %u", a->aggr_as),
		    dump_ip(s, " ", ip_v4(a->aggr_ip));
}

static void
dump_reflection(struct strbuf *s, const struct attrs *a)
{
	if (a->has & HAS_ORIGINATOR)
		dump_ip(s, "\noriginator ", ip_v4(a->originator));
	for (unsigned i = 0; i < a->nclusters; i++)
		dump_ip(s, i ? " " : "\nclusters ", ip_v4(a->clusters[i]));
}

void
dump_attrs(struct strbuf *s, const struct attrs *a)
{
	dump_base(s, a);
	dump_reflection(s, a);
	if (a->ncomms) {
		strbuf_put(s, "\ncommunities ");
		comms_format(s, a->comms, a->ncomms);
	}
	if (a->necoms) {
		strbuf_put(s, "\next-communities ");
		ecoms_format(s, a->ecoms, a->necoms);
	}
	if (a->nlcomms) {
		strbuf_put(s, "\nlarge-communities ");
		lcomms_format(s, a->lcomms, a->nlcomms);
	}
	if (a->has & HAS_PMSI) {
		strbuf_printf(s, "\npmsi flags %u type %u label %u id%s", a->pmsi_flags,
		    a->pmsi_type, a->pmsi_label, a->pmsi_id_len ? " " : "");
		dump_hex(s, a->pmsi_id, a->pmsi_id_len);
	}
	if (a->unknown_len) {
		strbuf_put(s, "\nunknown ");
		dump_hex(s, a->unknown, a->unknown_len);
	}
	if (a->has & HAS_AS_SET)
		strbuf_put(s, "\nas-set");
	if (a->has >> 16)
		strbuf_printf(s, "\npartial %#x", a->has >> 16);
}

void
dump_upd_fault(struct strbuf *s, const struct upd_fault *f)
{
	strbuf_put(s, update_verdict_name(f->verdict));
	if (f->verdict > UPD_ATTR_DISCARD)
		strbuf_printf(s, " %u/%u", f->code, f->subcode);
	if (f->verdict == UPD_AFI_DISABLE)
		strbuf_printf(s, " family %u/%u", f->afi, f->safi);
	if (f->verdict != UPD_OK && f->attr)
		strbuf_printf(s, " %s", attr_name(f->attr));
	if (f->discarded)
		strbuf_printf(s, " (%u discarded)", f->discarded);
}

static void
dump_field(struct strbuf *s, const char *what, const struct update_field *f)
{
	strbuf_printf(s, "\n%s %u/%u", what, f->afi, f->safi);
	if (f->nexthop.len)
		dump_ip(s, " next-hop ", f->nexthop);
	if (!f->family)
		return;
	strbuf_putc(s, '\n');
	dump_nlri_field(s, f->family, f->nlri);
}

void
dump_update(struct strbuf *s, const struct update *u)
{
	dump_upd_fault(s, &u->fault);
	if (u->fault.verdict >= UPD_AFI_DISABLE)
		return;
	if (u->eor)
		strbuf_printf(s, "\nend-of-rib %u/%u", u->eor_afi, u->eor_safi);
	if (u->fault.verdict <= UPD_ATTR_DISCARD)
		dump_attrs(s, &u->attrs);
	for (unsigned i = 0; i < u->nwithdraw; i++)
		dump_field(s, "withdraw", &u->withdraw[i]);
	for (unsigned i = 0; i < u->nreach; i++)
		dump_field(s, "reach", &u->reach[i]);
}

static void
dump_families(struct strbuf *s, const char *what, const struct open_families *f)
{
	for (unsigned i = 0; i < f->n; i++)
		strbuf_printf(s, "%s%u/%u", i ? " " : what, f->v[i].afi, f->v[i].safi);
}

static void
dump_families_arg(struct strbuf *s, const char *what, const struct open_families *f)
{
	for (unsigned i = 0; i < f->n; i++)
		strbuf_printf(s, "%s%u/%u=%u", i ? " " : what, f->v[i].afi, f->v[i].safi,
		    f->v[i].arg);
}

void
dump_open(struct strbuf *s, const struct open_msg *o)
{
	strbuf_printf(s, "ok as %u hold %u id ", o->as, o->hold);
	dump_ip(s, "", ip_v4(o->id));
	if (o->extended)
		strbuf_put(s, " extended");
	dump_families(s, "\nmultiprotocol ", &o->mp);
	if (o->has & OPEN_REFRESH)
		strbuf_put(s, "\nroute-refresh");
	if (o->has & OPEN_ENHANCED_REFRESH)
		strbuf_put(s, "\nenhanced-refresh");
	if (o->has & OPEN_EXT_MESSAGE)
		strbuf_put(s, "\nextended-message");
	if (o->has & OPEN_AS4)
		strbuf_put(s, "\nas4");
	dump_families_arg(s, "\nextended-next-hop ", &o->ext_next_hop);
	if (o->has & OPEN_GR) {
		strbuf_printf(s, "\ngraceful-restart %u%s%s", o->gr_time,
		    o->gr_restarting ? " R" : "", o->gr_notification ? " N" : "");
		dump_families_arg(s, " ", &o->gr);
	}
	dump_families_arg(s, "\nlong-lived ", &o->llgr);
	dump_families_arg(s, "\nadd-path ", &o->add_path);
	if (o->has & OPEN_FQDN)
		strbuf_printf(
		    s, "\nhostname \"%s\" domain \"%s\"", o->hostname, o->domain);
	if (o->has & OPEN_SOFTWARE)
		strbuf_printf(s, "\nsoftware \"%s\"", o->software);
}

void
dump_fault(struct strbuf *s, const struct bgp_fault *f)
{
	strbuf_printf(s, "fault %u/%u", f->code, f->subcode);
	if (f->datalen)
		strbuf_put(s, " data "), dump_hex(s, f->data, f->datalen);
}

void
dump_notification(struct strbuf *s, const struct notification *n)
{
	char text[NOTIFICATION_TEXT_MAX];

	strbuf_printf(s, "%u/%u %s, %s", n->code, n->subcode,
	    notification_code_name(n->code),
	    notification_subcode_name(n->code, n->subcode));
	if (n->hard)
		strbuf_put(s, "\nhard reset");
	if (*notification_shutdown_text(n, text))
		strbuf_printf(s, "\ntext \"%s\"", text);
	else if (n->datalen)
		strbuf_put(s, "\ndata "), dump_hex(s, n->data, n->datalen);
}
