/* SPDX-License-Identifier: ISC */
/* The engine's end of the channel to evpnd: who hears what. */
#include "config.h"

#include "mgmt/app.h"

#include <fcntl.h>
#include <unistd.h>

#include "bgpd/bgp.h"
#include "bgpd/nht.h"
#include "evpn/evpn.h"
#include "lib/log.h"
#include "lib/util.h"
#include "mgmt/conf.h"
#include "underlay/underlay.h"

LOG_MODULE("engine.dp");

void
app_router_id(struct app *a)
{
	bgp_set_auto_router_id(a->eng.bgp, addrs_router_id(&a->addrs));
	evpn_set_router_id(a->eng.evpn, bgp_router_id(a->eng.bgp));
}

bool
app_dp_send(void *arg, uint16_t type, const void *body, size_t len)
{
	struct app *a = arg;

	if (!a->eng.dp_up || chan_full(&a->dp))
		return false;
	return chan_send(&a->dp, type, body, len, -1);
}

static void
on_addrs(struct app *a, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_addr m;

	while (rb_left(&r) > 0 && zl_addr_decode(&r, &m)) {
		if (m.op == ZL_DEL)
			addrs_del(&a->addrs, m.ifname, m.addr.ip);
		else
			addrs_set(&a->addrs, m.ifname, m.addr.ip, m.loopback);
	}
	app_router_id(a);
	bgp_addresses_changed(a->eng.bgp);
}

static void
on_listener(struct app *a, const uint8_t *body, size_t len, int fd)
{
	struct rbuf r = rb_init(body, len);
	struct zl_listen m;

	if (fd < 0)
		return;
	if (zl_listen_decode(&r, &m))
		bgp_listen_fd(a->eng.bgp, fd);
	else
		close(fd);
}

static void
on_nexthops(struct app *a, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_nexthop m;

	while (rb_left(&r) > 0 && zl_nexthop_decode(&r, &m)) {
		evpn_nexthop(a->eng.evpn, m.ip, m.reachable);
		bgp_nexthop(a->eng.bgp, m.ip, m.reachable, m.loose, m.metric);
	}
}

/* One frame a slice; what the channel has no room for goes on when it has drained. */
bool
app_dp_asks(struct loop_work *w)
{
	struct app *a = container_of(w, struct app, asks);
	uint8_t body[ZL_OBS_MAX * 18];
	struct wbuf b = wb_init(body, sizeof body);
	struct nht_ask ask;
	unsigned n = 0;

	if (!a->eng.dp_up || chan_full(&a->dp))
		return false;
	while (n < ZL_OBS_MAX && nht_ask_next(bgp_nht(a->eng.bgp), &ask)) {
		struct zl_watch m = { ask.watch ? ZL_SET : ZL_DEL, ask.ip };

		zl_watch_encode(&b, &m);
		n++;
	}
	if (n > 0)
		chan_send(&a->dp, ZL_NEXTHOP_WATCH, body, wb_len(&b), -1);
	return n == ZL_OBS_MAX;
}

static void
on_ask(void *arg)
{
	struct app *a = arg;

	loop_work_queue(a->eng.loop, &a->asks);
}

static void
on_hello(struct app *a, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_hello m;

	if (zl_hello_decode(&r, &m) && m.version == ZL_VERSION)
		return;
	log_error("data plane: evpnd is of another version");
	app_end(a);
}

static void
on_counters(struct app *a, const uint8_t *body, size_t len)
{
	struct rbuf r = rb_init(body, len);
	struct zl_counter m;

	while (rb_left(&r) > 0 && zl_counter_decode(&r, &m))
		dp_counters_set(&a->counters, m.name, m.n);
}

static void
on_dp_msg(void *arg, uint16_t type, const uint8_t *body, size_t len, int fd)
{
	struct app *a = arg;

	if (type == ZL_LISTEN_FD) {
		on_listener(a, body, len, fd);
		return;
	}
	if (fd >= 0)
		close(fd);
	if (underlay_dp_message(a->eng.underlay, type, body, len))
		return;
	if (type == ZL_HELLO) {
		on_hello(a, body, len);
	} else if (type == ZL_ADDR) {
		on_addrs(a, body, len);
	} else if (type == ZL_NEXTHOP) {
		on_nexthops(a, body, len);
	} else if (type == ZL_PLAN) {
		app_prov_message(a, body, len);
	} else if (type == ZL_COUNTERS) {
		on_counters(a, body, len);
	} else if (type == ZL_FINDING) {
		findings_message(&a->findings, body, len);
	} else {
		if (type == ZL_OBSERVED_BEGIN) {
			addrs_begin(&a->addrs);
			findings_begin(&a->findings);
		}
		if (type == ZL_OBSERVED_END) {
			addrs_end(&a->addrs);
			findings_end(&a->findings);
			app_router_id(a);
		}
		evpn_dp_message(a->eng.evpn, type, body, len);
	}
}

static void
on_dp_close(void *arg, const char *why)
{
	struct app *a = arg;

	log_warn("data plane: evpnd is gone (%s)", why[0] ? why : "end of file");
	a->eng.dp_up = false;
	app_prov_down(a);
	chan_close(&a->dp);
	app_end(a);
}

static void
on_dp_drain(void *arg)
{
	struct app *a = arg;

	evpn_dp_ready(a->eng.evpn);
	underlay_dp_ready(a->eng.underlay);
	on_ask(a);
}

static const struct chan_ops dp_ops = { on_dp_msg, on_dp_close, on_dp_drain };

static void
dp_greet(struct app *a)
{
	struct zl_hello hello = { ZL_VERSION, (uint32_t)getpid() };
	uint8_t body[64];
	struct wbuf w = wb_init(body, sizeof body);

	zl_hello_encode(&w, &hello);
	chan_send(&a->dp, ZL_HELLO, body, wb_len(&w), -1);
}

void
app_dp_open(struct app *a, int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	chan_init(&a->dp, a->eng.loop, fd, &dp_ops, a, ZL_MSG_MAX);
	a->eng.dp_up = true;
	dp_greet(a);
	if (!a->eng.kernel)
		return;
	a->eng.findings = &a->findings;
	a->eng.dp_counters = &a->counters;
	a->eng.plan = app_prov_plan;
	a->eng.plan_forget = app_prov_forget;
	a->eng.preflight = app_prov_preflight;
	nht_on_ask(bgp_nht(a->eng.bgp), on_ask, a);
}

/* How evpnd is to write; before anything else is asked of it. */
void
app_dp_config(struct app *a, const struct conf *c)
{
	struct zl_config now = { .kernel = a->eng.kernel,
		.use_nexthop_ids = c->fdb_nexthop_ids };
	uint8_t body[16];
	struct wbuf w = wb_init(body, sizeof body);

	if (!a->eng.dp_up ||
	    (a->dp_conf_said && now.use_nexthop_ids == a->dp_conf.use_nexthop_ids))
		return;
	a->dp_conf_said = true;
	a->dp_conf = now;
	zl_config_encode(&w, &now);
	chan_send(&a->dp, ZL_CONFIG, body, wb_len(&w), -1);
}
