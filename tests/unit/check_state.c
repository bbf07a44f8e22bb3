/* SPDX-License-Identifier: ISC */
/* The state as JSON: valid by the YANG module, whole or in parts, in slices; events; operations. */
#include "config.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/news.h"
#include "lib/util.h"
#include "mgmt/action.h"
#include "mgmt/dp_counters.h"
#include "mgmt/event.h"
#include "mgmt/event_say.h"
#include "mgmt/nb.h"
#include "mgmt/state.h"
#include "tests/unit/run.h"
#include "tests/unit/show_fab.h"

static struct fab fab;
static struct nb *nb;
static struct dp_counters counters;

static void
setup(void (*open)(struct fab *f))
{
	struct err e = { 0 };

	open(&fab);
	nb = nb_new(NULL, &e);
	ck_assert_msg(nb != NULL, "%s", e.text);
	dp_counters_set(&counters, "apply_writes", 1ull << 40);
	fab.leaf[0].eng.dp_counters = &counters;
	fab.leaf[0].eng.events = events_new(fab.w.l);
}

static void
teardown(void)
{
	events_free(fab.leaf[0].eng.events);
	dp_counters_fini(&counters);
	nb_free(nb);
	fab_close(&fab);
}

struct answer {
	char *text;	 /* owned */
	unsigned slices; /* in which it came */
	size_t max;	 /* bytes of the largest one */
};

/* NULL text and *e if the path is none. */
static struct answer
read_state(
    const char *path, uint32_t limit, void (*between)(unsigned slice), struct err *e)
{
	struct state_walk *w = state_open(&fab.leaf[0].eng, path, limit, e);
	struct answer a = { 0 };
	struct strbuf all;
	struct out o;
	bool more;

	if (!w)
		return a;
	out_init(&o);
	strbuf_init(&all);
	do {
		more = state_step(w, &o);
		a.slices++;
		a.max = MAX(a.max, o.buf.len);
		strbuf_putn(&all, o.buf.s, o.buf.len);
		strbuf_reset(&o.buf);
		if (more && between)
			between(a.slices);
	} while (more);
	state_close(w);
	out_fini(&o);
	a.text = strbuf_take(&all);
	return a;
}

/* Valid by the schema, and as JSON. */
static json_t *
good(const char *path, const struct answer *a)
{
	struct err e = { 0 };
	json_error_t je;
	json_t *v;

	ck_assert_msg(a->text != NULL, "%s is no path", path);
	ck_assert_msg(nb_state_check(nb, a->text, &e), "%s: %s (%s)\n%s", path, e.text,
	    e.path, a->text);
	v = json_loads(a->text, JSON_REJECT_DUPLICATES, &je);
	ck_assert_msg(v != NULL, "%s: %s\n%s", path, je.text, a->text);
	return v;
}

static json_t *
good_state(const char *path, uint32_t limit)
{
	struct err e = { 0 };
	struct answer a = read_state(path, limit, NULL, &e);
	json_t *v = good(path, &a);

	free(a.text);
	return v;
}

/* "vnis/vni/0/up": members and indices; NULL if there is no such thing. */
static json_t *
at(json_t *v, const char *path)
{
	char name[80];
	int len;

	v = json_object_get(v, "evpnd:state");
	while (v && sscanf(path, "%79[^/]%n", name, &len) == 1) {
		v = json_is_array(v) ? json_array_get(v, (size_t)atoi(name))
				     : json_object_get(v, name);
		path += len + (path[len] == '/');
	}
	return v;
}

static const char *
text_at(json_t *v, const char *path)
{
	const char *s = json_string_value(at(v, path));

	return s ? s : "";
}

/* ---- the whole ---- */

