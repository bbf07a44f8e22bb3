/* SPDX-License-Identifier: ISC */
/* Large answers in slices, tables that change meanwhile, clients that go away, clear commands. */
#include "config.h"

#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "mgmt/rib_walk.h"
#include "mgmt/show_sort.h"
#include "tests/unit/run.h"
#include "tests/unit/show_fab.h"

#define MANY 200000
#define SOME 10000 /* more than two sorted runs */

static struct fab fab;

/* strstr() of a sanitizer build looks at the whole text each time. */
static const char *
find(const char *p, const char *what)
{
	const size_t len = strlen(what);

	for (; *p; p++)
		if (*p == what[0] && strncmp(p, what, len) == 0)
			return p;
	return NULL;
}

static unsigned
occurrences(const char *text, const char *what)
{
	unsigned n = 0;

	for (const char *p = text; (p = find(p, what)) != NULL; p += strlen(what))
		n++;
	return n;
}

static json_t *
parse(const char *text)
{
	json_error_t e;
	json_t *v = json_loads(text, JSON_REJECT_DUPLICATES, &e);

	ck_assert_msg(v != NULL, "%s at %d", e.text, e.position);
	return v;
}

/* Lines that begin with a prefix are in ascending order; returns how many there are. */
static unsigned
check_sorted(const char *text, const char *prefix)
{
	const size_t len = strlen(prefix);
	const char *last = NULL;
	unsigned n = 0;

	for (const char *p = find(text, prefix); p; p = find(p + len, prefix)) {
		if (last)
			must(strncmp(last, p, len + 60) < 0);
		last = p;
		n++;
	}
	return n;
}

/* --- sorting --- */

START_TEST(sort_keys)
{
	static const uint32_t sizes[] = { 0, 1, 2, 4095, 4096, 4097, 20000 };
	const uint32_t n = sizes[_i];
	struct show_sort *s = show_sort_new(sizeof(uint32_t));
	uint8_t last[4] = { 0 };
	const void *key;
	uint32_t x = 1, seen = 0;

	for (uint32_t i = 0; i < n; i++) {
		x = x * 1664525u + 1013904223u;
		show_sort_add(s, &x);
	}
	show_sort_end(s);
	must(show_sort_count(s) == n);
	for (; (key = show_sort_next(s)) != NULL; seen++) {
		must(seen == 0 || memcmp(last, key, 4) <= 0);
		memcpy(last, key, 4);
	}
	must(seen == n && !show_sort_next(s));
	show_sort_free(s);
}
END_TEST

/* --- dumps of the RIB --- */

static void
originate(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		node_originate(fab.leaf[0].n, i, -1);
}

/* No slice leaves more than the soft limit and one route behind. */
static void
check_slices(const struct fab_run *r, unsigned at_least)
{
	ck_assert_uint_ge(r->slices, at_least);
	ck_assert_uint_le(r->max_bytes, OUT_SOFT_LIMIT + 8192);
}

START_TEST(large_text)
{
	struct fab_run r;

	fab_open(&fab);
	originate(MANY);
	r = fab_run(&fab, 0, "show bgp l2vpn evpn route type macip");
	ck_assert_uint_eq(check_sorted(r.text, "*> [2]:[0]:[48]:["), MANY);
	ck_assert_ptr_nonnull(strstr(r.text, "Displayed 200000 prefixes"));
	check_slices(&r, 100);
	free(r.text);
	fab_close(&fab);
}
END_TEST

START_TEST(large_json)
{
	static const char *const commands[] = {
		"show bgp l2vpn evpn json",
		"show bgp l2vpn evpn route json",
		"show bgp l2vpn evpn route detail json",
		"show bgp l2vpn evpn neighbors 10.0.0.2 advertised-routes json",
	};
	struct fab_run r;

	fab_open(&fab);
	originate(SOME);
	fab_wait(&fab, 1);
	r = fab_run(&fab, 0, commands[_i]);
	ck_assert_uint_eq(occurrences(r.text, "\"routeType\":2"), SOME);
	check_slices(&r, 20);
	json_decref(parse(r.text));
	free(r.text);
	fab_close(&fab);
}
END_TEST

