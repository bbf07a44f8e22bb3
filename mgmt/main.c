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
#include "bgpd/nht.h"
#include "bgpd/peer.h"
#include "evpn/evpn.h"
#include "lib/chan.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/priv.h"
#include "lib/util.h"
#include "mgmt/addrs.h"
#include "mgmt/cli.h"
#include "mgmt/commit.h"
#include "mgmt/conf.h"
#include "mgmt/control.h"
#include "mgmt/datastore.h"
#include "mgmt/engine.h"
#include "evpn/findings.h"
#include "mgmt/options.h"
#include "underlay/underlay.h"
#include "zebra-lite/zl_proto.h"

LOG_MODULE("engine");

#define DEFAULT_FILE EVPND_SYSCONFDIR "/evpnd/evpnd.conf"

/* Everything, and what only this file needs. */
struct app {
	struct engine eng;	  /* what others see */
	struct nb *nb;		  /* owned */
	struct control *control;  /* owned */
	struct chan dp;		  /* to evpnd; fd -1 without */
	struct loop_work asks;	  /* tells evpnd which next hops to watch */
	struct addrs addrs;	  /* of this machine */
	struct findings findings; /* of its settings */
	bool dp_conf_said;	  /* evpnd was told dp_conf */
	struct zl_config dp_conf; /* how to write into the kernel */
	char *log_now;		  /* where the log goes; NULL at first; owned */
	int status;		  /* of the process */
	bool ending;		  /* sessions are being closed */
	bool flush_on_exit;	  /* the entries go with us: peers are told goodbye */
};

/* ---- configuration ---- */

/* One destination: the file, else syslog, else standard error. */
static void
apply_log(struct app *a, const struct conf *c)
{
	const char *now = c->log_file ? c->log_file : c->log_syslog ? "syslog" : "";

	log_set_level(NULL, (enum log_level)c->log_level);
	if (a->log_now && strcmp(a->log_now, now) == 0)
		return;
	if (!c->log_file && c->log_syslog) {
		log_open_syslog();
	} else if (!log_open_file(c->log_file)) {
		log_error("log: cannot open %s (%s)", c->log_file, strerror(errno));
		return;
	}
	free(a->log_now);
	a->log_now = xstrdup(now);
}

static void
apply_router_id(struct app *a)
{
	bgp_set_auto_router_id(a->eng.bgp, addrs_router_id(&a->addrs));
	evpn_set_router_id(a->eng.evpn, bgp_router_id(a->eng.bgp));
}

/* How evpnd is to write; before anything else is asked of it. */
static void
apply_dp(struct app *a, const struct conf *c)
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

static void
on_apply(struct engine *eng, const struct conf *c)
{
	struct app *a = eng->priv;

	apply_log(a, c);
	apply_dp(a, c);
	bgp_apply(eng->bgp, &c->bgp);
	underlay_apply(eng->underlay, &c->underlay);
	apply_router_id(a);
	evpn_apply(eng->evpn, &c->evpn);
}

/* "FILE:12: text", as compilers say it. */
static char *
report_text(const struct app *a, const struct err *e, const char *kind)
{
	char line[16] = "";

	if (e->line)
		snprintf(line, sizeof line, "%d:", e->line);
	return xasprintf("%s:%s %s%s%s%s%s", a->eng.conf_file, line, kind, e->text,
	    e->path[0] ? " (" : "", e->path, e->path[0] ? ")" : "");
}

static void
log_report(void *arg, const struct err *e, bool error)
{
	char *text = report_text(arg, e, "");

	if (error)
		log_error("%s", text);
	else
		log_warn("%s", text);
	free(text);
}

static void
print_report(void *arg, const struct err *e, bool error)
{
	char *text = report_text(arg, e, error ? "error: " : "note: ");

	fprintf(stderr, "%s\n", text);
	free(text);
}

/* True unless the file was asked for by name and cannot be read. */
static bool
load_at_start(struct app *a, bool named)
{
	struct cli_report rep = { .fn = log_report, .arg = a };
	const char *file = a->eng.conf_file;

	if (access(file, R_OK) != 0) {
		log_error("%s: %s", file, strerror(errno));
		return !named && errno == ENOENT &&
		       commit_text(&a->eng, "", LOAD_GOOD_LINES, &rep);
	}
	if (!commit_file(&a->eng, file, LOAD_GOOD_LINES, &rep))
		log_error(
		    "%s: %zu errors; what they are about was left out, the rest applies",
		    file, rep.errors);
	return true;
}