START_TEST(whole)
{
	json_t *v;

	setup(fab_open_full);
	v = good_state("/evpnd:state", 0);
	ck_assert_str_eq(text_at(v, "sessions/session/0/state"), "established");
	ck_assert_uint_eq(json_array_size(at(v, "sessions/session")), 2);
	ck_assert_uint_gt(json_array_size(at(v, "routes/l2vpn-evpn/route")), 5);
	ck_assert_uint_gt(json_array_size(at(v, "vnis/vni/0/macs/mac")), 4);
	ck_assert_uint_gt(json_array_size(at(v, "vnis/vni/0/neighbors/neighbor")), 2);
	ck_assert_uint_eq(json_array_size(at(v, "vnis/vni/0/vteps/vtep")), 1);
	ck_assert_uint_eq(json_array_size(at(v, "vrfs/vrf")), 3);
	ck_assert_uint_eq(json_array_size(at(v, "kernel/failure")), 1);
	ck_assert_uint_eq(json_array_size(at(v, "kernel/finding")), 1);
	ck_assert_uint_gt(json_array_size(at(v, "counters/counter")), 10);
	json_decref(v);
	teardown();
}
END_TEST

/* ---- paths ---- */

static const struct part {
	const char *path;   /* asked for */
	const char *there;  /* is in the answer */
	const char *absent; /* is not */
} parts[] = {
	{ "/evpnd:state/system", "system/version", "sessions" },
	{ "state/sessions/session[address='10.0.0.2']/family",
	    "sessions/session/0/family/0", "sessions/session/1" },
	{ "/evpnd:state/sessions/session[address=10.0.0.2]/state",
	    "sessions/session/0/address", "sessions/session/0/messages" },
	{ "/evpnd:state/sessions/session[address='10.9.9.9']", "sessions/session",
	    "sessions/session/0" },
	{ "/evpnd:state/vnis/vni[id='10010']/macs/mac[address='02:00:00:00:00:12']",
	    "vnis/vni/0/macs/mac/0/vtep", "vnis/vni/0/macs/mac/1" },
	{ "/evpnd:state/vnis/vni[id='10010']/macs/mac[place='local']",
	    "vnis/vni/0/macs/mac/0/interface", "vnis/vni/0/up" },
	{ "/evpnd:state/vnis/vni[id='10010']/macs/mac[vtep='10.0.0.2']",
	    "vnis/vni/0/macs/mac/0/vtep", "vnis/vni/0/macs/mac/0/interface" },
	{ "/evpnd:state/vnis/vni[id='10010']/neighbors/neighbor[address='10.1.10.12']",
	    "vnis/vni/0/neighbors/neighbor/0/mac", "vnis/vni/0/neighbors/neighbor/1" },
	{ "/evpnd:state/vnis/vni[id='10010']/vteps/vtep[address='10.0.0.2']/flood",
	    "vnis/vni/0/vteps/vtep/0/flood", "vnis/vni/0/vteps/vtep/0/routes" },
	{ "/evpnd:state/vnis/vni[id='7']", "vnis/vni", "vnis/vni/0" },
	{ "/evpnd:state/vnis/vni/up", "vnis/vni/0/up", "vnis/vni/0/macs" },
	{ "/evpnd:state/routes/l2vpn-evpn/route[type='3']",
	    "routes/l2vpn-evpn/route/1/address", "routes/l2vpn-evpn/route/2" },
	{ "/evpnd:state/routes/l2vpn-evpn/"
	  "route[mac='02:00:00:00:00:12'][address='10.1.10.12']",
	    "routes/l2vpn-evpn/route/0/path/0/label", "routes/l2vpn-evpn/route/1" },
	{ "/evpnd:state/routes/l2vpn-evpn/route[rd='10.0.0.1:2'][vni='10010']",
	    "routes/l2vpn-evpn/route", "routes/ipv4-unicast" },
	{ "/evpnd:state/routes/l2vpn-evpn/count", "routes/l2vpn-evpn/count",
	    "routes/l2vpn-evpn/route" },
	{ "/evpnd:state/vrfs/vrf[name='red']/routes/route",
	    "vrfs/vrf/0/routes/route/0/source", "vrfs/vrf/1" },
	{ "/evpnd:state/vrfs/vrf[name='red']/next-hops",
	    "vrfs/vrf/0/next-hops/next-hop/0/id", "vrfs/vrf/0/routes" },
	{ "/evpnd:state/counters/counter[process='kernel'][name='apply_writes']",
	    "counters/counter/0/value", "counters/counter/1" },
	{ "/evpnd:state/kernel/failure", "kernel/failure/0/error", "kernel/finding" },
};

