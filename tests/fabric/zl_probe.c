/* SPDX-License-Identifier: ISC */
/* tests/fabric/zl_probe.c: plays the engine for a test script.
 *
 * What    evpnd starts it in place of evpnd-engine (EVPND_ENGINE).  It reads commands, a
 *         line each, from the FIFO named by ZL_PROBE_IN, and appends what the data plane
 *         says, a line a record, to the file named by ZL_PROBE_OUT.
 * Commands
 *         want set|del flood VNI VTEP
 *         want set|del mac VNI MAC VTEP [sticky]
 *         want set|del neigh VNI IP MAC [router]
 *         want set hop ID VNI GATEWAY MAC [VTEP LABEL]
 *         want set group ID MEMBER...
 *         want del hop|group ID
 *         want set|del route TABLE PREFIX ID|unreachable|vrf:IFINDEX
 *         routes set|del N TABLE FIRST-IP ID: N routes /32 from FIRST-IP on, answered as bulk is
 *         bulk set|del N VNI VTEP FIRST-IP: N MACs 02:00:.. with a neighbour each; answered
 *              by "bulk done SECONDS FAILURES"
 *         watch set|del IP: a next hop
 *         config [ids]: FDB entries name addresses, or ids of nexthops; ZL_PROBE_IDS in the
 *              environment has the latter at the start
 *         sync | resync | status TEXT | exit STATUS | crash | stall SECONDS
 *         probe VNI IP MAC: whether the host is still there
 *         deaf | hear: MACs and neighbours that are said from now on count as not heard yet, or all do
 * Lines   listen, begin, end, vni, mac, neigh, addr, vrf, route, lost, nexthop, finding, result, fail:
 *         see the printers.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/chan.h"
#include "lib/hash.h"
#include "lib/util.h"
#include "zebra-lite/zl_proto.h"

struct probe {
	struct loop *loop;	   /* owned */
	struct chan chan;	   /* to evpnd */
	struct loop_io in;	   /* commands */
	int in_fd;		   /* owned */
	FILE *out;		   /* owned: what was said */
	char line[4096];	   /* command being read */
	size_t len;		   /* bytes of it */
	uint32_t epoch;		   /* of the last BEGIN */
	uint32_t seq;		   /* of the last WANT */
	uint32_t heard;		   /* MAC and NEIGH frames */
	uint32_t unheard;	   /* those since `deaf` */
	bool deaf;		   /* they do not count now */
	uint8_t frame[ZL_MSG_MAX]; /* WANT frame being built */
	struct wbuf w;		   /* over it */
	unsigned nrecs;		   /* records in it */
	uint32_t bulk_seq;	   /* last frame of a bulk, 0 none */
	unsigned long bulk_failed; /* its failures so far */
	struct mono bulk_start;	   /* when it began */
};

/* Sending. */

static void
want_flush(struct probe *p)
{
	if (p->nrecs == 0)
		return;
	chan_send(&p->chan, ZL_WANT, p->frame, wb_len(&p->w), -1);
	p->nrecs = 0;
}

static void
want_add(struct probe *p, const struct zl_want *w)
{
	if (p->nrecs == 0) {
		p->w = wb_init(p->frame, sizeof p->frame);
		zl_want_head_encode(
		    &p->w, &(struct zl_want_head){ .seq = ++p->seq, .heard = p->heard });
	}
	zl_want_encode(&p->w, w);
	if (++p->nrecs == ZL_WANT_MAX)
		want_flush(p);
}

static uint32_t
number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

static bool
hop_words(struct zl_want *w, char **v, unsigned n)
{
	w->kind = ZL_KIND_HOP;
	w->id = number(v[3]);
	w->vni = 0;
	if (n == 4)
		return w->op == ZL_DEL;
	w->vni = number(v[4]);
	if (n > 8) {
		w->flags = ZL_F_ENCAP;
		w->label = number(v[8]);
	}
	return n >= 7 && ip_parse(v[5], &w->ip) && mac_parse(v[6], &w->mac) &&
	       (n == 7 || (n == 9 && ip_parse(v[7], &w->vtep)));
}

