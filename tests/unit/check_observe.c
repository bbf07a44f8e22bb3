/* SPDX-License-Identifier: ISC */
/* observe: what is said, when, and what is forgotten. */
#include "config.h"

#include <string.h>

#include "lib/hash.h"
#include "tests/unit/run.h"
#include "zebra-lite/observe.h"

static unsigned wakes; /* calls of on_wake */

static void
on_wake(void *arg)
{
	(void)arg;
	wakes++;
}

static void
init(struct observe *o)
{
	hash_seed_fixed(5, 6);
	observe_init(o, on_wake, NULL);
	observe_say_all(o);
	wakes = 0;
}

static struct mac
mac(uint32_t i)
{
	return (struct mac){ { 2, 0, (uint8_t)(i >> 24), (uint8_t)(i >> 16),
	    (uint8_t)(i >> 8), (uint8_t)i } };
}

/* The next MAC that is said: its last octet, negative if deleted, 0 if there is none. */
static int
said(struct observe *o, uint32_t vni)
{
	struct obs_mac m;
	uint32_t v;
	bool del;

	if (!observe_next_mac(o, &m, &v, &del))
		return 0;
	ck_assert_uint_eq(v, vni);
	return del ? -m.mac.b[5] : m.mac.b[5];
}

START_TEST(t_bind)
{
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_mac_set(&o, d, mac(1), 7, 0);
	observe_mac_set(&o, d, mac(2), 7, OBS_F_OWN | OBS_F_FIXED);
	ck_assert_int_eq(said(&o, 100), 0); /* no VNI */
	observe_bind(&o, d, 100);
	ck_assert_int_eq(said(&o, 100), 1);
	ck_assert_int_eq(said(&o, 100), 0);
	observe_mac_set(&o, d, mac(1), 7, 0); /* nothing new */
	ck_assert_int_eq(said(&o, 100), 0);
	observe_mac_set(&o, d, mac(1), 8, 0); /* moved */
	ck_assert_int_eq(said(&o, 100), 1);
	observe_bind(&o, d, OBS_NO_VNI);
	observe_mac_gone(&o, d, mac(1)); /* of a VNI that is down: nothing to say */
	ck_assert_int_eq(said(&o, 100), 0);
	observe_bind(&o, d, 101);
	ck_assert_int_eq(said(&o, 101), 0);
	observe_fini(&o);
}
END_TEST

START_TEST(t_collapse)
{
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_bind(&o, d, 100);
	for (uint32_t i = 0; i < 1000; i++) {
		observe_mac_set(&o, d, mac(1), 7 + (i & 1), 0);
		if (i & 4)
			observe_mac_gone(&o, d, mac(1));
	}
	observe_mac_set(&o, d, mac(1), 9, 0);
	ck_assert_int_eq(said(&o, 100), 1);
	ck_assert_int_eq(said(&o, 100), 0);
	/* What was never said needs no deletion, and takes no memory. */
	for (uint32_t i = 0; i < 100000; i++) {
		observe_mac_set(&o, d, mac(1000 + i), 7, 0);
		observe_mac_gone(&o, d, mac(1000 + i));
	}
	ck_assert_uint_eq(o.macs.slab.live, 1);
	ck_assert_int_eq(said(&o, 100), 0);
	/* What was said is deleted, once; coming back in between is a change. */
	observe_mac_gone(&o, d, mac(1));
	observe_mac_set(&o, d, mac(1), 9, 0);
	ck_assert_int_eq(said(&o, 100), 1);
	observe_mac_gone(&o, d, mac(1));
	ck_assert_int_eq(said(&o, 100), -1);
	ck_assert_int_eq(said(&o, 100), 0);
	ck_assert_uint_eq(o.macs.slab.live, 0);
	observe_fini(&o);
}
END_TEST

