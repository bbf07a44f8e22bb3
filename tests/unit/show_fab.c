/* SPDX-License-Identifier: ISC */
/* Two leaves in one process, and a runner of commands. */
#include "config.h"

#include "tests/unit/show_fab.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#include "bgpd/routemap.h"
#include "lib/log.h"
#include "lib/util.h"
#include "tests/unit/show_l3_fake.h"

static bool
deliver(void *arg, uint16_t type, const uint8_t *body, size_t len)
{
	return evpn_dp_message(arg, type, body, len);
}

static void
drained(void *arg)
{
	evpn_dp_ready(arg);
}

static void
leaf_finding(struct leaf *l)
{
	const struct zl_finding m = { .op = ZL_SET,
		.code = ZL_FIND_FORWARDING,
		.subject = "br10",
		.vni = FAB_VNI,
		.text = "net.ipv4.conf.br10.forwarding = 0" };
	uint8_t mem[256];
	struct wbuf w = wb_init(mem, sizeof mem);

	findings_init(&l->findings);
	zl_finding_encode(&w, &m);
	ck_assert(findings_message(&l->findings, mem, wb_len(&w)));
}

static void
leaf_open(struct fab *f, int i)
{
	static const char *const names[] = { "leaf1", "leaf2" };
	struct leaf *l = &f->leaf[i];
	struct evpn_dp dp = { kernel_send, &l->k };

	l->n = node_new(&f->w, (uint8_t)(i + 1), 65000);
	l->n->draft.c.hostname = (char *)(uintptr_t)names[i];
	l->conf.evpn = (struct evpn_conf){ .as = 65000,
		.advertise_all_vni = true,
		.dad_enabled = true,
		.dad_max_moves = 5,
		.dad_time = 180 };
	kernel_init(&l->k, f->w.l);
	l->e = evpn_new(f->w.l, bgp_rib(l->n->b), &dp);
	l->k.deliver = deliver;
	l->k.drained = drained;
	l->k.deliver_arg = l->k.drained_arg = l->e;
	evpn_apply(l->e, &l->conf.evpn);
	evpn_set_router_id(l->e, 0x0a000001u + (unsigned)i);
	leaf_finding(l);
	l->eng = (struct engine){ .loop = f->w.l,
		.bgp = l->n->b,
		.evpn = l->e,
		.findings = &l->findings,
		.conf = &l->conf,
		.cli = f->cli,
		.kernel = true,
		.dp_up = true,
		.started = loop_now(f->w.l) };
}

static void
leaf_devices(struct leaf *l, int i)
{
	struct zl_vni v = kernel_vni_of(FAB_VNI, l->n->addr);

	v.vxlan_ifindex = 4;
	v.bridge_ifindex = v.svi_ifindex = 3;
	snprintf(v.vxlan, sizeof v.vxlan, "vx10");
	snprintf(v.bridge, sizeof v.bridge, "br10");
	snprintf(v.svi, sizeof v.svi, "br10");
	v.svi_mac = (struct mac){ { 2, 0xff, 0, 0, 0, (uint8_t)i } };
	kernel_attach(&l->k);
	kernel_vni(&l->k, &v);
	evpn_rib_ready(l->e);
}

/* What leaf 2 tells has communities. */
static struct rmap *
communities(void)
{
	struct rmap *m = rmap_new();

	m->e = xcalloc(1, sizeof m->e[0]);
	m->n = 1;
	m->e[0].permit = true;
	m->e[0].set = RMAP_SET_COM << COM_STANDARD | RMAP_SET_COM << COM_LARGE;
	ck_assert(comset_parse(
	    COM_STANDARD, "65000:1 graceful-shutdown", &m->e[0].com[COM_STANDARD]));
	ck_assert(comset_parse(COM_LARGE, "65000:1:2", &m->e[0].com[COM_LARGE]));
	return m;
}

void
fab_open(struct fab *f)
{
	struct err e = { 0 };
	struct node *a, *b;

	memset(f, 0, sizeof *f);
	log_set_level(NULL, LOG_LVL_ERROR);
	world_init(&f->w, 3);
	f->cli = cli_new(show_tables, &e);
	ck_assert_msg(f->cli != NULL, "%s", e.text);
	leaf_open(f, 0);
	leaf_open(f, 1);
	a = f->leaf[0].n;
	b = f->leaf[1].n;
	node_link(a, 65000, b, 65000);
	a->draft.peers[0].description = (char *)(uintptr_t) "leaf 2";
	b->draft.peers[0].evpn.map_out = f->map = communities();
	node_apply(a);
	node_apply(b);
	f->leaf[0].conf.bgp = a->conf->c;
	f->leaf[1].conf.bgp = b->conf->c;
	leaf_devices(&f->leaf[0], 1);
	leaf_devices(&f->leaf[1], 2);
	world_run(&f->w, 5);
	ck_assert(node_up(a, b));
}

void
fab_close(struct fab *f)
{
	for (int i = 0; i < 2; i++) {
		evpn_free(f->leaf[i].e);
		kernel_fini(&f->leaf[i].k);
		findings_fini(&f->leaf[i].findings);
	}
	world_fini(&f->w);
	rmap_unref(f->map);
	cli_free(f->cli);
}

void
fab_wait(struct fab *f, double seconds)
{
	world_run(&f->w, seconds);
}