static bool
route_words(struct zl_want *w, char **v, unsigned n)
{
	struct prefix p;

	if (n != 6 || !prefix_parse(v[4], &p))
		return false;
	w->kind = ZL_KIND_ROUTE;
	w->vni = 0;
	w->table = number(v[3]);
	w->ip = p.ip;
	w->plen = p.plen;
	if (strcmp(v[5], "unreachable") == 0)
		w->flags = ZL_F_UNREACHABLE;
	else if (strncmp(v[5], "vrf:", 4) == 0)
		w->flags = ZL_F_VRF;
	if (w->flags & ZL_F_VRF)
		w->id = number(v[5] + 4);
	else
		w->id = number(v[5]);
	return true;
}

static void
cmd_want(struct probe *p, char **v, unsigned n)
{
	struct zl_want w = { .op = strcmp(v[1], "set") == 0 ? ZL_SET : ZL_DEL,
		.vni = (uint32_t)atoi(v[3]) };
	bool ok = n >= 5;

	if (strcmp(v[2], "hop") == 0) {
		ok = hop_words(&w, v, n);
	} else if (strcmp(v[2], "group") == 0) {
		w.kind = ZL_KIND_GROUP;
		w.id = number(v[3]);
		w.vni = 0;
		ok = true;
		for (unsigned i = 4; i < n; i++)
			w.members[w.nmembers++] = number(v[i]);
	} else if (strcmp(v[2], "route") == 0) {
		ok = route_words(&w, v, n);
	} else if (strcmp(v[2], "flood") == 0) {
		w.kind = ZL_KIND_FLOOD;
		ok = ok && ip_parse(v[4], &w.vtep);
	} else if (strcmp(v[2], "mac") == 0) {
		w.kind = ZL_KIND_MAC;
		ok = n >= 6 && mac_parse(v[4], &w.mac) && ip_parse(v[5], &w.vtep);
		w.flags = n > 6 ? ZL_F_STICKY : 0;
	} else {
		w.kind = ZL_KIND_NEIGH;
		ok = n >= 6 && ip_parse(v[4], &w.ip) && mac_parse(v[5], &w.mac);
		w.flags = n > 6 ? ZL_F_ROUTER : 0;
	}
	if (!ok) {
		fprintf(p->out, "bad command\n");
		return;
	}
	want_add(p, &w);
	want_flush(p);
}

static void
cmd_bulk(struct probe *p, char **v)
{
	uint8_t op = strcmp(v[1], "set") == 0 ? ZL_SET : ZL_DEL;
	struct ip vtep, first;

	if (!ip_parse(v[4], &vtep) || !ip_parse(v[5], &first)) {
		fprintf(p->out, "bad command\n");
		return;
	}
	p->bulk_failed = 0;
	p->bulk_start = loop_clock(p->loop);
	for (uint32_t i = 0; i < (uint32_t)atoi(v[2]); i++) {
		struct zl_want w = { .op = op,
			.kind = ZL_KIND_MAC,
			.vni = (uint32_t)atoi(v[3]),
			.vtep = vtep,
			.mac = { { 2, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16),
			    (uint8_t)(i >> 8), (uint8_t)i } } };

		want_add(p, &w);
		w.kind = ZL_KIND_NEIGH;
		w.ip = ip_v4(ip_v4_host(first) + i);
		want_add(p, &w);
	}
	want_flush(p);
	p->bulk_seq = p->seq;
}

static void
cmd_routes(struct probe *p, char **v)
{
	uint8_t op = strcmp(v[1], "set") == 0 ? ZL_SET : ZL_DEL;
	struct ip first;

	if (!ip_parse(v[4], &first)) {
		fprintf(p->out, "bad command\n");
		return;
	}
	p->bulk_failed = 0;
	p->bulk_start = loop_clock(p->loop);
	for (uint32_t i = 0; i < number(v[2]); i++) {
		struct zl_want w = { .op = op,
			.kind = ZL_KIND_ROUTE,
			.table = number(v[3]),
			.ip = ip_v4(ip_v4_host(first) + i),
			.plen = 32,
			.id = number(v[5]) };

		want_add(p, &w);
	}
	want_flush(p);
	p->bulk_seq = p->seq;
}