START_TEST(one_part)
{
	json_t *v;

	setup(fab_open_full);
	v = good_state(parts[_i].path, 0);
	ck_assert_msg(
	    at(v, parts[_i].there) != NULL, "%s: no %s", parts[_i].path, parts[_i].there);
	ck_assert_msg(
	    at(v, parts[_i].absent) == NULL, "%s: %s", parts[_i].path, parts[_i].absent);
	json_decref(v);
	teardown();
}
END_TEST

static const char *const no_paths[] = {
	"",
	"/",
	"/evpnd:bgp",
	"/evpnd:state/nothing/else",
	"/evpnd:state/vnis/vni[id='1'",
	"/evpnd:state/vnis/vni[id='1]",
	"/evpnd:state/vnis/vni[id]",
	"/evpnd:state/vnis/vni[up='true']",
	"/evpnd:state//vnis",
	"/evpnd:state/vnis/vni[id='1']x",
	"/evpnd:state/a/b/c/d/e/f/g/h/i/j/k/l/m/n",
	"/evpnd:state/vnis/vni[a=1][b=1][c=1][d=1][e=1][f=1][g=1][h=1]",
};

START_TEST(no_path)
{
	struct err e = { 0 };
	struct answer a;

	setup(fab_open);
	a = read_state(no_paths[_i], 0, NULL, &e);
	ck_assert_ptr_null(a.text);
	ck_assert(e.text[0] != '\0');
	teardown();
}
END_TEST

/* ---- much of it ---- */

#define SOME 10000

START_TEST(limited)
{
	json_t *v;

	setup(fab_open);
	for (unsigned i = 0; i < 100; i++)
		node_originate(fab.leaf[0].n, i, -1);
	v = good_state("/evpnd:state", 7);
	ck_assert_uint_eq(json_array_size(at(v, "routes/l2vpn-evpn/route")), 7);
	ck_assert_int_gt(json_integer_value(at(v, "routes/l2vpn-evpn/count")), 99);
	json_decref(v);
	teardown();
}
END_TEST

/* Withdraws some, changes some, adds some. */
static void
stir(unsigned slice)
{
	static unsigned next;
	struct node *n = fab.leaf[0].n;

	if (slice == 1)
		next = 0;
	for (unsigned i = 0; i < 100 && next < SOME; i++, next += 3) {
		node_withdraw(n, next);
		node_originate(n, next + 1, (int)(slice % 7));
		node_originate(n, SOME + next, -1);
	}
	if (slice % 16 == 0)
		fab_wait(&fab, 0);
}

START_TEST(changes_meanwhile)
{
	static const char *const what = "/evpnd:state/routes/l2vpn-evpn";
	struct err e = { 0 };
	struct answer a;
	json_t *v;

	setup(fab_open);
	for (unsigned i = 0; i < SOME; i++)
		node_originate(fab.leaf[0].n, i, -1);
	a = read_state(what, 0, stir, &e);
	v = good(what, &a);
	ck_assert_uint_ge(json_array_size(at(v, "routes/l2vpn-evpn/route")), SOME / 3);
	ck_assert_uint_le(a.max, OUT_SOFT_LIMIT + 4096);
	ck_assert_uint_ge(a.slices, 20);
	json_decref(v);
	free(a.text);
	teardown();
}
END_TEST

/* Hosts come and go under the walk. */
static void
stir_hosts(unsigned slice)
{
	for (unsigned i = 0; i < 300 && slice % 2; i += 2)
		kernel_age(&fab.leaf[1].k, FAB_VNI, fab_mac(slice * 300 + i + 1));
	fab_wait(&fab, 1);
}

