/* SPDX-License-Identifier: ISC */
/* bgpd/fsm.c: the table of the BGP state machine and the few lines that run it. */
#include "config.h"

#include "bgpd/fsm.h"

#include "lib/util.h"

/* What a row asks of the timers, beside the actions in the low bits. */
enum {
	T_RETRY = 1 << 8,      /* start ConnectRetry with the configured time */
	T_AGAIN = 1 << 9,      /* start ConnectRetry, sooner after the first failures */
	T_WAIT_OPEN = 1 << 11, /* start Hold with the large value */
	T_HOLD = 1 << 12,      /* start Hold with the negotiated value */
	T_KEEP = 1 << 13,      /* start Keepalive */
	T_IDLE = 1 << 14,      /* start IdleHold: the machine starts again by itself */
	T_ALL_OFF = 1 << 15,   /* stop every timer first */
	T_FAIL = 1 << 16,      /* count a failed session */
	ROW_SET = 1 << 17,     /* the row is filled in; others ignore the event */
};

enum {
	HOLD_WAIT_OPEN =
	    240, /* seconds, RFC 4271 8.2.2: "a HoldTimer value of 4 minutes" */
	SEND_HOLD_MIN = 480, /* seconds, RFC 9687 5: 8 minutes or twice the hold time */
	BACKOFF_FIRST_MS = 500, /* first pause after a failure */
	BACKOFF_MAX_SHIFT = 7,	/* longest pause: 64 s */
	DEAF_AFTER = 5, /* failures after which callers are refused during the pause */
	LASTING = 60,	/* seconds of Established that clear the count of failures */
};

struct row {
	uint32_t what;	       /* actions and T_* */
	uint8_t next;	       /* enum fsm_state */
	uint8_t code, subcode; /* NOTIFICATION that the machine itself decides on */
};

enum { ERR_HOLD = 4, ERR_FSM = 5 };

#define GO(st, w)                                                                        \
	{                                                                                \
		ROW_SET | (w), (st), 0, 0                                                \
	}
#define BACK (T_ALL_OFF | T_IDLE | T_FAIL | FSM_ACT_CLOSE)
/* Back to Idle: silent; with the owner's NOTIFICATION; with our own. */
#define DROP                                                                             \
	{                                                                                \
		ROW_SET | BACK, FSM_IDLE, 0, 0                                           \
	}
#define TELL                                                                             \
	{                                                                                \
		ROW_SET | BACK | FSM_ACT_NOTIFY, FSM_IDLE, 0, 0                          \
	}
#define SAY(c, s)                                                                        \
	{                                                                                \
		ROW_SET | BACK | FSM_ACT_NOTIFY, FSM_IDLE, (c), (s)                      \
	}
/* Stopped by the owner: no pause, no new start. */
#define STOPPED(w)                                                                       \
	{                                                                                \
		ROW_SET | T_ALL_OFF | FSM_ACT_CLOSE | (w), FSM_IDLE, 0, 0                \
	}

/* Every pair that is not here leaves the state as it is and does nothing: that is all of Idle but
 * the ways out of it, and timers that cannot run in that state. */
