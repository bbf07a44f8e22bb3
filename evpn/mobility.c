/* SPDX-License-Identifier: ISC */
/* The mobility state machine: one handler an event, one table of legal transitions. */
#include "config.h"

#include "evpn/mobility.h"

#include "lib/util.h"

#define TO(s) (1u << (s))

/* Which states may follow which.  A claim never changes sides in one step unless both claim. */
static const uint8_t legal[MOB_STATES] = {
	[MOB_NONE] = TO(MOB_NONE) | TO(MOB_LOCAL) | TO(MOB_REMOTE),
	[MOB_LOCAL] =
	    TO(MOB_LOCAL) | TO(MOB_NONE) | TO(MOB_LOCAL_WINS) | TO(MOB_REMOTE_WINS),
	[MOB_REMOTE] =
	    TO(MOB_REMOTE) | TO(MOB_NONE) | TO(MOB_LOCAL_WINS) | TO(MOB_REMOTE_WINS),
	[MOB_LOCAL_WINS] =
	    TO(MOB_LOCAL_WINS) | TO(MOB_REMOTE_WINS) | TO(MOB_LOCAL) | TO(MOB_REMOTE),
	[MOB_REMOTE_WINS] =
	    TO(MOB_REMOTE_WINS) | TO(MOB_LOCAL_WINS) | TO(MOB_LOCAL) | TO(MOB_REMOTE),
};

static void
set_state(struct mobility *m, enum mob_state s)
{
	ensure(legal[m->state] & TO(s));
	m->state = (uint8_t)s;
}

/* The number after n.  The last one stays: ties then go by address, and nobody wraps to 0,
 * which would lose against every older route. */
static uint32_t
seq_after(uint32_t n)
{
	return n == UINT32_MAX ? n : n + 1;
}

/* Counts a move (RFC 7432 15.1).  True if the MAC may move; false if it froze by this one. */
static bool
count_move(
    struct mobility *m, const struct dup_conf *c, struct mono now, unsigned *actions)
{
	enum dup_verdict v = dup_move(&m->dup, c, now);

	if (v != DUP_NO)
		*actions |= MOB_WARN_DUPLICATE;
	if (v == DUP_FROZE)
		*actions |= MOB_FROZE;
	return v != DUP_FROZE;
}

/* Who should have a MAC that both claim, by flags and numbers alone. */
static bool
local_prevails(const struct mobility *m)
{
	if (m->lflags & (MOB_STICKY | MOB_OWN))
		return true;
	if (m->rflags & MOB_STICKY) /* RFC 7432 15.2: a sticky MAC does not move */
		return false;
	if (m->lflags & MOB_STATIC) /* what the operator wrote stands */
		return true;
	if (m->rseq != m->lseq)
		return m->lseq > m->rseq;
	return !(m->rflags & MOB_LOWER); /* RFC 7432 15: same number, lower address */
}

/* Decides between two claims that both stand. */
static unsigned
contest(struct mobility *m, const struct dup_conf *c, struct mono now)
{
	bool was_local = mob_is_local(m->state);
	bool own = m->lflags & MOB_OWN, held = m->dup.frozen && !own;
	bool to_local = held ? was_local : local_prevails(m);
	unsigned a = 0;

	if (!held && !own && m->rflags & MOB_STICKY)
		a |= MOB_WARN_STICKY;
	if (was_local && !to_local) {
		if (!(m->rflags & MOB_STICKY))
			to_local = !count_move(m, c, now, &a);
		if (!to_local)
			a |= MOB_WITHDRAW | MOB_INSTALL | MOB_MOVED;
	} else if (!was_local && to_local) {
		a |= MOB_ADVERTISE | MOB_UNINSTALL;
	} else if (!was_local) {
		a |= MOB_INSTALL;
	}
	set_state(m, to_local ? MOB_LOCAL_WINS : MOB_REMOTE_WINS);
	return a;
}

/* A local claim over an installed remote one: the host has moved here. */
static unsigned
claim(struct mobility *m, const struct dup_conf *c, struct mono now)
{
	unsigned a = 0;

	if (m->lflags & MOB_OWN) { /* no move, and no number above the other's */
		set_state(m, MOB_LOCAL_WINS);
		return MOB_ADVERTISE | MOB_UNINSTALL;
	}
	if (m->rflags & MOB_STICKY && !(m->lflags & MOB_STICKY)) {
		/* Put it back: the bridge has moved the entry to the local port. */
		set_state(m, MOB_REMOTE_WINS);
		return MOB_INSTALL | MOB_WARN_STICKY;
	}
	if (m->dup.frozen || !count_move(m, c, now, &a)) {
		set_state(m, MOB_REMOTE_WINS);
		return a;
	}
	if (m->rflags & MOB_STICKY)
		a |= MOB_WARN_STICKY;
	/* RFC 7432 15: one greater than the received number; never back. */
	m->lseq = MAX(seq_after(m->rseq), m->lseq);
	set_state(m, MOB_LOCAL_WINS);
	return a | MOB_ADVERTISE | MOB_UNINSTALL | MOB_MOVED;
}

