/* SPDX-License-Identifier: ISC */
/* What can be asked of the engine by name; the contract is in the header. */
#include "config.h"

#include "mgmt/action.h"

#include <stdlib.h>
#include <string.h>

#include "bgpd/peer.h"
#include "evpn/evpn_show.h"
#include "lib/util.h"
#include "mgmt/cli.h"
#include "mgmt/cli_text.h"
#include "mgmt/commit.h"
#include "mgmt/draft.h"
#include "mgmt/history.h"
#include "mgmt/show.h"

/* ---- input ---- */

static const char *
arg(const struct action_call *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->args[i].name, name) == 0)
			return c->args[i].value;
	return NULL;
}

static bool
bad(const char *name, struct err *e)
{
	return err_set(e, "%s is missing or not understood", name);
}

static bool
arg_vni(const struct action_call *c, const char *name, uint32_t *vni)
{
	const char *s = arg(c, name);
	char *end;
	unsigned long v;

	if (!s)
		return false;
	v = strtoul(s, &end, 10);
	if (end == s || *end || v == 0 || v > 0xffffff)
		return false;
	*vni = (uint32_t)v;
	return true;
}

static bool
arg_soft(const struct action_call *c, enum bgp_clear *how, struct err *e)
{
	const char *s = arg(c, "soft");

	*how = BGP_CLEAR_HARD;
	if (!s)
		return true;
	if (strcmp(s, "in") == 0)
		*how = BGP_CLEAR_SOFT_IN;
	else if (strcmp(s, "out") == 0)
		*how = BGP_CLEAR_SOFT_OUT;
	else if (strcmp(s, "both") == 0)
		*how = BGP_CLEAR_SOFT;
	else
		return bad("soft", e);
	return true;
}

/* ---- sessions ---- */

static bool
bgp_runs(const struct engine *eng, struct err *e)
{
	const struct bgp_conf *conf = eng->bgp ? bgp_conf(eng->bgp) : NULL;

	return (conf && conf->enabled) || err_set(e, "BGP is not configured");
}

static bool
clear_session(
    struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	const char *addr = arg(c, "address");
	enum bgp_clear how;
	struct peer *p;
	struct ip ip;

	(void)reply;
	if (!addr || !ip_parse(addr, &ip))
		return bad("address", e);
	if (!bgp_runs(eng, e) || !arg_soft(c, &how, e))
		return false;
	p = bgp_peer_find(eng->bgp, ip);
	if (!p)
		return err_set(e, "there is no neighbor %s", addr);
	bgp_clear_peer(p, how);
	return true;
}

static bool
clear_sessions(
    struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	const char *group = arg(c, "peer-group"), *as = arg(c, "remote-as");
	const uint32_t want_as = as ? (uint32_t)strtoul(as, NULL, 10) : 0;
	struct peer *p, *next;
	enum bgp_clear how;
	uint32_t n = 0;

	if (!bgp_runs(eng, e) || !arg_soft(c, &how, e))
		return false;
	for (p = bgp_peer_first(eng->bgp); p; p = next) {
		next = bgp_peer_next(eng->bgp, p); /* a dynamic one may go */
		if (group && (!p->conf->group || strcmp(p->conf->group, group) != 0))
			continue;
		if (as && peer_remote_as(p) != want_as)
			continue;
		bgp_clear_peer(p, how);
		n++;
	}
	out_uint(reply, "evpnd:cleared", n);
	return true;
}

/* ---- EVPN ---- */

static bool
evpn_runs(const struct engine *eng, struct err *e)
{
	return eng->evpn || err_set(e, "EVPN is not running");
}

static bool
resync(struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	(void)c;
	(void)reply;
	if (!evpn_runs(eng, e))
		return false;
	if (!eng->dp_up)
		return err_set(e, "there is nobody to read the kernel");
	evpn_resync(eng->evpn);
	return true;
}

/* The MAC of the entry, its VNI being that of the entry around it. */
static bool
clear_mac(
    struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	const char *text = arg(c, "address");
	struct evpn_show_mac m;
	struct mac mac;
	uint32_t vni;

	(void)reply;
	if (!arg_vni(c, "id", &vni))
		return bad("id", e);
	if (!text || !mac_parse(text, &mac))
		return bad("address", e);
	if (!evpn_runs(eng, e))
		return false;
	if (!evpn_show_mac(eng->evpn, vni, mac, &m))
		return err_set(e, "there is no MAC %s in VNI %u", text, vni);
	evpn_clear_duplicate(eng->evpn, vni, &mac, NULL);
	return true;
}