static void
cmd_probe(struct probe *p, char **v)
{
	uint8_t mem[64];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct zl_probe m = { .vni = number(v[1]) };

	if (!ip_parse(v[2], &m.ip) || !mac_parse(v[3], &m.mac)) {
		fprintf(p->out, "bad command\n");
		return;
	}
	zl_probe_encode(&w, &m);
	chan_send(&p->chan, ZL_PROBE, mem, wb_len(&w), -1);
}

static void
cmd_sync(struct probe *p)
{
	uint8_t mem[4];
	struct wbuf w = wb_init(mem, sizeof mem);

	wb_u32(&w, p->epoch);
	chan_send(&p->chan, ZL_SYNC_END, mem, sizeof mem, -1);
}

static void
cmd_watch(struct probe *p, char **v)
{
	uint8_t mem[32];
	struct wbuf w = wb_init(mem, sizeof mem);
	struct zl_watch m = { .op = strcmp(v[1], "set") == 0 ? ZL_SET : ZL_DEL };

	if (!ip_parse(v[2], &m.ip)) {
		fprintf(p->out, "bad command\n");
		return;
	}
	zl_watch_encode(&w, &m);
	chan_send(&p->chan, ZL_NEXTHOP_WATCH, mem, wb_len(&w), -1);
}

static void
send_config(struct probe *p, bool ids)
{
	struct zl_config conf = { .kernel = true, .use_nexthop_ids = ids };
	uint8_t mem[16];
	struct wbuf w = wb_init(mem, sizeof mem);

	zl_config_encode(&w, &conf);
	chan_send(&p->chan, ZL_CONFIG, mem, wb_len(&w), -1);
}

static void
hear(struct probe *p)
{
	p->deaf = false;
	p->heard += p->unheard;
	p->unheard = 0;
}

static void
command(struct probe *p, char *line)
{
	char *v[16] = { NULL };
	unsigned n = 0;

	for (char *t = strtok(line, " "); t && n < 15; t = strtok(NULL, " "))
		v[n++] = t;
	if (n >= 4 && strcmp(v[0], "want") == 0)
		cmd_want(p, v, n);
	else if (n == 6 && strcmp(v[0], "bulk") == 0)
		cmd_bulk(p, v);
	else if (n == 6 && strcmp(v[0], "routes") == 0)
		cmd_routes(p, v);
	else if (n == 4 && strcmp(v[0], "probe") == 0)
		cmd_probe(p, v);
	else if (n == 3 && strcmp(v[0], "watch") == 0)
		cmd_watch(p, v);
	else if (n == 1 && strcmp(v[0], "sync") == 0)
		cmd_sync(p);
	else if (n == 1 && strcmp(v[0], "resync") == 0)
		chan_send(&p->chan, ZL_RESYNC, NULL, 0, -1);
	else if (n >= 1 && strcmp(v[0], "config") == 0)
		send_config(p, n > 1);
	else if (n == 1 && strcmp(v[0], "deaf") == 0)
		p->deaf = true;
	else if (n == 1 && strcmp(v[0], "hear") == 0)
		hear(p);
	else if (n == 2 && strcmp(v[0], "status") == 0)
		chan_send(&p->chan, ZL_STATUS, v[1], strlen(v[1]), -1);
	else if (n == 2 && strcmp(v[0], "exit") == 0)
		exit(atoi(v[1]));
	else if (n == 2 && strcmp(v[0], "stall") == 0)
		sleep((unsigned)atoi(v[1]));
	else if (n == 1 && strcmp(v[0], "crash") == 0)
		kill(getpid(), SIGKILL);
	else
		fprintf(p->out, "bad command\n");
}