START_TEST(t_remote)
{
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 10);
	observe_bind(&o, d, 100);
	observe_mac_set(&o, d, mac(1), 7, 0);
	ck_assert_int_eq(said(&o, 100), 1);
	observe_mac_set(
	    &o, d, mac(1), 3, OBS_F_REMOTE | OBS_F_FIXED); /* on the VXLAN port now */
	ck_assert_int_eq(said(&o, 100), -1);
	ck_assert(observe_mac_find(&o, d, mac(1))->o.flags & OBS_F_FIXED);
	observe_mac_set(&o, d, mac(1), 7, 0);
	ck_assert_int_eq(said(&o, 100), 1);
	observe_fini(&o);
}
END_TEST

START_TEST(t_svi)
{
	struct observe o;
	struct obs_neigh n;
	uint32_t d, e, vni;
	bool del;
	struct ip ip = ip_v4(0x0a000001);

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_bind(&o, d, 100);
	/* The kernel lists the bridge's own MAC as well. */
	observe_mac_set(&o, d, mac(1), 2, OBS_F_OWN | OBS_F_FIXED);
	observe_svi_mac(&o, d, mac(1), 2, true);
	ck_assert_int_eq(said(&o, 100), 1);
	observe_mac_gone(&o, d, mac(1));
	ck_assert_int_eq(said(&o, 100), 1); /* flags changed, still there */
	observe_svi_mac(&o, d, mac(1), 2, false);
	ck_assert_int_eq(said(&o, 100), -1);
	e = observe_dom(&o, OBS_SVI, 2, 0);
	observe_svi_ip(&o, e, ip, mac(1), false, true);
	observe_bind(&o, e, 100);
	ck_assert(observe_next_neigh(&o, &n, &vni, &del) && !del && vni == 100);
	ck_assert(n.o.flags == OBS_F_SVI && !observe_neigh_find(&o, e, ip));
	observe_svi_ip(&o, e, ip, mac(1), false, false);
	ck_assert(observe_next_neigh(&o, &n, &vni, &del) && del);
	ck_assert_uint_eq(o.neighs.slab.live, 0);
	observe_fini(&o);
}
END_TEST

START_TEST(t_dump)
{
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_bind(&o, d, 100);
	for (uint32_t i = 1; i <= 3; i++)
		observe_mac_set(&o, d, mac(i), 7, 0);
	while (said(&o, 100))
		;
	observe_dump_begin(&o);
	observe_mac_set(&o, d, mac(2), 7, 0);
	observe_mac_set(&o, d, mac(4), 7, 0);
	observe_dump_end(&o);
	ck_assert_int_eq(said(&o, 100), 4);
	ck_assert_int_eq(said(&o, 100), -1);
	ck_assert_int_eq(said(&o, 100), -3);
	ck_assert_int_eq(said(&o, 100), 0);
	/* A new engine hears all that there is. */
	observe_mac_gone(&o, d, mac(4));
	observe_say_all(&o);
	ck_assert_int_eq(said(&o, 100), 2);
	ck_assert_int_eq(said(&o, 100), 0);
	observe_fini(&o);
}
END_TEST

START_TEST(t_mute)
{
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_bind(&o, d, 100);
	observe_mac_set(&o, d, mac(1), 7, 0);
	ck_assert_int_eq(said(&o, 100), 1);
	observe_mute(&o);
	observe_mac_gone(&o, d, mac(1));
	ck_assert_uint_eq(o.macs.slab.live, 0);
	observe_mac_set(&o, d, mac(2), 7, 0);
	ck_assert_int_eq(said(&o, 100), 0);
	observe_say_all(&o);
	ck_assert_int_eq(said(&o, 100), 2);
	observe_fini(&o);
}
END_TEST