static void
on_sighup(int signo, void *arg)
{
	struct app *a = arg;
	struct cli_report rep = { .fn = log_report, .arg = a };

	(void)signo;
	if (commit_file(&a->eng, a->eng.conf_file, LOAD_REPLACE, &rep))
		log_info("%s: loaded again", a->eng.conf_file);
	else
		log_error("%s: not loaded again (%zu errors); what ran runs on",
		    a->eng.conf_file, rep.errors);
}

static int
check(struct app *a)
{
	struct cli_report rep = { .fn = print_report, .arg = a };

	return commit_file(&a->eng, a->eng.conf_file, LOAD_CHECK, &rep) ? EXIT_SUCCESS
									: EXIT_FAILURE;
}

/* ---- the end ---- */

static void
on_shut(void *arg)
{
	const struct app *a = arg;

	loop_stop(a->eng.loop);
}

/* RFC 4724: routes are kept by helpers unless we say goodbye; forwarding goes on here, except
 * where the entries go with us. */
static void
end(struct app *a)
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
	end(arg);
}

/* ---- data plane ---- */

static bool
dp_send(void *arg, uint16_t type, const void *body, size_t len)
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
	apply_router_id(a);
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
static bool
send_asks(struct loop_work *w)
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
	end(a);
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
			apply_router_id(a);
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
	chan_close(&a->dp);
	end(a);
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

static void
dp_open(struct app *a, int fd)
{
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	chan_init(&a->dp, a->eng.loop, fd, &dp_ops, a, ZL_MSG_MAX);
	a->eng.dp_up = true;
	dp_greet(a);
	if (!a->eng.kernel)
		return;
	a->eng.findings = &a->findings;
	nht_on_ask(bgp_nht(a->eng.bgp), on_ask, a);
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

	(void)changed;
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
	return true;
}

/* Without a kernel there is nobody to write for. */
static bool
underlay_send(void *arg, uint16_t type, const void *body, size_t len)
{
	const struct app *a = arg;

	return a->eng.kernel && dp_send(arg, type, body, len);
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
	struct evpn_dp dp = { dp_send, a };

	a->eng.loop = loop_new();
	a->eng.started = loop_now(a->eng.loop);
	a->eng.bgp = bgp_new(a->eng.loop, &ops);
	a->eng.evpn = evpn_new(a->eng.loop, bgp_rib(a->eng.bgp), &dp);
	ribs[0] = bgp_rib_of(a->eng.bgp, AFI_SAFI_IPV4);
	ribs[1] = bgp_rib_of(a->eng.bgp, AFI_SAFI_IPV6);
	a->eng.underlay = underlay_new(a->eng.loop, ribs, &underlay);
	a->eng.apply = on_apply;
	loop_work_init(&a->asks, LOOP_PRIO_TX, send_asks);
	a->control = control_new(&a->eng);
	bgp_on_peer_state(a->eng.bgp, on_peer_state, a);
	bgp_on_sync(a->eng.bgp, on_bgp_sync, a);
	evpn_on_observed(a->eng.evpn, on_observed, a);
	signal(SIGPIPE, SIG_IGN);
	loop_signal(a->eng.loop, SIGTERM, on_sigterm, a);
	loop_signal(a->eng.loop, SIGINT, on_sigterm, a);
	loop_signal(a->eng.loop, SIGHUP, on_sighup, a);
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
		dp_open(a, o->fd);
	if (o->fd >= 0 && a->eng.kernel)
		bgp_hold_eor(a->eng.bgp, true);
	if (!load_at_start(a, o->file != NULL))
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
	control_free(a->control);
	evpn_free(a->eng.evpn);
	underlay_free(a->eng.underlay);
	bgp_free(a->eng.bgp);
	if (a->dp.fd >= 0)
		chan_close(&a->dp);
	conf_free((struct conf *)a->eng.conf);
	datastore_free(a->eng.ds);
	cli_free((struct cli *)a->eng.cli);
	nb_free(a->nb);
	addrs_fini(&a->addrs);
	findings_fini(&a->findings);
	free(a->log_now);
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
		a.status = check(&a);
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