static void
on_input(struct loop_io *io, unsigned ready)
{
	struct probe *p = container_of(io, struct probe, in);
	ssize_t got = read(p->in_fd, p->line + p->len, sizeof p->line - 1 - p->len);
	char *end;

	(void)ready;
	if (got <= 0)
		return;
	p->len += (size_t)got;
	while ((end = memchr(p->line, '\n', p->len)) != NULL) {
		size_t used = (size_t)(end + 1 - p->line);

		*end = '\0';
		fprintf(p->out, "> %s\n", p->line);
		command(p, p->line);
		p->len -= used;
		memmove(p->line, end + 1, p->len);
	}
}

/* Receiving. */

static void
print_vni(FILE *out, struct rbuf *r)
{
	char local[IP_STRLEN], group[IP_STRLEN], mac[MAC_STRLEN];
	struct zl_vni v;

	while (rb_left(r) > 0 && zl_vni_decode(r, &v))
		fprintf(out,
		    "vni %u %s flags=%u local=%s group=%s vxlan=%s bridge=%s vid=%u "
		    "svi=%s svimac=%s vrf=%s port=%u why=%s\n",
		    v.vni,
		    v.flags & ZL_VNI_GONE ? "gone"
		    : v.flags & ZL_VNI_UP ? "up"
					  : "down",
		    v.flags, ip_format(v.local, local), ip_format(v.group, group),
		    v.vxlan, v.bridge, v.vid, v.svi, mac_format(v.svi_mac, mac), v.vrf,
		    v.dstport, v.why_down);
}

static void
print_mac(FILE *out, struct rbuf *r)
{
	char mac[MAC_STRLEN];
	struct zl_mac m;

	while (rb_left(r) > 0 && zl_mac_decode(r, &m))
		fprintf(out, "mac %s %u %s dev=%s vid=%u%s%s%s%s\n", m.op ? "set" : "del",
		    m.vni, mac_format(m.mac, mac), m.ifname, m.vid,
		    m.flags & ZL_MAC_STATIC ? " static" : "",
		    m.flags & ZL_MAC_STICKY ? " sticky" : "",
		    m.flags & ZL_MAC_SVI ? " svi" : "",
		    m.flags & ZL_MAC_GATEWAY ? " gateway" : "");
}

static void
print_neigh(FILE *out, struct rbuf *r)
{
	char mac[MAC_STRLEN], ip[IP_STRLEN];
	struct zl_neigh n;

	while (rb_left(r) > 0 && zl_neigh_decode(r, &n))
		fprintf(out, "neigh %s %u %s %s%s%s%s%s%s\n", n.op ? "set" : "del", n.vni,
		    ip_format(n.ip, ip), mac_format(n.mac, mac),
		    n.flags & ZL_NEIGH_ROUTER ? " router" : "",
		    n.flags & ZL_NEIGH_SVI ? " svi" : "",
		    n.flags & ZL_NEIGH_GATEWAY ? " gateway" : "",
		    n.flags & ZL_NEIGH_STATIC ? " static" : "",
		    n.flags & ZL_NEIGH_STALE ? " stale" : "");
}

static void
print_addr(FILE *out, struct rbuf *r)
{
	char ip[IP_STRLEN];
	struct zl_addr a;

	while (rb_left(r) > 0 && zl_addr_decode(r, &a))
		fprintf(out, "addr %s %s/%u dev=%s%s\n", a.op ? "set" : "del",
		    ip_format(a.addr.ip, ip), a.addr.plen, a.ifname,
		    a.loopback ? " loopback" : "");
}