static const struct row table[FSM_STATE_MAX][FSM_EVENT_MAX] = {
	[FSM_IDLE] = {
		[FSM_EV_START] = GO(FSM_CONNECT, T_ALL_OFF | T_RETRY | FSM_ACT_CONNECT),
		[FSM_EV_STOP] = GO(FSM_IDLE, T_ALL_OFF),
		[FSM_EV_BACKOFF] = GO(FSM_IDLE, T_ALL_OFF | T_IDLE),
		[FSM_EV_IDLE_EXPIRED] = GO(FSM_CONNECT, T_ALL_OFF | T_RETRY | FSM_ACT_CONNECT),
	},
	[FSM_CONNECT] = {
		[FSM_EV_STOP] = STOPPED(0),
		[FSM_EV_RETRY_EXPIRED] = GO(FSM_CONNECT, T_RETRY | FSM_ACT_CLOSE | FSM_ACT_CONNECT),
		[FSM_EV_TCP_UP] = GO(FSM_OPENSENT, T_ALL_OFF | T_WAIT_OPEN | FSM_ACT_OPEN),
		/* RFC 4271 8.2.2 goes to Idle; Active with a short ConnectRetry is the same for
		 * the peer and tells the operator that we try. */
		[FSM_EV_TCP_FAIL] = GO(FSM_ACTIVE, T_AGAIN | FSM_ACT_CLOSE),
		[FSM_EV_COLLISION] = STOPPED(0),
		[FSM_EV_HOLD_EXPIRED] = DROP,
		[FSM_EV_KEEP_EXPIRED] = DROP,
		[FSM_EV_IDLE_EXPIRED] = DROP,
		[FSM_EV_SEND_EXPIRED] = DROP,
		[FSM_EV_OPEN] = DROP,
		[FSM_EV_OPEN_ERR] = DROP,
		[FSM_EV_HEADER_ERR] = DROP,
		[FSM_EV_NOTIF_VERSION] = DROP,
		[FSM_EV_NOTIF] = DROP,
		[FSM_EV_KEEPALIVE] = DROP,
		[FSM_EV_UPDATE] = DROP,
		[FSM_EV_UPDATE_ERR] = DROP,
	},
	[FSM_ACTIVE] = {
		[FSM_EV_STOP] = STOPPED(0),
		[FSM_EV_RETRY_EXPIRED] = GO(FSM_CONNECT, T_RETRY | FSM_ACT_CONNECT),
		[FSM_EV_TCP_UP] = GO(FSM_OPENSENT, T_ALL_OFF | T_WAIT_OPEN | FSM_ACT_OPEN),
		[FSM_EV_TCP_FAIL] = GO(FSM_ACTIVE, T_AGAIN | FSM_ACT_CLOSE),
		[FSM_EV_COLLISION] = STOPPED(0),
		[FSM_EV_HOLD_EXPIRED] = DROP,
		[FSM_EV_KEEP_EXPIRED] = DROP,
		[FSM_EV_IDLE_EXPIRED] = DROP,
		[FSM_EV_SEND_EXPIRED] = DROP,
		[FSM_EV_OPEN] = DROP,
		[FSM_EV_OPEN_ERR] = DROP,
		[FSM_EV_HEADER_ERR] = DROP,
		[FSM_EV_NOTIF_VERSION] = DROP,
		[FSM_EV_NOTIF] = DROP,
		[FSM_EV_KEEPALIVE] = DROP,
		[FSM_EV_UPDATE] = DROP,
		[FSM_EV_UPDATE_ERR] = DROP,
	},
	[FSM_OPENSENT] = {
		[FSM_EV_STOP] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_HOLD_EXPIRED] = SAY(ERR_HOLD, 0),
		[FSM_EV_TCP_FAIL] =
		    GO(FSM_ACTIVE, T_ALL_OFF | T_AGAIN | FSM_ACT_CLOSE),
		[FSM_EV_OPEN] = GO(FSM_OPENCONFIRM, T_HOLD | T_KEEP | FSM_ACT_KEEPALIVE),
		[FSM_EV_OPEN_ERR] = TELL,
		[FSM_EV_HEADER_ERR] = TELL,
		[FSM_EV_COLLISION] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_NOTIF_VERSION] = DROP,
		[FSM_EV_NOTIF] = DROP,
		/* RFC 6608 3: 1 = unexpected message in OpenSent. */
		[FSM_EV_KEEPALIVE] = SAY(ERR_FSM, 1),
		[FSM_EV_UPDATE] = SAY(ERR_FSM, 1),
		[FSM_EV_UPDATE_ERR] = SAY(ERR_FSM, 1),
		[FSM_EV_RETRY_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_KEEP_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_IDLE_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_SEND_EXPIRED] = DROP,
		[FSM_EV_TCP_UP] = SAY(ERR_FSM, 0),
	},
	[FSM_OPENCONFIRM] = {
		[FSM_EV_STOP] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_HOLD_EXPIRED] = SAY(ERR_HOLD, 0),
		[FSM_EV_KEEP_EXPIRED] = GO(FSM_OPENCONFIRM, T_KEEP | FSM_ACT_KEEPALIVE),
		[FSM_EV_TCP_FAIL] = DROP,
		[FSM_EV_NOTIF_VERSION] = DROP,
		[FSM_EV_NOTIF] = DROP,
		[FSM_EV_KEEPALIVE] = GO(FSM_ESTABLISHED, T_HOLD | FSM_ACT_UP),
		[FSM_EV_HEADER_ERR] = TELL,
		[FSM_EV_OPEN_ERR] = TELL,
		[FSM_EV_COLLISION] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_SEND_EXPIRED] = DROP,
		[FSM_EV_OPEN] = SAY(ERR_FSM, 2),
		[FSM_EV_UPDATE] = SAY(ERR_FSM, 2),
		[FSM_EV_UPDATE_ERR] = SAY(ERR_FSM, 2),
		[FSM_EV_RETRY_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_IDLE_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_TCP_UP] = SAY(ERR_FSM, 0),
	},
	[FSM_ESTABLISHED] = {
		[FSM_EV_STOP] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_HOLD_EXPIRED] = SAY(ERR_HOLD, 0),
		[FSM_EV_KEEP_EXPIRED] = GO(FSM_ESTABLISHED, T_KEEP | FSM_ACT_KEEPALIVE),
		/* RFC 9687 4: nothing can be written, so no NOTIFICATION either. */
		[FSM_EV_SEND_EXPIRED] = DROP,
		[FSM_EV_TCP_FAIL] = DROP,
		[FSM_EV_NOTIF_VERSION] = DROP,
		[FSM_EV_NOTIF] = DROP,
		[FSM_EV_KEEPALIVE] = GO(FSM_ESTABLISHED, T_HOLD),
		[FSM_EV_UPDATE] = GO(FSM_ESTABLISHED, T_HOLD),
		[FSM_EV_UPDATE_ERR] = TELL,
		[FSM_EV_HEADER_ERR] = TELL,
		[FSM_EV_COLLISION] = STOPPED(FSM_ACT_NOTIFY),
		[FSM_EV_OPEN] = SAY(ERR_FSM, 3),
		[FSM_EV_OPEN_ERR] = SAY(ERR_FSM, 3),
		[FSM_EV_RETRY_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_IDLE_EXPIRED] = SAY(ERR_FSM, 0),
		[FSM_EV_TCP_UP] = SAY(ERR_FSM, 0),
	},
};