/* Withdraws some, changes some, adds some. */
static void
stir(void *arg, unsigned slice)
{
	static unsigned next;
	struct node *n = fab.leaf[0].n;

	(void)arg;
	if (slice == 1)
		next = 0;
	for (unsigned i = 0; i < 200 && next < SOME; i++, next += 3) {
		node_withdraw(n, next);
		node_originate(n, next + 1, (int)(slice % 7));
		node_originate(n, SOME + next, -1);
	}
	if (slice % 5 == 0)
		fab_wait(&fab, 0);
}

START_TEST(changes_meanwhile)
{
	struct fab_run r;
	json_t *v;

	fab_open(&fab);
	originate(SOME);
	r = fab_run_with(&fab, 0, "show bgp l2vpn evpn route json", stir, NULL);
	v = parse(r.text);
	/* What was there all the time is there. */
	for (unsigned i = 1; i < SOME; i += 3) {
		char key[80];

		snprintf(key, sizeof key,
		    "[2]:[0]:[48]:[02:00:00:%02x:%02x:%02x]:[32]:", i >> 16, i >> 8 & 255,
		    i & 255);
		must(strstr(r.text, key) != NULL);
	}
	json_decref(v);
	free(r.text);
	r = fab_run_with(&fab, 0, "show bgp l2vpn evpn statistics json", stir, NULL);
	json_decref(parse(r.text));
	free(r.text);
	fab_close(&fab);
}
END_TEST

START_TEST(gone_client)
{
	static const char *const commands[] = {
		"show bgp l2vpn evpn route json",
		"show bgp l2vpn evpn statistics",
		"show evpn mac vni all json",
		"show evpn arp-cache vni all detail",
		"show bgp l2vpn evpn route vni all",
		"show bgp l2vpn evpn import-rt",
		"show bgp nexthop json",
	};

	fab_open(&fab);
	originate(SOME);
	fab_host(&fab, 0, 1, "10.1.10.1");
	fab_wait(&fab, 1);
	for (unsigned slices = 0; slices < 5; slices++)
		fab_abandon(&fab, 0, commands[_i], slices);
	fab_close(&fab);
}
END_TEST

/* --- MACs --- */

#define HOSTS 5000

static void
hosts(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		kernel_frame(&fab.leaf[1].k, FAB_VNI, fab_mac(i + 1), 1);
	fab_wait(&fab, 2);
}

START_TEST(many_macs)
{
	struct fab_run r;
	json_t *root, *v;

	fab_open(&fab);
	hosts(HOSTS);
	r = fab_run(&fab, 0, "show evpn mac vni 10010");
	ck_assert_uint_eq(check_sorted(r.text, "\n02:00:00:"), HOSTS);
	check_slices(&r, 5);
	free(r.text);
	r = fab_run(&fab, 0, "show evpn mac vni all json");
	root = parse(r.text);
	v = json_object_get(root, "10010");
	ck_assert_uint_eq(json_object_size(json_object_get(v, "macs")), HOSTS);
	ck_assert_int_eq(json_integer_value(json_object_get(v, "numMacs")), HOSTS);
	json_decref(root);
	free(r.text);
	r = fab_run(&fab, 0, "show bgp l2vpn evpn route vni 10010");
	ck_assert_uint_eq(check_sorted(r.text, "*>i[2]:[0]:[48]:["), HOSTS);
	check_slices(&r, 5);
	free(r.text);
	fab_close(&fab);
}
END_TEST

static void
age_all(void *arg, unsigned slice)
{
	(void)arg;
	for (unsigned i = 0; i < HOSTS && slice == 2; i += 2)
		kernel_age(&fab.leaf[1].k, FAB_VNI, fab_mac(i + 1));
	fab_wait(&fab, 1);
}