static bool
clear_duplicates(
    struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	const char *mac_text = arg(c, "mac"), *ip_text = arg(c, "address");
	struct evpn_show_evi evi;
	uint32_t vni = 0;
	struct mac mac;
	struct ip ip;

	if (arg(c, "vni") && !arg_vni(c, "vni", &vni))
		return bad("vni", e);
	if (mac_text && (!vni || !mac_parse(mac_text, &mac)))
		return bad("mac", e);
	if (ip_text && (!vni || mac_text || !ip_parse(ip_text, &ip)))
		return bad("address", e);
	if (!evpn_runs(eng, e))
		return false;
	if (vni && !evpn_show_evi(eng->evpn, vni, &evi))
		return err_set(e, "there is no VNI %u", vni);
	out_uint(reply, "evpnd:cleared",
	    evpn_clear_duplicate(
		eng->evpn, vni, mac_text ? &mac : NULL, ip_text ? &ip : NULL));
	return true;
}

/* ---- trace ---- */

/* A command of exec mode, whole; false if it is none or fails. */
static bool
run_line(struct engine *eng, const char *line, struct out *out)
{
	struct cli_args args = { 0 };
	const struct show_cmd *cmd;
	struct show_ctx ctx;
	struct cli_line l;
	size_t which, at;

	cli_line_split(&l, line);
	if (cli_match(eng->cli->exec_pat, eng->cli->nexec, &l, false, &which, &args,
		&at) != CLI_OK)
		return false;
	cmd = eng->cli->exec[which];
	ctx = (struct show_ctx){ .eng = eng, .args = &args, .out = out };
	while (cmd->fn(&ctx)) {
	}
	if (cmd->done)
		cmd->done(&ctx);
	else
		free(ctx.state);
	cli_args_free(&args);
	return !ctx.failed;
}

/* The command that answers; NULL if the input does not say what is to be traced.  To be freed. */
static char *
trace_line(const struct action_call *c, struct err *e)
{
	const char *mac = arg(c, "mac"), *vrf = arg(c, "vrf"), *ip = arg(c, "address");
	uint32_t vni;
	struct mac m;
	struct ip a;

	if ((ip && !ip_parse(ip, &a)) || (!ip && vrf))
		return bad("address", e), NULL;
	if (vrf && strpbrk(vrf, " \t\n"))
		return bad("vrf", e), NULL;
	if (vrf)
		return xasprintf("show evpn trace vrf %s %s", vrf, ip);
	if (!mac || !mac_parse(mac, &m))
		return bad("mac", e), NULL;
	if (!arg_vni(c, "vni", &vni))
		return bad("vni", e), NULL;
	return xasprintf("show evpn trace vni %u mac %s%s%s", vni, mac, ip ? " ip " : "",
	    ip ? ip : "");
}

static bool
trace(struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	struct out text;
	char *line;
	bool ok;

	if (!evpn_runs(eng, e) || !(line = trace_line(c, e)))
		return false;
	out_init(&text);
	ok = run_line(eng, line, &text);
	if (ok)
		out_str(reply, "evpnd:text", text.buf.s);
	else
		err_set(e, "%.*s", (int)strcspn(text.buf.s ? text.buf.s : "", "\n"),
		    text.buf.s ? text.buf.s : "it cannot be traced");
	out_fini(&text);
	free(line);
	return ok;
}

/* ---- history ---- */

static bool
rollback(
    struct engine *eng, const struct action_call *c, struct out *reply, struct err *e)
{
	struct cli_report rep = { 0 };
	struct lyd_node *tree = NULL;
	unsigned long long back;
	char *text;

	(void)reply;
	if (!arg(c, "number") || !parse_u64(arg(c, "number"), 0, HISTORY_MAX, &back))
		return bad("number", e);
	if (!eng->ds || !eng->commits)
		return err_set(e, "there is no history");
	if (!ds_may(eng->ds, DS_CANDIDATE, c->by, e) ||
	    !(text = history_text(commit_history(eng), (size_t)back, e)))
		return false;
	cli_text_load(eng->cli, eng->ds->nb, &tree, text, NULL, &rep);
	free(text);
	if (rep.errors) {
		nb_tree_free(tree);
		return err_set(e, "%zu lines of that commit are not understood any more",
		    rep.errors);
	}
	draft_replace(draft_candidate(eng->ds), tree);
	return true;
}

/* ---- by name ---- */

static const struct row {
	const char *path; /* in the schema */
	bool (*fn)(struct engine *eng, const struct action_call *c, struct out *reply,
	    struct err *e);
} rows[] = {
	{ "/evpnd:clear-duplicates", clear_duplicates },
	{ "/evpnd:clear-sessions", clear_sessions },
	{ "/evpnd:resync", resync },
	{ "/evpnd:rollback", rollback },
	{ "/evpnd:state/sessions/session/clear", clear_session },
	{ "/evpnd:state/vnis/vni/macs/mac/clear", clear_mac },
	{ "/evpnd:trace", trace },
};

bool
action_run(
    struct engine *eng, const struct action_call *call, struct out *reply, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		bool ok;

		if (strcmp(rows[i].path, call->path) != 0)
			continue;
		out_obj_begin(reply, NULL);
		ok = rows[i].fn(eng, call, reply, e);
		out_obj_end(reply);
		return ok;
	}
	return err_set(e, "there is no operation %s", call->path);
}