static const enum fsm_event timer_event[FSM_TIMER_MAX] = {
	[FSM_TIMER_RETRY] = FSM_EV_RETRY_EXPIRED,
	[FSM_TIMER_HOLD] = FSM_EV_HOLD_EXPIRED,
	[FSM_TIMER_KEEP] = FSM_EV_KEEP_EXPIRED,
	[FSM_TIMER_IDLE] = FSM_EV_IDLE_EXPIRED,
	[FSM_TIMER_SEND] = FSM_EV_SEND_EXPIRED,
};

void
fsm_init(
    struct fsm *f, bool incoming, bool passive, uint16_t connect_retry, uint32_t seed)
{
	*f = (struct fsm){
		.state = incoming ? FSM_ACTIVE : FSM_IDLE,
		.incoming = incoming,
		.passive = passive,
		.connect_retry = connect_retry,
		.rng = seed | 1,
	};
}

/* RFC 4271 10: a random factor between 0.75 and 1.0. */
static int64_t
jittered(struct fsm *f, int64_t us)
{
	f->rng ^= f->rng << 13;
	f->rng ^= f->rng >> 17;
	f->rng ^= f->rng << 5;
	return us - us / 4 * (int64_t)(f->rng >> 16) / 65536;
}

/* The pause after so many failures. */
static int64_t
backoff(uint8_t fails)
{
	unsigned n = fails > 0 ? fails - 1u : 0;

	return MONO_MS(BACKOFF_FIRST_MS) << MIN(n, (unsigned)BACKOFF_MAX_SHIFT);
}