START_TEST(macs_go_meanwhile)
{
	struct fab_run r;

	fab_open(&fab);
	hosts(HOSTS);
	r = fab_run_with(&fab, 0, "show evpn mac vni 10010 detail json", age_all, NULL);
	json_decref(parse(r.text));
	free(r.text);
	r = fab_run_with(&fab, 0, "show evpn mac vni all", age_all, NULL);
	ck_assert_uint_eq(check_sorted(r.text, "\n02:00:00:"), HOSTS / 2);
	free(r.text);
	fab_close(&fab);
}
END_TEST

/* --- failures --- */

START_TEST(kernel_errors)
{
	struct fab_run r;
	json_t *v;

	fab_open(&fab);
	fab.leaf[0].k.fail_errno = ENOSPC;
	fab.leaf[0].k.fail_count = 3;
	hosts(3);
	r = fab_run(&fab, 0, "show evpn kernel errors json");
	v = parse(r.text);
	free(r.text);
	/* Retried once by now; whatever was mended has left the list. */
	ck_assert_uint_eq(json_array_size(json_object_get(v, "errors")),
	    (size_t)json_integer_value(json_object_get(v, "numErrors")));
	json_decref(v);
	fab_wait(&fab, 120);
	r = fab_run(&fab, 0, "show evpn kernel errors");
	ck_assert_str_eq(r.text, "No kernel errors\n");
	free(r.text);
	r = fab_run(&fab, 0, "show evpn mac vni 10010 mac 02:00:00:00:00:01 json");
	ck_assert_ptr_nonnull(strstr(r.text, "\"installState\":\"installed\""));
	free(r.text);
	fab_close(&fab);
}
END_TEST

/* --- clear --- */

static bool
says(int leaf, const char *command, const char *text)
{
	struct fab_run r = fab_run(&fab, leaf, command);
	const bool yes = r.text && strstr(r.text, text);

	free(r.text);
	return yes;
}

/* The host of that number appears here and there until it is a duplicate. */
static void
flap(unsigned n)
{
	for (int i = 0; i < 8; i++) {
		kernel_frame(&fab.leaf[i % 2].k, FAB_VNI, fab_mac(n), 1);
		fab_wait(&fab, 1);
	}
}

START_TEST(clear_duplicates)
{
	static const char *const one[] = {
		"clear evpn dup-addr vni 10010 mac 02:00:00:00:00:07",
		"clear evpn dup-addr vni 10010 ip 10.1.10.7",
		"clear evpn dup-addr vni 10010",
		"clear evpn dup-addr vni all",
	};
	struct fab_run r;

	fab_open(&fab);
	fab_host(&fab, 0, 7, "10.1.10.7");
	fab_host(&fab, 0, 8, NULL);
	r = fab_run(&fab, 0, one[0]);
	ck_assert(
	    r.failed && strcmp(r.text, "% Requested MAC is not a duplicate\n") == 0);
	free(r.text);
	flap(7);
	ck_assert(says(0, "show evpn mac vni 10010 duplicate", "02:00:00:00:00:07"));
	ck_assert(!says(0, "show evpn mac vni 10010 duplicate", "02:00:00:00:00:08"));
	ck_assert(says(0, "show evpn mac vni 10010 mac 02:00:00:00:00:07", "Duplicate"));
	ck_assert(says(0, "show evpn mac vni 10010 mac 02:00:00:00:00:07 json",
	    "\"isDuplicate\":true"));
	r = fab_run(&fab, 0, one[_i]);
	ck_assert_msg(!r.failed, "%s", r.text);
	free(r.text);
	ck_assert(!says(0, "show evpn mac vni 10010 duplicate", "02:00:00:00:00:07"));
	fab_close(&fab);
}
END_TEST