START_TEST(t_domains)
{
	struct observe o;
	uint32_t d, s;

	init(&o);
	ck_assert_uint_eq(observe_dom_find(&o, OBS_BRIDGE, 2, 0), 0);
	observe_mac_gone(&o, 0, mac(1));
	observe_bind(&o, 0, OBS_NO_VNI);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	s = observe_dom(&o, OBS_STICKY, 2, 0);
	ck_assert(d != s && observe_dom(&o, OBS_BRIDGE, 2, 0) == d);
	ck_assert_uint_eq(observe_dom_vni(&o, OBS_BRIDGE, 2, 0), OBS_NO_VNI);
	observe_bind(&o, d, 5);
	observe_bind(&o, s, 5);
	ck_assert_uint_eq(observe_dom_vni(&o, OBS_BRIDGE, 2, 0), 5);
	observe_mac_set(&o, s, mac(1), 3, 0); /* of a kind that is never said */
	ck_assert_int_eq(said(&o, 5), 0);
	ck_assert_ptr_nonnull(observe_mac_find(&o, s, mac(1)));
	ck_assert_ptr_null(observe_mac_find(&o, d, mac(1)));
	observe_mac_gone(&o, s, mac(1));
	observe_bind(&o, d, OBS_NO_VNI);
	observe_bind(&o, s, OBS_NO_VNI);
	ck_assert_uint_eq(o.doms.live, 0);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_mac_set(&o, d, mac(1), 3, 0);
	observe_mac_gone(&o, d, mac(1)); /* the last object takes its domain along */
	ck_assert_uint_eq(o.doms.live, 0);
	observe_fini(&o);
}
END_TEST

/* What an engine has heard, frame by frame. */
START_TEST(t_heard)
{
	const struct obs_mac *m;
	struct observe o;
	uint32_t d;

	init(&o);
	d = observe_dom(&o, OBS_BRIDGE, 2, 0);
	observe_bind(&o, d, 100);
	observe_mac_set(&o, d, mac(1), 7, 0);
	m = observe_mac_find(&o, d, mac(1));
	ck_assert(observe_unheard(&o, &m->o, 0)); /* yet to be said */
	ck_assert_int_eq(said(&o, 100), 1);
	observe_frame_said(&o);
	ck_assert(observe_unheard(&o, &m->o, 0)); /* on its way */
	ck_assert(!observe_unheard(&o, &m->o, 1));
	observe_mac_set(&o, d, mac(2), 7, 0);
	ck_assert_int_eq(said(&o, 100), 2);
	observe_frame_said(&o);
	ck_assert(!observe_unheard(&o, &m->o, 1)); /* that frame was not about it */
	ck_assert(observe_unheard(&o, &observe_mac_find(&o, d, mac(2))->o, 1));
	observe_mac_set(&o, d, mac(1), 8, 0); /* moved: to be heard again */
	ck_assert(observe_unheard(&o, &m->o, 2));
	ck_assert_int_eq(said(&o, 100), 1);
	observe_frame_said(&o);
	ck_assert(observe_unheard(&o, &m->o, 2));
	ck_assert(!observe_unheard(&o, &m->o, 3));
	ck_assert(!observe_unheard(&o, &m->o, 4)); /* more than there is: no matter */
	/* Long after it was said the count wraps, and comes near that number again. */
	o.frames = 2;
	ck_assert(!observe_unheard(&o, &m->o, 1));
	ck_assert(!observe_unheard(&o, &m->o, 2));
	o.frames = UINT32_MAX - 4;
	ck_assert(!observe_unheard(&o, &m->o, UINT32_MAX - 9));
	/* Another engine counts from the beginning. */
	observe_mute(&o);
	observe_say_all(&o);
	ck_assert_uint_eq(o.frames, 0);
	ck_assert(observe_unheard(&o, &m->o, 0));
	/* What is never said needs no hearing. */
	observe_bind(&o, d, OBS_NO_VNI);
	ck_assert(!observe_unheard(&o, &m->o, 0));
	observe_fini(&o);
}
END_TEST

int
main(void)
{
	const struct unit_test tests[] = {
		{ t_bind, 0, 0 },
		{ t_collapse, 0, 0 },
		{ t_remote, 0, 0 },
		{ t_svi, 0, 0 },
		{ t_dump, 0, 0 },
		{ t_mute, 0, 0 },
		{ t_domains, 0, 0 },
		{ t_heard, 0, 0 },
		{ NULL, 0, 0 },
	};

	return run_tests("observe", tests);
}
