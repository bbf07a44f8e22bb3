/* SPDX-License-Identifier: ISC */
/* mgmt/app.h: the running engine from inside: what wires everybody to everybody.
 *
 * What    struct app is the process.  mgmt/main.c makes it and ends it, mgmt/app_conf.c
 *         brings configuration files in and new configurations out to the parts,
 *         mgmt/app_dp.c is the engine's end of the channel to evpnd.
 * Rules   These four files alone know every part; nobody else includes this one.
 */
#ifndef EVPND_MGMT_APP_H
#define EVPND_MGMT_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "evpn/findings.h"
#include "lib/chan.h"
#include "lib/loop.h"
#include "mgmt/addrs.h"
#include "mgmt/dp_counters.h"
#include "mgmt/engine.h"
#include "mgmt/nb.h"
#include "zebra-lite/zl_proto.h"

/* Everything, and what only these files need. */
struct app {
	struct engine eng;	     /* what others see */
	struct nb *nb;		     /* owned */
	struct control *control;     /* owned */
	struct chan dp;		     /* to evpnd; fd -1 without */
	struct loop_work asks;	     /* tells evpnd which next hops to watch */
	struct addrs addrs;	     /* of this machine */
	struct findings findings;    /* of its settings */
	struct dp_counters counters; /* of evpnd */
	bool dp_conf_said;	     /* evpnd was told dp_conf */
	struct zl_config dp_conf;    /* how to write into the kernel */
	bool prov_said;		     /* evpnd was told prov_hash */
	uint64_t prov_hash;	     /* what devices to make */
	uint32_t prov_req;	     /* number of the last question about them */
	struct prov_ask *prov_asks;  /* owned: those that wait for an answer */
	char *log_now;		     /* where the log goes; NULL at first; owned */
	int status;		     /* of the process */
	bool ending;		     /* sessions are being closed */
	bool flush_on_exit;	     /* the entries go with us: peers are told goodbye */
};

/* Sessions are closed, then the loop stops. */
void app_end(struct app *a);

/* ---- configuration (mgmt/app_conf.c) ---- */

/* engine->apply: every part converges to c. */
void app_apply(struct engine *eng, const struct conf *c);
/* True unless the file was asked for by name and cannot be read.  restart: another engine has died,
 * and what ran then comes first. */
bool app_load_at_start(struct app *a, bool named, bool restart);
/* SIGHUP: the file again, whole or not at all. */
void app_reload(int signo, void *app);
/* --check: the exit status; every error is on standard error. */
int app_check(struct app *a);

/* ---- data plane (mgmt/app_dp.c) ---- */

/* Takes over the channel to evpnd. */
void app_dp_open(struct app *a, int fd);
/* One message of evpn/ or underlay/; false while the channel is full or there is none. */
bool app_dp_send(void *app, uint16_t type, const void *body, size_t len);
/* How evpnd is to write; before anything else is asked of it. */
void app_dp_config(struct app *a, const struct conf *c);
/* The work that tells evpnd which next hops to watch. */
bool app_dp_asks(struct loop_work *w);
/* Our addresses or the configured one may have changed. */
void app_router_id(struct app *a);

/* ---- devices (mgmt/app_prov.c) ---- */

/* Tells evpnd what devices to make. */
void app_prov_apply(struct app *a, const struct conf *c);
/* A ZL_PLAN body. */
void app_prov_message(struct app *a, const uint8_t *body, size_t len);
/* The channel is gone: whoever waits is told so. */
void app_prov_down(struct app *a);
/* engine->plan, engine->plan_forget, engine->preflight */
void app_prov_plan(struct engine *eng, const struct conf *c, plan_fn *fn, void *arg);
void app_prov_forget(struct engine *eng, void *arg);
void app_prov_preflight(
    struct engine *eng, const struct conf *c, preflight_done *done, void *arg);

#endif