START_TEST(clear_unknown)
{
	static const char *const commands[][2] = {
		{ "clear bgp 10.0.0.9", "% No such neighbor\n" },
		{ "clear bgp 65009", "% No such neighbor\n" },
		{ "clear bgp peer-group X", "% No such neighbor\n" },
		{ "clear bgp external", "% No such neighbor\n" },
		{ "clear evpn dup-addr vni 20", "% VNI 20 does not exist\n" },
		{ "clear evpn dup-addr vni 10010 mac 02:00:00:00:00:99",
		    "% Requested MAC does not exist in VNI 10010\n" },
		{ "clear evpn dup-addr vni 10010 ip 10.9.9.9",
		    "% Requested neighbor does not exist in VNI 10010\n" },
	};
	struct fab_run r;

	fab_open(&fab);
	r = fab_run(&fab, 0, commands[_i][0]);
	ck_assert(r.failed);
	ck_assert_str_eq(r.text, commands[_i][1]);
	free(r.text);
	fab_close(&fab);
}
END_TEST

START_TEST(clear_bgp_hard)
{
	static const char *const commands[] = {
		"clear bgp *",
		"clear ip bgp 10.0.0.2",
		"clear bgp vrf default l2vpn evpn 65000",
		"clear bgp ipv4 unicast *",
	};
	struct peer *p;
	struct fab_run r;

	fab_open(&fab);
	p = node_peer(fab.leaf[0].n, fab.leaf[1].n);
	r = fab_run(&fab, 0, commands[_i]);
	ck_assert_msg(!r.failed, "%s", r.text);
	free(r.text);
	fab_wait(&fab, 60);
	ck_assert_uint_eq(p->n.dropped, 1);
	ck_assert_uint_eq(p->n.established, 2);
	ck_assert(says(0, "show bgp neighbors", "Last reset 00:0"));
	fab_close(&fab);
}
END_TEST

START_TEST(clear_bgp_soft)
{
	static const struct {
		const char *command;
		unsigned out, in; /* ROUTE-REFRESH that leaf 1 sends; UPDATEs again */
	} rows[] = {
		{ "clear bgp * soft in", 1, 0 },
		{ "clear bgp 10.0.0.2 soft out", 0, 1 },
		{ "clear bgp l2vpn evpn * soft", 1, 1 },
	};
	struct peer *p;
	uint64_t updates;
	struct fab_run r;

	fab_open(&fab);
	p = node_peer(fab.leaf[0].n, fab.leaf[1].n);
	updates = p->n.updates_out;
	r = fab_run(&fab, 0, rows[_i].command);
	ck_assert_msg(!r.failed, "%s", r.text);
	free(r.text);
	fab_wait(&fab, 5);
	ck_assert_uint_eq(p->n.dropped, 0);
	ck_assert_uint_ge(p->n.refreshes_out, rows[_i].out);
	ck_assert(!rows[_i].in || p->n.updates_out > updates);
	fab_close(&fab);
}
END_TEST

START_TEST(clear_loop)
{
	fab_open(&fab);
	ck_assert(says(0, "show loop json", "\"turns\":"));
	ck_assert(!says(0, "show loop json", "\"turns\":0"));
	free(fab_run(&fab, 0, "clear loop").text);
	ck_assert(says(0, "show loop json", "\"turns\":0"));
	fab_close(&fab);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ sort_keys, 7, 0 },
		{ large_text, 0, 0 },
		{ large_json, 4, 0 },
		{ changes_meanwhile, 0, 0 },
		{ gone_client, 7, 0 },
		{ many_macs, 0, 0 },
		{ macs_go_meanwhile, 0, 0 },
		{ kernel_errors, 0, 0 },
		{ clear_duplicates, 4, 0 },
		{ clear_unknown, 7, 0 },
		{ clear_bgp_hard, 4, 0 },
		{ clear_bgp_soft, 3, 0 },
		{ clear_loop, 0, 0 },
		{ 0 },
	};

	return run_tests("show_dump", tests);
}
