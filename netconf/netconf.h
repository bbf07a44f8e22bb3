/* SPDX-License-Identifier: ISC */
/* netconf/netconf.h: one NETCONF session, from hello to its end.
 *
 * What    A process serves one client.  session_run() says hello, then takes messages
 *         whole (netconf/frame.h), looks at their depth (lib/xmlscan.h) and hands them
 *         to libnetconf2, which parses them, calls the operation and writes its reply.
 * Why     one process each: whatever a client does to it (a slow or endless message, a
 *         reply that is not read, a filter that costs time) it does to itself alone.
 * Filter  Before the first byte of the client is read, the process gives up every system
 *         call that it does not need.
 * Numbers The session-id is the engine's number of the session: locks and kill-session
 *         speak of the same one in vtysh.  libnetconf2 counts its own, from 1 in each
 *         process, so the server's hello is written here, from its text.
 * State   All configuration is the engine's.  Here are the subscription and counters.
 */
#ifndef EVPND_NETCONF_NETCONF_H
#define EVPND_NETCONF_NETCONF_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/err.h"
#include "netconf/defaults.h"
#include "netconf/engine.h"
#include "netconf/filter.h"

struct ly_ctx;
struct lyd_node;
struct lysc_node;
struct nacm;
struct nc_pollsession;
struct nc_server_reply;
struct nc_session;

/* How the process was told to serve. */
struct netconf_opts {
	const char *rundir;    /* of the engine's socket */
	const char *nacm_file; /* rules; NULL none */
	const char *user;      /* whom the transport authenticated */
	const char *host;      /* from where, "" unknown */
	const char *transport; /* identity of ietf-netconf-monitoring */
	bool say_user;	      /* tell the engine the user (we are its own user or root) */
	unsigned hello_s;     /* seconds that a client may take to say hello */
	unsigned sessions;    /* that the engine may have by NETCONF */
	unsigned state_limit; /* entries of each long list of the state in one answer */
};

struct subscription {
	bool is;	      /* create-subscription was done */
	bool replaying;	      /* what was kept is still being sent */
	struct lyd_node *rpc; /* its own copy, for the filter; owned */
	struct filter filter; /* of it */
	int64_t stop_ms;      /* since 1970, 0: none */
};

struct netconf {
	const struct netconf_opts *opts; /* borrowed */
	struct ly_ctx *ly;		 /* borrowed */
	struct engine_client eng;	 /* the connection to the engine */
	struct nacm *nacm;		 /* of the user; owned */
	struct nc_session *nc;		 /* NULL before hello; owned */
	struct nc_pollsession *ps;	 /* holds nc; owned */
	int null;			 /* /dev/null; owned */
	int feed;			 /* what libnetconf2 reads; owned */
	int out;			 /* what it writes to; owned */
	struct subscription sub;	 /* RFC 5277 */
	int64_t login_ms;		 /* since 1970 */
	uint32_t in_rpcs, in_bad, out_errors, out_notifs; /* RFC 6022 2.1.5 */
};

/* Serves what talks through these descriptors; the exit status. */
int session_run(const struct netconf_opts *opts, struct ly_ctx *ly, int in, int out);
/* From here on, and for good: no files, no connections, no processes (lib/priv.h). */
bool session_lock_down(struct err *e);
/* Milliseconds since 1970. */
int64_t session_now(void);

typedef struct nc_server_reply *op_fn(struct netconf *s, const struct lyd_node *rpc);

/* An operation of a module, found by its names. */
struct op {
	const char *module, *name;
	op_fn *fn;
};
/* Each file of operations has a table; ends with NULL. */
extern const struct op ops_config[], ops_get[], ops_nmda[], ops_notif[], ops_evpnd[],
    ops_monitor[];

/* The one callback of libnetconf2: NACM, then the tables. */
void ops_init(struct ly_ctx *ly);

/* ---- for the operations ---- */

/* The reply to a question that failed. */
struct nc_server_reply *op_engine_error(struct netconf *s);
/* Asks; the reply is <ok/> or the error. */
struct nc_server_reply *op_ask(
    struct netconf *s, const struct ctl_rpc *m, const char *payload);
/* A child or a grandchild of an operation's input; NULL if it is not there. */
struct lyd_node *op_child(const struct lyd_node *parent, const char *name);
const char *op_leaf(const struct lyd_node *parent, const char *name);
/* Of <source> or <target>. */
enum ctl_store op_datastore(const char *identity);
enum ctl_store op_store(const struct lyd_node *rpc, const char *name);
/* The text of the nodes inside an anydata, for the caller to free. */
char *op_payload(const struct lyd_node *any);
/* The filter of <get> and its kin. */
struct filter op_filter(const struct lyd_node *any);
/* An answer <data> with this tree, which it takes. */
struct nc_server_reply *op_data(struct netconf *s, const struct lyd_node *rpc,
    struct lyd_node *tree, enum wd_mode mode);

/* ---- ops_notif.c ---- */

/* Sends what happened since. */
void notif_send_waiting(struct netconf *s);
/* Milliseconds until there is something to do without input, -1 never. */
int notif_timeout(const struct netconf *s);
void notif_fini(struct netconf *s);
/* ---- monitor.c ---- */

/* State of the server itself for <get>: sessions, schemas, library, streams, rules. */
void monitor_add(struct netconf *s, struct lyd_node **tree, const struct filter *f);

#endif