static unsigned
on_learn(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	m->lflags = ev->flags;
	m->local_newer = true;
	switch ((enum mob_state)m->state) {
	case MOB_NONE:
	case MOB_LOCAL:
		set_state(m, MOB_LOCAL);
		return MOB_ADVERTISE;
	case MOB_LOCAL_WINS:
		/* Its flags may have changed, and with them who wins. */
		return contest(m, c, now) | (mob_is_local(m->state) ? MOB_ADVERTISE : 0);
	default:
		return claim(m, c, now);
	}
}

static unsigned
on_local_gone(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	(void)ev;
	(void)c;
	(void)now;
	m->lflags = 0;
	m->local_newer = false;
	switch ((enum mob_state)m->state) {
	case MOB_LOCAL:
		m->lseq = 0;
		set_state(m, MOB_NONE);
		return MOB_WITHDRAW;
	case MOB_LOCAL_WINS:
		set_state(m, MOB_REMOTE);
		return MOB_WITHDRAW | MOB_INSTALL;
	case MOB_REMOTE_WINS:
		set_state(m, MOB_REMOTE);
		return MOB_INSTALL;
	default:
		return 0;
	}
}

static unsigned
on_remote(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	m->rflags = ev->flags;
	m->rseq = ev->seq;
	m->local_newer = false;
	if (mob_has_local(m->state))
		return contest(m, c, now);
	set_state(m, MOB_REMOTE);
	return MOB_INSTALL;
}

static unsigned
on_remote_gone(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	(void)ev;
	(void)c;
	(void)now;
	m->rflags = 0;
	m->rseq = 0;
	switch ((enum mob_state)m->state) {
	case MOB_REMOTE:
		m->lseq = 0;
		set_state(m, MOB_NONE);
		return MOB_UNINSTALL;
	case MOB_LOCAL_WINS:
		set_state(m, MOB_LOCAL);
		return 0;
	case MOB_REMOTE_WINS:
		/* Frozen or not: the other claimant has given up, which is the corrective
		 * action that RFC 7432 15.1 waits for. */
		set_state(m, MOB_LOCAL);
		return MOB_ADVERTISE | MOB_UNINSTALL;
	default:
		return 0;
	}
}

static unsigned
on_raise(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	(void)c;
	(void)now;
	if (!mob_is_local(m->state) || m->dup.frozen || ev->seq <= m->lseq)
		return 0;
	m->lseq = ev->seq;
	return MOB_ADVERTISE;
}

static unsigned
on_thaw(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	bool was_frozen = m->dup.frozen;

	(void)ev;
	dup_clear(&m->dup);
	if (!was_frozen || !mob_has_local(m->state) || !mob_has_remote(m->state))
		return 0;
	/* Both still claim it: the later claim is heard first. */
	if (m->local_newer && m->state == MOB_REMOTE_WINS)
		return claim(m, c, now);
	return contest(m, c, now);
}

unsigned
mob_step(struct mobility *m, const struct mob_event *ev, const struct dup_conf *c,
    struct mono now)
{
	static unsigned (*const handlers[MOB_EVENTS])(struct mobility *,
	    const struct mob_event *, const struct dup_conf *, struct mono) = {
		[MOB_EV_LEARN] = on_learn,
		[MOB_EV_LOCAL_GONE] = on_local_gone,
		[MOB_EV_REMOTE] = on_remote,
		[MOB_EV_REMOTE_GONE] = on_remote_gone,
		[MOB_EV_RAISE] = on_raise,
		[MOB_EV_THAW] = on_thaw,
	};

	ensure(ev->type < MOB_EVENTS);
	return handlers[ev->type](m, ev, c, now);
}

const char *
mob_state_name(enum mob_state s)
{
	static const char *const names[MOB_STATES] = { "none", "local", "remote",
		"local (remote lost)", "remote (local lost)" };

	return s < MOB_STATES ? names[s] : "?";
}