static void
print_lost(FILE *out, struct rbuf *r)
{
	static const char *const kinds[] = { "", "flood", "mac", "neigh", "hop", "group",
		"route" };
	char mac[MAC_STRLEN], ip[IP_STRLEN], vtep[IP_STRLEN];
	struct zl_want w;

	while (rb_left(r) > 0 && zl_want_decode(r, &w)) {
		if (w.kind == ZL_KIND_ROUTE) {
			fprintf(out, "lost route table=%u %s/%u id=%u%s\n", w.table,
			    ip_format(w.ip, ip), w.plen, w.id,
			    w.flags & ZL_F_UNREACHABLE ? " unreachable" : "");
			continue;
		}
		if (w.kind >= ZL_KIND_HOP) {
			fprintf(out, "lost %s %u vni=%u mac=%s ip=%s\n", kinds[w.kind],
			    w.id, w.vni, mac_format(w.mac, mac), ip_format(w.ip, ip));
			continue;
		}
		fprintf(out, "lost %s %u mac=%s ip=%s vtep=%s\n", kinds[w.kind], w.vni,
		    mac_format(w.mac, mac), ip_format(w.ip, ip), ip_format(w.vtep, vtep));
	}
}

static void
print_vrf(FILE *out, struct rbuf *r)
{
	struct zl_vrf m;

	while (rb_left(r) > 0 && zl_vrf_decode(r, &m))
		fprintf(out, "vrf %s %s table=%u %s\n", m.op ? "set" : "del", m.name,
		    m.table, m.up ? "up" : "down");
}

static void
print_route(FILE *out, struct rbuf *r)
{
	char text[PREFIX_STRLEN];
	struct zl_route m;

	while (rb_left(r) > 0 && zl_route_decode(r, &m))
		fprintf(out, "route %s table=%u %s proto=%u metric=%u dev=%s%s%s\n",
		    m.op ? "set" : "del", m.table, prefix_format(m.prefix, text), m.proto,
		    m.metric, m.ifname, m.flags & ZL_ROUTE_CONNECTED ? " connected" : "",
		    m.flags & ZL_ROUTE_BLACKHOLE ? " blackhole" : "");
}

static void
print_nexthop(FILE *out, struct rbuf *r)
{
	char ip[IP_STRLEN];
	struct zl_nexthop m;

	while (rb_left(r) > 0 && zl_nexthop_decode(r, &m))
		fprintf(out, "nexthop %s %s metric=%u\n", ip_format(m.ip, ip),
		    m.reachable ? "reachable" : "unreachable", m.metric);
}

static void
print_finding(FILE *out, struct rbuf *r)
{
	struct zl_finding m;

	while (rb_left(r) > 0 && zl_finding_decode(r, &m))
		fprintf(out, "finding %s %u %s vni=%u %s\n", m.op ? "set" : "del", m.code,
		    m.subject[0] ? m.subject : "-", m.vni, m.text);
}

/* They change every few seconds, so nobody looks for a line of them. */
static void
skip_counters(struct rbuf *r)
{
	struct zl_counter m;

	while (rb_left(r) > 0 && zl_counter_decode(r, &m))
		;
}

static void
print_result(struct probe *p, struct rbuf *r)
{
	struct zl_result res;
	struct zl_failure f;

	if (!zl_result_decode(r, &res))
		return;
	p->bulk_failed += res.nfailures;
	/* Before the line that a script waits for. */
	while (rb_left(r) > 0 && zl_failure_decode(r, &f))
		fprintf(p->out, "fail %u %u %s (%s)\n", res.seq, f.index,
		    strerrorname_np(f.error), f.text);
	if (p->bulk_seq == 0 || res.seq > p->bulk_seq) {
		fprintf(p->out, "result %u %u\n", res.seq, res.nfailures);
	} else if (res.seq == p->bulk_seq) {
		p->bulk_seq = 0;
		fprintf(p->out, "bulk done %.3f %lu\n",
		    (double)mono_diff(loop_clock(p->loop), p->bulk_start) / 1e6,
		    p->bulk_failed);
	}
}

static void
print_listen(FILE *out, struct rbuf *r, int fd)
{
	char ip[IP_STRLEN];
	struct zl_listen l;

	if (zl_listen_decode(r, &l))
		fprintf(out, "listen %s %u %s\n", ip_format(l.addr, ip), l.port,
		    fd >= 0 ? "socket" : "nothing");
}