static void
start_timers(struct fsm *f, uint32_t what, struct mono now)
{
	if (what & T_RETRY)
		f->due[FSM_TIMER_RETRY] =
		    mono_add(now, jittered(f, MONO_SEC(f->connect_retry)));
	if (what & T_AGAIN)
		f->due[FSM_TIMER_RETRY] = mono_add(
		    now, jittered(f, MIN(backoff(f->tries), MONO_SEC(f->connect_retry))));
	if (what & T_WAIT_OPEN)
		f->due[FSM_TIMER_HOLD] = mono_add(now, MONO_SEC(HOLD_WAIT_OPEN));
	if (what & T_HOLD)
		f->due[FSM_TIMER_HOLD] =
		    f->hold ? mono_add(now, MONO_SEC(f->hold)) : (struct mono){ 0 };
	if (what & T_KEEP)
		f->due[FSM_TIMER_KEEP] =
		    f->keep ? mono_add(now, jittered(f, MONO_SEC(f->keep)))
			    : (struct mono){ 0 };
	if (what & T_IDLE)
		f->due[FSM_TIMER_IDLE] = mono_add(now, jittered(f, backoff(f->fails)));
}

static void
run_timers(struct fsm *f, uint32_t what, struct mono now)
{
	if (what & T_ALL_OFF)
		for (int i = 0; i < FSM_TIMER_MAX; i++)
			f->due[i].us = 0;
	if (what & T_FAIL && f->fails < UINT8_MAX)
		f->fails++;
	if (what & T_AGAIN && f->tries < UINT8_MAX)
		f->tries++;
	start_timers(f, what, now);
}

/* A machine of the peer's call has no second life; a passive one waits without a timer. */
static void
bend(struct fsm *f, uint32_t *what, uint8_t *next)
{
	if (f->incoming && *next < FSM_OPENSENT) {
		*what = (*what & ~(uint32_t)(T_IDLE | T_AGAIN | T_RETRY)) | FSM_ACT_END;
		*next = FSM_IDLE;
	} else if (f->passive && *next == FSM_CONNECT) {
		*what &= ~(uint32_t)(FSM_ACT_CONNECT | T_RETRY);
		*next = FSM_ACTIVE;
	} else if (f->passive && *next == FSM_ACTIVE) {
		*what &= ~(uint32_t)(T_AGAIN | T_RETRY);
	}
}

static bool
lasted(const struct fsm *f, struct mono now)
{
	return f->up.us && mono_diff(now, f->up) >= MONO_SEC(LASTING);
}

void
fsm_inherit(struct fsm *f, const struct fsm *gone, struct mono now)
{
	if (lasted(gone, now))
		f->fails = 0;
	f->fails = (uint8_t)MIN(f->fails + gone->fails, UINT8_MAX);
}

void
fsm_forgive(struct fsm *f)
{
	f->fails = f->tries = 0;
}

struct fsm_out
fsm_step(struct fsm *f, enum fsm_event ev, struct mono now)
{
	const struct row *row = &table[f->state][ev];
	uint32_t what = row->what;
	uint8_t next = row->next;
	bool was_up = f->state == FSM_ESTABLISHED;

	if (!(what & ROW_SET))
		return (struct fsm_out){ 0, 0, 0 };
	bend(f, &what, &next);
	if (was_up && next != FSM_ESTABLISHED) {
		what |= FSM_ACT_DOWN;
		if (lasted(f, now))
			f->fails = 0;
	}
	if (what & FSM_ACT_UP)
		f->up = now;
	/* Only now the other side has shown that it wants us. */
	if (next == FSM_OPENCONFIRM)
		f->tries = 0;
	f->state = next;
	run_timers(f, what, now);
	return (struct fsm_out){ what & 0xff, row->code, row->subcode };
}