START_TEST(hosts_go_meanwhile)
{
	static const char *const what = "/evpnd:state/vnis";
	struct err e = { 0 };
	struct answer a;

	setup(fab_open);
	for (unsigned i = 0; i < 3000; i++)
		kernel_frame(&fab.leaf[1].k, FAB_VNI, fab_mac(i + 1), 1);
	fab_wait(&fab, 2);
	a = read_state(what, 0, stir_hosts, &e);
	json_decref(good(what, &a));
	free(a.text);
	teardown();
}
END_TEST

/* A reader that goes away, wherever it is. */
START_TEST(gone_reader)
{
	struct err e = { 0 };
	struct out o;

	setup(fab_open_full);
	for (unsigned i = 0; i < 3000; i++)
		node_originate(fab.leaf[0].n, i, -1);
	for (unsigned slices = 0; slices < 40; slices++) {
		struct state_walk *w = state_open(&fab.leaf[0].eng, "state", 0, &e);

		out_init(&o);
		for (unsigned i = 0; i < slices && state_step(w, &o); i++)
			strbuf_reset(&o.buf);
		state_close(w);
		out_fini(&o);
	}
	teardown();
}
END_TEST

/* ---- events ---- */

static unsigned woken;

static void
on_event(struct event_sub *s)
{
	(void)s;
	woken++;
}

START_TEST(sessions_tell)
{
	struct events *v;
	struct event_sub sub;
	const struct event *ev;
	struct err e = { 0 };

	setup(fab_open);
	v = fab.leaf[0].eng.events;
	woken = 0;
	event_subscribe(v, &sub, on_event);
	event_say_session(&fab.leaf[0].eng, node_peer(fab.leaf[0].n, fab.leaf[1].n));
	ck_assert_uint_eq(woken, 1);
	ev = event_after(v, 0);
	ck_assert_uint_eq(ev->number, 1);
	ck_assert_str_eq(ev->text,
	    "{\"evpnd:session-up\":{\"address\":\"10.0.0.2\",\"remote-as\":65000}}");
	ck_assert_msg(nb_event_check(nb, ev->text, &e), "%s", e.text);
	ck_assert_ptr_null(event_after(v, 1));
	ck_assert_uint_eq(event_before_time(v, 0), 0);
	ck_assert_uint_eq(event_before_time(v, INT64_MAX), 1);
	event_unsubscribe(&sub);
	event_unsubscribe(&sub);
	json_decref(good_state("/evpnd:state/events", 0));
	teardown();
}
END_TEST

/* What EVPN tells: each kind came, in words that the schema knows. */
static unsigned
count_events(const struct events *v, enum event_kind k)
{
	struct err e = { 0 };
	unsigned n = 0;

	for (const struct event *ev = event_after(v, 0); ev;
	     ev = event_after(v, ev->number)) {
		ck_assert_msg(
		    nb_event_check(nb, ev->text, &e), "%s: %s", ev->text, e.text);
		n += ev->kind == k;
	}
	return n;
}

START_TEST(evpn_tells)
{
	struct leaf *l = &fab.leaf[0];
	struct zl_vni gone;

	setup(fab_open);
	evpn_on_news(l->e, event_say_evpn, &l->eng);
	l->k.fail_errno = 28; /* ENOSPC */
	l->k.fail_count = 1;
	fab_host(&fab, 1, 0x17, NULL);
	fab_wait(&fab, 1);
	ck_assert_uint_eq(count_events(l->eng.events, EVENT_INSTALL_FAILURE), 1);
	for (int i = 0; i < 8; i++) {
		kernel_frame(&fab.leaf[i % 2].k, FAB_VNI, fab_mac(7), 1);
		fab_wait(&fab, 1);
	}
	ck_assert_uint_ge(count_events(l->eng.events, EVENT_MAC_MOVED), 4);
	ck_assert_uint_eq(count_events(l->eng.events, EVENT_DUPLICATE), 1);
	fab_host(&fab, 1, 0x18, NULL);
	fab_wait(&fab, 1);
	kernel_fdb_del(&l->k, FAB_VNI, fab_mac(0x18));
	fab_wait(&fab, 1);
	ck_assert_uint_eq(count_events(l->eng.events, EVENT_KERNEL_DRIFT), 1);
	gone = kernel_vni_of(FAB_VNI, l->n->addr);
	gone.flags &= ~(uint32_t)ZL_VNI_UP;
	kernel_vni(&l->k, &gone);
	fab_wait(&fab, 1);
	ck_assert_uint_eq(count_events(l->eng.events, EVENT_VNI_STATE), 1);
	teardown();
}
END_TEST

