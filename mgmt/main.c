/* SPDX-License-Identifier: ISC */
/* evpnd-engine: speaks BGP, decides, holds the configuration; wires everybody to everybody. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bgpd/bgp.h"
#include "bgpd/peer.h"
#include "evpn/evpn.h"
#include "evpn/news.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/priv.h"
#include "lib/util.h"
#include "mgmt/app.h"
#include "mgmt/cli.h"
#include "mgmt/conf.h"
#include "mgmt/control.h"
#include "mgmt/commit.h"
#include "mgmt/datastore.h"
#include "mgmt/live.h"
#include "mgmt/event.h"
#include "mgmt/event_say.h"
#include "mgmt/options.h"
#include "underlay/underlay.h"

LOG_MODULE("engine");

#define DEFAULT_FILE EVPND_SYSCONFDIR "/evpnd/evpnd.conf"

/* ---- the end ---- */

static void
on_shut(void *arg)
{
	const struct app *a = arg;

	loop_stop(a->eng.loop);
}

/* RFC 4724: routes are kept by helpers unless we say goodbye; forwarding goes on here, except
 * where the entries go with us. */
void
app_end(struct app *a)
{
	const struct conf *c = a->eng.conf;

	if (a->ending)
		return;
	a->ending = true;
	bgp_shutdown(
	    a->eng.bgp, !a->flush_on_exit && c && c->bgp.graceful_restart, on_shut, a);
}

static void
on_sigterm(int signo, void *arg)
{
	(void)signo;
	app_end(arg);
}

/* ---- BGP ---- */

static struct ip
if_addr(void *arg, const char *ifname, uint8_t len)
{
	const struct app *a = arg;

	return addrs_of(&a->addrs, ifname, len);
}

static struct ip
beside(void *arg, struct ip local, uint8_t len)
{
	const struct app *a = arg;

	return addrs_beside(&a->addrs, local, len);
}

static int
tcp_connect(void *arg, const struct peer_conf *pc, const struct bgp_conn *conn)
{
	(void)arg;
	return bgp_tcp_connect(NULL, pc, conn);
}

static void
on_peer_state(struct peer *changed, void *arg)
{
	struct app *a = arg;
	unsigned up = 0, all = 0;
	char text[ZL_STATUS_MAX];
	int n;

	event_say_session(&a->eng, changed);
	for (struct peer *p = bgp_peer_first(a->eng.bgp); p;
	     p = bgp_peer_next(a->eng.bgp, p)) {
		all++;
		up += p->up != NULL;
	}
	n = snprintf(text, sizeof text, "%u of %u neighbours established", up, all);
	if (a->eng.dp_up && n > 0)
		chan_send(&a->dp, ZL_STATUS, text, (size_t)n, -1);
}

static void
on_observed(void *arg)
{
	const struct app *a = arg;

	bgp_hold_eor(a->eng.bgp, false);
}

static void
on_bgp_sync(void *arg)
{
	const struct app *a = arg;

	evpn_rib_ready(a->eng.evpn);
}