void
fsm_set_hold(struct fsm *f, uint16_t hold, uint16_t keep)
{
	f->hold = hold;
	f->keep = keep;
}

void
fsm_sending(struct fsm *f, bool progress, bool waiting, struct mono now)
{
	struct mono *due = &f->due[FSM_TIMER_SEND];

	if (!waiting || f->state < FSM_OPENSENT)
		due->us = 0;
	else if (progress || due->us == 0)
		*due = mono_add(now, MONO_SEC(MAX(SEND_HOLD_MIN, 2 * f->hold)));
}

struct mono
fsm_due(const struct fsm *f)
{
	struct mono first = { 0 };

	for (int i = 0; i < FSM_TIMER_MAX; i++)
		if (f->due[i].us && (first.us == 0 || mono_before(f->due[i], first)))
			first = f->due[i];
	return first;
}

bool
fsm_expired(struct fsm *f, struct mono now, enum fsm_event *ev)
{
	for (int i = 0; i < FSM_TIMER_MAX; i++) {
		if (f->due[i].us == 0 || mono_before(now, f->due[i]))
			continue;
		f->due[i].us = 0;
		*ev = timer_event[i];
		return true;
	}
	return false;
}

bool
fsm_refuses(const struct fsm *f)
{
	return f->state == FSM_IDLE && f->due[FSM_TIMER_IDLE].us &&
	       f->fails >= DEAF_AFTER;
}

bool
fsm_collision_keeps_ours(
    uint32_t local_id, uint32_t local_as, uint32_t remote_id, uint32_t remote_as)
{
	if (local_id != remote_id)
		return local_id > remote_id;
	return local_as > remote_as;
}

const char *
fsm_state_name(enum fsm_state s)
{
	static const char *const names[FSM_STATE_MAX] = {
		[FSM_IDLE] = "Idle",
		[FSM_CONNECT] = "Connect",
		[FSM_ACTIVE] = "Active",
		[FSM_OPENSENT] = "OpenSent",
		[FSM_OPENCONFIRM] = "OpenConfirm",
		[FSM_ESTABLISHED] = "Established",
	};

	return s < FSM_STATE_MAX ? names[s] : "?";
}

const char *
fsm_event_name(enum fsm_event ev)
{
	static const char *const names[FSM_EVENT_MAX] = {
		[FSM_EV_START] = "start",
		[FSM_EV_STOP] = "stop",
		[FSM_EV_BACKOFF] = "back off",
		[FSM_EV_RETRY_EXPIRED] = "connect retry timer",
		[FSM_EV_HOLD_EXPIRED] = "hold timer",
		[FSM_EV_KEEP_EXPIRED] = "keepalive timer",
		[FSM_EV_IDLE_EXPIRED] = "idle hold timer",
		[FSM_EV_SEND_EXPIRED] = "send hold timer",
		[FSM_EV_TCP_UP] = "connection up",
		[FSM_EV_TCP_FAIL] = "connection lost",
		[FSM_EV_OPEN] = "OPEN",
		[FSM_EV_OPEN_ERR] = "bad OPEN",
		[FSM_EV_HEADER_ERR] = "bad header",
		[FSM_EV_COLLISION] = "collision",
		[FSM_EV_NOTIF_VERSION] = "NOTIFICATION of version",
		[FSM_EV_NOTIF] = "NOTIFICATION",
		[FSM_EV_KEEPALIVE] = "KEEPALIVE",
		[FSM_EV_UPDATE] = "UPDATE",
		[FSM_EV_UPDATE_ERR] = "bad UPDATE",
	};

	return ev < FSM_EVENT_MAX ? names[ev] : "?";
}