static void
say(struct events *v, unsigned n)
{
	struct out *o = event_begin(v, EVENT_MAC_MOVED);

	if (!o)
		return;
	out_uint(o, "vni", n);
	event_end(v);
}

/* A storm costs neither memory nor the events of other kinds. */
START_TEST(events_bounded)
{
	struct events *v;
	unsigned n = 0;

	setup(fab_open);
	v = fab.leaf[0].eng.events;
	for (unsigned i = 0; i < 5000; i++)
		say(v, i + 1);
	ck_assert_uint_eq(event_last(v), EVENT_BURST);
	ck_assert_uint_eq(event_suppressed(v), 5000 - EVENT_BURST);
	event_say_session(&fab.leaf[0].eng, node_peer(fab.leaf[0].n, fab.leaf[1].n));
	ck_assert_uint_eq(event_last(v), EVENT_BURST + 1);
	while (event_last(v) < 3 * EVENTS_KEPT) {
		fab_wait(&fab, 1);
		for (unsigned i = 0; i < 100; i++)
			say(v, 1);
	}
	for (const struct event *ev = event_after(v, 0); ev;
	     ev = event_after(v, ev->number), n++)
		ck_assert_uint_gt(ev->number, event_last(v) - EVENTS_KEPT);
	ck_assert_uint_eq(n, EVENTS_KEPT);
	json_decref(good_state("/evpnd:state/events", 0));
	teardown();
}
END_TEST

/* As `monitor events` and `show evpn events` write them; the first goes on until it is left. */
START_TEST(events_shown)
{
	struct fab_run r;
	json_error_t je;
	json_t *v;

	setup(fab_open);
	event_say_session(&fab.leaf[0].eng, node_peer(fab.leaf[0].n, fab.leaf[1].n));
	r = fab_run(&fab, 0, "show evpn events");
	ck_assert(!r.failed);
	ck_assert_ptr_nonnull(
	    strstr(r.text, "session-up      address 10.0.0.2, remote-as 65000\n"));
	free(r.text);
	r = fab_run(&fab, 0, "show evpn events json");
	v = json_loads(r.text, JSON_REJECT_DUPLICATES, &je);
	ck_assert_msg(v != NULL, "%s\n%s", je.text, r.text);
	ck_assert_uint_eq(json_array_size(v), 1);
	ck_assert_ptr_nonnull(json_object_get(
	    json_object_get(json_array_get(v, 0), "event"), "evpnd:session-up"));
	json_decref(v);
	free(r.text);
	for (unsigned slices = 0; slices < 3; slices++)
		fab_abandon(&fab, 0, "monitor events", slices);
	/* Nobody is left to be woken. */
	event_say_session(&fab.leaf[0].eng, node_peer(fab.leaf[0].n, fab.leaf[1].n));
	teardown();
}
END_TEST

/* Each metric's samples stand together below its head, and the values are those of the fabric. */
START_TEST(metrics)
{
	static const char *const lines[] = {
		"# TYPE evpnd_session_up gauge\nevpnd_session_up{peer=\"10.0.0.2\"} 1\n",
		"evpnd_session_up{peer=\"10.0.0.9\"} 0\n",
		"\nevpnd_vni_up{vni=\"10010\"} 1\n",
		"\nevpnd_vrf_up{vrf=\"red\"} ",
		"\nevpnd_kernel_failing 1\n",
		"\nevpnd_routes{family=\"l2vpn-evpn\"} ",
		"{process=\"kernel\",name=\"apply_writes\"} 1099511627776\n",
	};
	struct fab_run r;

	setup(fab_open_full);
	r = fab_run(&fab, 0, "show metrics");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		ck_assert_msg(
		    strstr(r.text, lines[i]) != NULL, "no %s in\n%s", lines[i], r.text);
	free(r.text);
	teardown();
}
END_TEST

