/* SPDX-License-Identifier: ISC */
/* bgpd/recv.c: received messages, one function for each type. */
#include "config.h"

#include "bgpd/recv.h"

#include <stdio.h>

#include "bgpd/bgp_priv.h"
#include "bgpd/msg.h"
#include "bgpd/nego.h"
#include "bgpd/open.h"
#include "bgpd/peer_priv.h"
#include "bgpd/refresh.h"
#include "bgpd/session.h"
#include "bgpd/update_in.h"
#include "lib/log.h"
#include "lib/util.h"

LOG_MODULE("bgp.recv");

static void
recv_open(struct session *s, const struct bgp_msg *m)
{
	struct peer *p = s->peer;
	struct open_msg o;
	struct bgp_fault f;

	p->n.opens_in++;
	if (s->fsm.state != FSM_OPENSENT) {
		session_event(s, FSM_EV_OPEN);
		return;
	}
	if (!open_decode(m->body, &o, &f) || !nego_settle(p, &o, &s->nego, &f)) {
		session_fault(s, FSM_EV_OPEN_ERR, &f);
		return;
	}
	if (!peer_wins_collision(p, s))
		return;
	/* RFC 8654 3: we said that we can, so longer messages may come from now on. */
	s->max_in = MSG_MAX_EXTENDED;
	fsm_set_hold(&s->fsm, s->nego.hold, s->nego.keepalive);
	if (!p->up)
		p->nego = s->nego;
	session_event(s, FSM_EV_OPEN);
}

static void
recv_update(struct session *s, const struct bgp_msg *m)
{
	s->peer->n.updates_in++;
	if (!session_is_up(s)) {
		session_event(s, FSM_EV_UPDATE);
		return;
	}
	fsm_heard(&s->fsm, loop_now(s->loop));
	update_in(s, m);
}

static void
recv_keepalive(struct session *s, const struct bgp_msg *m)
{
	(void)m;
	s->peer->n.keepalives_in++;
	session_event(s, FSM_EV_KEEPALIVE);
}

static void
recv_notification(struct session *s, const struct bgp_msg *m)
{
	struct notification n;
	char text[NOTIFICATION_TEXT_MAX];
	bool version;

	s->peer->n.notifications_in++;
	if (!notification_decode(m->body, &n)) {
		/* RFC 4271 6.4: nobody is told about an error in a NOTIFICATION. */
		session_event(s, FSM_EV_NOTIF);
		return;
	}
	version = n.code == BGP_ERR_OPEN && n.subcode == BGP_OPEN_VERSION;
	notification_shutdown_text(&n, text);
	s->end.notification = s->end.received = true;
	s->end.text = text[0] != '\0';
	s->end.code = n.hard ? BGP_ERR_CEASE : n.code;
	s->end.subcode = n.hard ? BGP_CEASE_HARD_RESET : n.subcode;
	snprintf(s->end.why, sizeof s->end.why, "received %s%s%s%s%s%.80s",
	    n.hard ? "Hard Reset: " : "", notification_code_name(n.code),
	    n.subcode ? ": " : "",
	    n.subcode ? notification_subcode_name(n.code, n.subcode) : "",
	    text[0] ? ": " : "", text);
	session_event(s, version ? FSM_EV_NOTIF_VERSION : FSM_EV_NOTIF);
}

static void
recv_refresh(struct session *s, const struct bgp_msg *m)
{
	struct refresh r;
	struct bgp_fault f;

	s->peer->n.refreshes_in++;
	if (!session_is_up(s)) {
		session_event(s, FSM_EV_UPDATE);
		return;
	}
	fsm_heard(&s->fsm, loop_now(s->loop));
	if (refresh_decode(m, &r, &f))
		peer_refresh_in(s->peer, &r);
	else
		session_fault(s, FSM_EV_UPDATE_ERR, &f);
}

static void (*const by_type[])(struct session *, const struct bgp_msg *) = {
	[MSG_OPEN] = recv_open,
	[MSG_UPDATE] = recv_update,
	[MSG_NOTIFICATION] = recv_notification,
	[MSG_KEEPALIVE] = recv_keepalive,
	[MSG_ROUTE_REFRESH] = recv_refresh,
};

void
recv_message(struct session *s, const struct bgp_msg *m)
{
	log_debug("neighbor %s: received %s, %u octets", s->peer->name,
	    msg_type_name(m->type), m->len);
	ensure(m->type < ARRAY_LEN(by_type) && by_type[m->type]);
	by_type[m->type](s, m);
}