static bool
listen_on(struct app *a, const struct sockaddr *sa, socklen_t len)
{
	int fd = socket(sa->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int one = 1;

	if (fd < 0)
		return false;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (sa->sa_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (bind(fd, sa, len) == 0 && listen(fd, 64) == 0) {
		bgp_listen_fd(a->eng.bgp, fd);
		return true;
	}
	close(fd);
	return false;
}

/* Without evpnd there is nobody to pass listening sockets down. */
static void
listen_alone(struct app *a, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(port) };

	if (!listen_on(a, (struct sockaddr *)&sin, sizeof sin))
		log_error("listen: port %u (%s)", port, strerror(errno));
	if (!listen_on(a, (struct sockaddr *)&sin6, sizeof sin6))
		log_warn("listen: IPv6, port %u (%s)", port, strerror(errno));
}

/* ---- start ---- */

static bool
make_config(struct app *a, const struct options *o)
{
	struct err e = { 0 };
	struct cli *cli;

	a->eng.priv = a;
	a->eng.conf_file = o->file ? o->file : DEFAULT_FILE;
	a->eng.rundir = o->rundir;
	a->eng.listen_port = o->port > 0 ? (uint16_t)o->port : 0;
	a->eng.kernel = !o->no_kernel;
	a->flush_on_exit = o->flush_on_exit;
	a->dp.fd = -1;
	addrs_init(&a->addrs);
	findings_init(&a->findings);
	a->nb = nb_new(NULL, &e);
	cli = a->nb ? cli_new(show_tables, &e) : NULL;
	a->eng.cli = cli;
	if (!cli) {
		fprintf(stderr, "evpnd-engine: %s\n", e.text);
		return false;
	}
	a->eng.ds = datastore_new(a->nb);
	a->eng.commits = commits_new(&a->eng);
	return true;
}

/* Without a kernel there is nobody to write for. */
static bool
underlay_send(void *arg, uint16_t type, const void *body, size_t len)
{
	const struct app *a = arg;

	return a->eng.kernel && app_dp_send(arg, type, body, len);
}

/* The data plane may sweep only when the underlay, too, has said all that it wants. */
static void
on_underlay_busy(void *arg, bool busy)
{
	const struct app *a = arg;

	evpn_hold_sweep(a->eng.evpn, busy);
}

static void
make_speakers(struct app *a)
{
	struct underlay_ops underlay = { underlay_send, on_underlay_busy, a };
	struct rib *ribs[2];
	struct bgp_ops ops = { tcp_connect, if_addr, beside, a };
	struct evpn_dp dp = { app_dp_send, a };

	a->eng.loop = loop_new();
	a->eng.started = loop_now(a->eng.loop);
	a->eng.events = events_new(a->eng.loop);
	a->eng.bgp = bgp_new(a->eng.loop, &ops);
	a->eng.evpn = evpn_new(a->eng.loop, bgp_rib(a->eng.bgp), &dp);
	ribs[0] = bgp_rib_of(a->eng.bgp, AFI_SAFI_IPV4);
	ribs[1] = bgp_rib_of(a->eng.bgp, AFI_SAFI_IPV6);
	a->eng.underlay = underlay_new(a->eng.loop, ribs, &underlay);
	a->eng.apply = app_apply;
	a->eng.live = live_values;
	a->eng.addrs = &a->addrs;
	loop_work_init(&a->asks, LOOP_PRIO_TX, app_dp_asks);
	a->control = control_new(&a->eng);
	bgp_on_peer_state(a->eng.bgp, on_peer_state, a);
	bgp_on_sync(a->eng.bgp, on_bgp_sync, a);
	evpn_on_observed(a->eng.evpn, on_observed, a);
	evpn_on_news(a->eng.evpn, event_say_evpn, &a->eng);
	signal(SIGPIPE, SIG_IGN);
	loop_signal(a->eng.loop, SIGTERM, on_sigterm, a);
	loop_signal(a->eng.loop, SIGINT, on_sigterm, a);
	loop_signal(a->eng.loop, SIGHUP, app_reload, a);
}

/* After this the process can do little more than what it has open. */
static bool
confine(void)
{
	int rc = priv_drop(NULL, NULL);

	if (rc == 0)
		rc = priv_seccomp_engine();
	if (rc < 0)
		log_error("privileges: cannot be given up (%s)", strerror(-rc));
	return rc == 0;
}

static bool
start(struct app *a, const struct options *o)
{
	struct err e = { 0 };

	if (o->fd < 0)
		addrs_read(&a->addrs);
	if (!control_listen(a->control, o->rundir, &e)) {
		log_error("%s", e.text);
		return false;
	}
	if (o->fd >= 0)
		app_dp_open(a, o->fd);
	if (o->fd >= 0 && a->eng.kernel)
		bgp_hold_eor(a->eng.bgp, true);
	if (!app_load_at_start(a, o->file != NULL, o->restart))
		return false;
	if (o->fd < 0 && o->port != 0)
		listen_alone(a, a->eng.conf->bgp.listen_port);
	if (!confine())
		return false;
	if (a->eng.dp_up)
		chan_send(&a->dp, ZL_READY, NULL, 0, -1);
	return true;
}

static void
app_free(struct app *a)
{
	loop_work_cancel(&a->asks);
	app_prov_down(a);
	control_free(a->control);
	evpn_free(a->eng.evpn);
	underlay_free(a->eng.underlay);
	bgp_free(a->eng.bgp);
	if (a->dp.fd >= 0)
		chan_close(&a->dp);
	conf_free((struct conf *)a->eng.conf);
	commits_free(a->eng.commits);
	datastore_free(a->eng.ds);
	cli_free((struct cli *)a->eng.cli);
	nb_free(a->nb);
	addrs_fini(&a->addrs);
	findings_fini(&a->findings);
	dp_counters_fini(&a->counters);
	free(a->log_now);
	events_free(a->eng.events);
	if (a->eng.loop)
		loop_free(a->eng.loop);
}

int
main(int argc, char **argv)
{
	static struct app a;
	struct options o;

	options_take(&o, argc, argv);
	log_set_ident("evpnd-engine");
	hash_seed();
	if (!make_config(&a, &o))
		return EXIT_FAILURE;
	if (o.check) {
		a.status = app_check(&a);
	} else {
		make_speakers(&a);
		if (start(&a, &o))
			loop_run(a.eng.loop);
		else
			a.status = EXIT_FAILURE;
	}
	app_free(&a);
	return a.status;
}