/* ---- operations ---- */

static bool
run(const char *path, const char *const *args, char **reply, struct err *e)
{
	struct action_arg a[4];
	struct action_call c = { .path = path, .args = a };
	struct out o;
	bool ok;

	for (; args && args[0]; args += 2)
		a[c.n++] = (struct action_arg){ args[0], args[1] };
	out_init(&o);
	out_json_compact(&o);
	*e = (struct err){ 0 };
	ok = action_run(&fab.leaf[0].eng, &c, &o, e);
	*reply = strbuf_take(&o.buf);
	out_fini(&o);
	return ok;
}

static const struct op {
	const char *path;
	const char *args[7]; /* name, value, ... */
	const char *reply;   /* begins so; NULL: refused */
} ops[] = {
	{ "/evpnd:resync", { NULL }, "{}" },
	{ "/evpnd:clear-sessions", { NULL }, "{\"evpnd:cleared\":2}" },
	{ "/evpnd:clear-sessions", { "remote-as", "65000", "soft", "in" },
	    "{\"evpnd:cleared\":1}" },
	{ "/evpnd:clear-sessions", { "soft", "sideways" }, NULL },
	{ "/evpnd:clear-duplicates", { NULL }, "{\"evpnd:cleared\":0}" },
	{ "/evpnd:clear-duplicates", { "vni", "4" }, NULL },
	{ "/evpnd:clear-duplicates", { "vni", "10010", "mac", "x" }, NULL },
	{ "/evpnd:state/sessions/session/clear",
	    { "address", "10.0.0.2", "soft", "both" }, "{}" },
	{ "/evpnd:state/sessions/session/clear", { "address", "10.0.0.77" }, NULL },
	{ "/evpnd:state/vnis/vni/macs/mac/clear",
	    { "id", "10010", "address", "02:00:00:00:00:12" }, "{}" },
	{ "/evpnd:state/vnis/vni/macs/mac/clear",
	    { "id", "10010", "address", "02:00:00:00:00:99" }, NULL },
	{ "/evpnd:trace", { "vni", "10010", "mac", "02:00:00:00:00:12" },
	    "{\"evpnd:text\":\"VNI 10010: up" },
	{ "/evpnd:trace", { "vrf", "red", "address", "10.1.10.12" },
	    "{\"evpnd:text\":\"" },
	{ "/evpnd:trace", { "vrf", "red x", "address", "10.1.10.12" }, NULL },
	{ "/evpnd:trace", { "address", "10.1.10.12" }, NULL },
	{ "/evpnd:nothing", { NULL }, NULL },
};

START_TEST(operation)
{
	const struct op *op = &ops[_i];
	struct err e;
	char *reply;
	bool ok;

	setup(fab_open_full);
	ok = run(op->path, op->args, &reply, &e);
	ck_assert_msg(ok == (op->reply != NULL), "%s: %s %s", op->path, e.text, reply);
	if (op->reply)
		ck_assert_msg(strncmp(reply, op->reply, strlen(op->reply)) == 0, "%s: %s",
		    op->path, reply);
	else
		ck_assert(e.text[0] != '\0');
	free(reply);
	teardown();
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ whole, 0, 0 },
		{ one_part, ARRAY_LEN(parts), 0 },
		{ no_path, ARRAY_LEN(no_paths), 0 },
		{ limited, 0, 0 },
		{ changes_meanwhile, 0, 0 },
		{ hosts_go_meanwhile, 0, 0 },
		{ gone_reader, 0, 0 },
		{ sessions_tell, 0, 0 },
		{ evpn_tells, 0, 0 },
		{ events_bounded, 0, 0 },
		{ events_shown, 0, 0 },
		{ metrics, 0, 0 },
		{ operation, ARRAY_LEN(ops), 0 },
		{ 0 },
	};

	return run_tests("state", tests);
}