static void
on_msg(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	struct probe *p = arg;
	struct rbuf r = rb_init(body, len);

	if (type == ZL_MAC || type == ZL_NEIGH)
		*(p->deaf ? &p->unheard : &p->heard) += 1;
	if (type == ZL_OBSERVED_BEGIN) {
		p->epoch = rb_u32(&r);
		fprintf(p->out, "begin %u\n", p->epoch);
	} else if (type == ZL_OBSERVED_END) {
		fprintf(p->out, "end\n");
	} else if (type == ZL_VNI) {
		print_vni(p->out, &r);
	} else if (type == ZL_MAC) {
		print_mac(p->out, &r);
	} else if (type == ZL_NEIGH) {
		print_neigh(p->out, &r);
	} else if (type == ZL_ADDR) {
		print_addr(p->out, &r);
	} else if (type == ZL_VRF) {
		print_vrf(p->out, &r);
	} else if (type == ZL_ROUTE) {
		print_route(p->out, &r);
	} else if (type == ZL_LOST) {
		print_lost(p->out, &r);
	} else if (type == ZL_NEXTHOP) {
		print_nexthop(p->out, &r);
	} else if (type == ZL_FINDING) {
		print_finding(p->out, &r);
	} else if (type == ZL_COUNTERS) {
		skip_counters(&r);
	} else if (type == ZL_RESULT) {
		print_result(p, &r);
	} else if (type == ZL_LISTEN_FD) {
		print_listen(p->out, &r, fd);
	} else if (type == ZL_HELLO) {
		fprintf(p->out, "hello\n");
		rb_take(&r, rb_left(&r));
	}
	if (!rb_done(&r))
		fprintf(p->out, "malformed %s\n", zl_type_name(type));
	if (fd >= 0)
		close(fd);
}

static void
on_close(void *arg, const char *why)
{
	struct probe *p = arg;

	fprintf(p->out, "closed %s\n", why);
	loop_stop(p->loop);
}

static const struct chan_ops ops = { on_msg, on_close, NULL };

static void
on_signal(int signo, void *arg)
{
	struct probe *p = arg;

	fprintf(p->out, "signal %s\n", signo == SIGHUP ? "HUP" : "TERM");
	if (signo == SIGTERM)
		loop_stop(p->loop);
}

static void
greet(struct probe *p)
{
	struct zl_hello hello = { ZL_VERSION, (uint32_t)getpid() };
	uint8_t mem[16];
	struct wbuf w = wb_init(mem, sizeof mem);

	zl_hello_encode(&w, &hello);
	chan_send(&p->chan, ZL_HELLO, mem, wb_len(&w), -1);
	send_config(p, getenv("ZL_PROBE_IDS") != NULL);
	chan_send(&p->chan, ZL_READY, NULL, 0, -1);
}

int
main(int argc, char **argv)
{
	static struct probe p;
	const char *in = getenv("ZL_PROBE_IN"), *out = getenv("ZL_PROBE_OUT");

	if (!in || !out)
		return 2;
	p.out = fopen(out, "a");
	/* Both ends, so that it never reads an end of file. */
	p.in_fd = open(in, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (!p.out || p.in_fd < 0)
		return 3;
	setvbuf(p.out, NULL, _IOLBF, 0);
	hash_seed();
	fprintf(p.out, "start");
	for (int i = 1; i < argc; i++)
		fprintf(p.out, " %s", argv[i]);
	fprintf(p.out, " uid=%u\n", (unsigned)getuid());
	p.loop = loop_new();
	chan_init(&p.chan, p.loop, 3, &ops, &p, ZL_MSG_MAX);
	loop_io_init(&p.in, on_input);
	loop_io_set(p.loop, &p.in, p.in_fd, LOOP_READ);
	loop_signal(p.loop, SIGTERM, on_signal, &p);
	loop_signal(p.loop, SIGHUP, on_signal, &p);
	greet(&p);
	loop_run(p.loop);
	chan_close(&p.chan);
	loop_io_stop(&p.in);
	loop_free(p.loop);
	fclose(p.out);
	close(p.in_fd);
	return 0;
}
