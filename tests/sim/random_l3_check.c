/* SPDX-License-Identifier: ISC */
/* What the kernels' routes must be in the end, by what the machines are then. */
#include "config.h"

#include "tests/sim/random_l3.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/util.h"

const char *const rl3_vrf_names[VRFS] = { "red", "blue" };
const char *const rl3_prefixes[PREFIXES] = { "0.0.0.0/0", "192.0.2.0/24",
	"203.0.113.0/24", "2001:db8::/48", "198.51.100.7/32" };

uint32_t
rl3_l3vni(unsigned vrf, unsigned which)
{
	return 5001 + vrf + 1000 * which;
}

struct prefix
rl3_prefix(unsigned i)
{
	struct prefix p = { .plen = 0 };

	ensure(prefix_parse(rl3_prefixes[i], &p));
	return p;
}

struct mac
rl3_router_mac(const struct run *r, unsigned leaf, unsigned vrf, unsigned which)
{
	struct mac m = sim_router_mac(r->leaf[leaf], rl3_l3vni(vrf, which));

	m.b[1] = (uint8_t)(0xe0 + r->place[leaf][vrf].macs[which] % 16);
	return m;
}

struct lines {
	char *l[256]; /* owned */
	size_t n;
};

static int
cmp_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool
takes_part(const struct place *p)
{
	return p->device && p->l3vni < 2 && p->up[p->l3vni];
}

/* " via ..." for the leaves in the set; by[]: whose L3VNI each says, NULL the VRF's own. */
static void
put_ways(const struct run *r, struct strbuf *s, unsigned vrf, unsigned leaves, bool v4,
    const unsigned *by)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN];
	unsigned m, v, which;

	strbuf_put(s, " via");
	for (m = 0; m < r->nleaves; m++) {
		if (!(leaves & 1u << m))
			continue;
		v = by ? by[m] : vrf;
		which = r->place[m][v].l3vni;
		strbuf_printf(s, " %s%s,%s,%u",
		    v4 ? "" : "::ffff:", ip_format(r->leaf[m]->addr, ip),
		    mac_format(rl3_router_mac(r, m, v, which), mac), rl3_l3vni(v, which));
	}
}

/* What the VRF takes from the other one. */
static bool
takes(const struct run *r, unsigned leaf, unsigned vrf, unsigned i)
{
	const struct place *p = r->place[leaf];

	return vrf == 0 && p[0].leaks && !p[0].has[i] && p[1].device && p[1].has[i];
}

static unsigned
partners(const struct run *r, unsigned leaf, unsigned vrf)
{
	unsigned m, set = 0, which = r->place[leaf][vrf].l3vni;

	for (m = 0; m < r->nleaves; m++)
		if (m != leaf && takes_part(&r->place[leaf][vrf]) &&
		    takes_part(&r->place[m][vrf]) && r->place[m][vrf].l3vni == which)
			set |= 1u << m;
	return set;
}

/* Whether a leaf tells of the prefix in a way that this one can use, and in whose name: what red took from blue goes
 * by blue's L3VNI, whatever that of red is about. */
static bool
tells(const struct run *r, unsigned leaf, unsigned m, unsigned vrf, unsigned i,
    unsigned *by)
{
	const struct place *p = r->place[leaf], *from = r->place[m];

	*by = takes(r, m, vrf, i) && takes_part(&from[1]) ? 1 : vrf;
	if (m == leaf || !(from[vrf].has[i] || takes(r, m, vrf, i)))
		return false;
	if (*by == vrf)
		return partners(r, leaf, vrf) & 1u << m;
	return takes_part(&from[vrf]) && p[vrf].l3vni == from[vrf].l3vni &&
	       p[vrf].device && !p[vrf].gone[p[vrf].l3vni] && takes_part(&p[1]) &&
	       p[1].l3vni == from[1].l3vni;
}

static void
add_line(struct lines *ls, struct strbuf *s)
{
	ensure(ls->n < ARRAY_LEN(ls->l));
	ls->l[ls->n++] = strbuf_take(s);
}