struct mac
fab_mac(unsigned n)
{
	return (
	    struct mac){ { 2, 0, 0, (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n } };
}

void
fab_host(struct fab *f, int i, unsigned n, const char *text)
{
	struct ip ip;

	kernel_frame(&f->leaf[i].k, FAB_VNI, fab_mac(n), 1);
	fab_wait(f, 0);
	if (text) {
		ck_assert(ip_parse(text, &ip));
		kernel_arp(&f->leaf[i].k, FAB_VNI, ip, fab_mac(n));
	}
	fab_wait(f, 0);
}

/* --- one with something of everything --- */

/* The route of leaf 2's host 12, for the ways of prefixes. */
static uint32_t
some_route(const struct fab *f)
{
	struct evpn_nlri n = { .type = EVPN_MACIP, .mac = fab_mac(0x12) };
	struct rib_key k;
	uint32_t h;

	ck_assert(rd_parse("10.0.0.2:10010", &n.rd));
	ck_assert(ip_parse("10.1.10.12", &n.ip));
	evpn_nlri_key(&n, &k);
	h = rib_find(bgp_rib(f->leaf[0].n->b), &k);
	ck_assert_uint_ne(h, 0);
	return h;
}

void
fab_open_full(struct fab *f)
{
	struct node *nobody;
	struct ip ip;

	fab_open(f);
	/* A neighbour that is not there. */
	nobody = node_new_raw(&f->w, 9);
	nobody->refuse = true;
	node_add_peer(f->leaf[0].n, nobody, 65009);
	node_apply(f->leaf[0].n);
	f->leaf[0].conf.bgp = f->leaf[0].n->conf->c;
	fab_wait(f, 2);
	fab_host(f, 0, 0x11, "10.1.10.11");
	fab_host(f, 1, 0x12, "10.1.10.12");
	fab_host(f, 1, 0x13, "2001:db8:10::13");
	kernel_static(&f->leaf[1].k, FAB_VNI, fab_mac(0x14), 2, true);
	ck_assert(ip_parse("10.1.10.251", &ip));
	kernel_neigh_static(&f->leaf[0].k, FAB_VNI, ip, fab_mac(0x11), true);
	/* An address whose MAC nobody has seen. */
	ck_assert(ip_parse("10.1.10.15", &ip));
	kernel_arp(&f->leaf[0].k, FAB_VNI, ip, fab_mac(0x15));
	/* A host that moved. */
	fab_host(f, 0, 0x16, NULL);
	fab_wait(f, 1);
	fab_host(f, 1, 0x16, NULL);
	fab_wait(f, 1);
	/* One entry is refused. */
	f->leaf[0].k.fail_errno = 28; /* ENOSPC */
	f->leaf[0].k.fail_count = 1;
	fab_host(f, 1, 0x17, NULL);
	fab_wait(f, 0);
	show_l3_fake(some_route(f));
}

/* --- commands --- */

struct running {
	const struct show_cmd *cmd; /* NULL: not a command */
	struct show_ctx ctx;
	struct cli_args args;
	struct out out;
};

const struct show_cmd *
fab_command(struct fab *f, const char *text)
{
	struct cli_args args = { 0 };
	struct cli_line l;
	size_t which, bad;

	cli_line_split(&l, text);
	if (cli_match(f->cli->exec_pat, f->cli->nexec, &l, false, &which, &args, &bad) !=
	    CLI_OK)
		return NULL;
	cli_args_free(&args);
	return f->cli->exec[which];
}

static bool
begin(struct running *r, struct fab *f, int i, const char *text)
{
	struct cli_line l;
	size_t which, bad;

	*r = (struct running){ 0 };
	cli_line_split(&l, text);
	if (cli_match(f->cli->exec_pat, f->cli->nexec, &l, false, &which, &r->args,
		&bad) != CLI_OK)
		return false;
	r->cmd = f->cli->exec[which];
	out_init(&r->out);
	r->ctx = (struct show_ctx){ .eng = &f->leaf[i].eng,
		.args = &r->args,
		.out = &r->out,
		.json = cli_arg(&r->args, "json") != NULL };
	return true;
}

static void
end(struct running *r)
{
	if (r->cmd->done)
		r->cmd->done(&r->ctx);
	else
		free(r->ctx.state);
	cli_args_free(&r->args);
	out_fini(&r->out);
}

struct fab_run
fab_run_with(struct fab *f, int i, const char *line,
    void (*between)(void *arg, unsigned slice), void *arg)
{
	struct fab_run res = { 0 };
	struct running r;
	struct strbuf all;
	bool more;

	if (!begin(&r, f, i, line))
		return res;
	strbuf_init(&all);
	do {
		more = r.cmd->fn(&r.ctx);
		res.slices++;
		res.max_bytes = MAX(res.max_bytes, r.out.buf.len);
		strbuf_putn(&all, r.out.buf.s, r.out.buf.len);
		strbuf_reset(&r.out.buf);
		if (more && between)
			between(arg, res.slices);
	} while (more);
	res.failed = r.ctx.failed;
	end(&r);
	res.text = strbuf_take(&all);
	return res;
}

struct fab_run
fab_run(struct fab *f, int i, const char *line)
{
	return fab_run_with(f, i, line, NULL, NULL);
}

void
fab_abandon(struct fab *f, int i, const char *line, unsigned slices)
{
	struct running r;

	ck_assert(begin(&r, f, i, line));
	while (slices-- && r.cmd->fn(&r.ctx))
		strbuf_reset(&r.out.buf);
	end(&r);
}