static void
expect_prefix(
    const struct run *r, struct lines *ls, unsigned leaf, unsigned vrf, unsigned i)
{
	const struct place *p = &r->place[leaf][vrf];
	unsigned m, set = 0, by[LEAVES_MAX];
	struct prefix q = rl3_prefix(i);
	struct strbuf s;

	for (m = 0; m < r->nleaves; m++)
		if (tells(r, leaf, m, vrf, i, &by[m]))
			set |= 1u << m;
	if (p->has[i]) {
		strbuf_init(&s);
		strbuf_printf(
		    &s, "route %s %s proto 4", rl3_vrf_names[vrf], rl3_prefixes[i]);
		add_line(ls, &s);
		set = 0;
	} else if (takes(r, leaf, vrf, i)) {
		strbuf_init(&s);
		strbuf_printf(&s, "route %s %s dev %u", rl3_vrf_names[vrf],
		    rl3_prefixes[i], 3000 + 1002);
		add_line(ls, &s);
		return;
	}
	if (!set && !(q.plen == 0 && p->l3vni < 2))
		return;
	strbuf_init(&s);
	strbuf_printf(&s, "route %s %s", rl3_vrf_names[vrf], rl3_prefixes[i]);
	if (set)
		put_ways(r, &s, vrf, set, q.ip.len == 4, by);
	else
		strbuf_put(&s, " unreachable");
	add_line(ls, &s);
}

static void
expect_host(const struct run *r, struct lines *ls, unsigned leaf, const struct host *h)
{
	char ip[IP_STRLEN];
	struct strbuf s;
	unsigned f;

	if (!(partners(r, leaf, h->vrf) & 1u << h->leaf))
		return;
	for (f = 0; f < 2; f++) {
		strbuf_init(&s);
		strbuf_printf(&s, "route %s %s/%d", rl3_vrf_names[h->vrf],
		    ip_format(h->ip[f], ip), h->ip[f].len * 8);
		put_ways(r, &s, h->vrf, 1u << h->leaf, f == 0, NULL);
		add_line(ls, &s);
	}
}

static void
expect(const struct run *r, struct lines *ls, unsigned leaf)
{
	unsigned v, i;

	for (v = 0; v < VRFS; v++) {
		const struct place *p = &r->place[leaf][v];
		struct strbuf s;

		if (!p->device)
			continue;
		for (i = 0; i < PREFIXES; i++)
			expect_prefix(r, ls, leaf, v, i);
		if (p->l3vni < 2) { /* IPv6 has no other default here */
			strbuf_init(&s);
			strbuf_printf(&s, "route %s ::/0 unreachable", rl3_vrf_names[v]);
			add_line(ls, &s);
		}
	}
	for (i = 0; i < r->nhosts; i++)
		if (r->place[leaf][r->host[i].vrf].device)
			expect_host(r, ls, leaf, &r->host[i]);
	qsort(ls->l, ls->n, sizeof *ls->l, cmp_line);
}

static void
have(const struct run *r, struct lines *ls, unsigned leaf)
{
	char *line, *save = NULL;
	struct strbuf s;

	strbuf_init(&s);
	kernel_dump(&r->leaf[leaf]->k, &s);
	for (line = strtok_r(s.s, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (strncmp(line, "route ", 6) == 0)
			ls->l[ls->n++] = xstrdup(line);
	strbuf_fini(&s);
	qsort(ls->l, ls->n, sizeof *ls->l, cmp_line);
}

void
rl3_check(struct run *r, unsigned leaf)
{
	struct lines want = { .n = 0 }, is = { .n = 0 };
	size_t i = 0, k = 0;

	expect(r, &want, leaf);
	have(r, &is, leaf);
	while (i < want.n || k < is.n) {
		int c = i == want.n ? 1 : k == is.n ? -1 : strcmp(want.l[i], is.l[k]);

		if (c) {
			printf("seed %llu: leaf %u %s %s\n", (unsigned long long)r->seed,
			    leaf + 1, c < 0 ? "lacks" : "has",
			    c < 0 ? want.l[i] : is.l[k]);
			r->failed = true;
		}
		i += c <= 0;
		k += c >= 0;
	}
	for (i = 0; i < want.n; i++)
		free(want.l[i]);
	for (k = 0; k < is.n; k++)
		free(is.l[k]);
	if (r->leaf[leaf]->k.malformed || (r->gentle && r->leaf[leaf]->k.orphans)) {
		printf("seed %llu: leaf %u broke the contract (%u orphans)\n",
		    (unsigned long long)r->seed, leaf + 1, r->leaf[leaf]->k.orphans);
		r->failed = true;
	}
}
