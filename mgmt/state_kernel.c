/* SPDX-License-Identifier: ISC */
/* State of what is written into the kernel, what it refuses, and what of the machine is in the way. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <string.h>

#include "evpn/findings.h"
#include "mgmt/show_doctor.h"

static void
kernel_leaves(struct state_walk *w)
{
	const struct engine *eng = state_engine(w);
	struct evpn_show_totals t;

	state_bool(w, "connected", eng->dp_up);
	if (!eng->evpn)
		return;
	evpn_show_totals(eng->evpn, &t);
	state_bool(w, "observed", t.observed);
	state_bool(w, "synchronised", t.synced);
	state_u32(w, "waiting", t.queued);
	state_u32(w, "unanswered", t.in_flight);
	state_u64(w, "writes", t.sent);
	state_u64(w, "writes-ok", t.ok);
	state_u64(w, "writes-failed", t.failed);
	state_u64(w, "retries", t.retries);
	state_u64(w, "repaired", t.drift);
	state_u32(w, "failing", t.failures);
}

/* ---- failures ---- */

struct failure_at {
	uint32_t at;		    /* as evpn_show_failure_next() wants it */
	struct evpn_show_failure f; /* of the entry */
};

static enum state_got
failure_next(struct state_walk *w)
{
	struct evpn *e = state_engine(w)->evpn;
	struct failure_at *at = state_mem(w, 0);

	return e && evpn_show_failure_next(e, &at->at, &at->f) ? STATE_ENTRY : STATE_END;
}

static void
failure_leaves(struct state_walk *w)
{
	const struct failure_at *at = state_mem(w, 0);
	const struct evpn_show_failure *f = &at->f;
	char key[STATE_KEY_STRLEN];

	state_str(w, "kind", state_kind_name(f->kind));
	state_str(w, "operation", f->op == ZL_SET ? "install" : "remove");
	if (f->vni)
		state_u32(w, "vni", f->vni);
	if (f->vrf[0])
		state_str(w, "vrf", f->vrf);
	state_str(w, "key", state_key_format(f, key));
	state_strf(
	    w, "error", "%s%s%s", strerror(f->error), f->text[0] ? ": " : "", f->text);
	if (state_wants(w, "errno"))
		out_int(state_out(w), "errno", f->error);
	state_u32(w, "attempts", f->attempts);
	state_u64(w, "next-attempt", f->retry_us > 0 ? (uint64_t)f->retry_us / 1000 : 0);
}

/* ---- findings ---- */

struct finding_at {
	struct zl_finding last; /* the open entry; all zero at first */
};

static enum state_got
finding_next(struct state_walk *w)
{
	const struct findings *t = state_engine(w)->findings;
	struct finding_at *at = state_mem(w, 0);
	const struct zl_finding *f = t ? findings_after(t, &at->last) : NULL;

	if (!f)
		return STATE_END;
	at->last = *f;
	return STATE_ENTRY;
}

static void
finding_leaves(struct state_walk *w)
{
	const struct finding_at *at = state_mem(w, 0);
	const struct zl_finding *f = &at->last;

	state_str(w, "severity", show_finding_is_error(f->code) ? "error" : "warning");
	state_str(w, "code", show_finding_name(f->code));
	state_str(w, "subject", f->subject);
	if (f->vni)
		state_u32(w, "vni", f->vni);
	state_str(w, "seen", f->text);
}

static const struct state_node failure = { .name = "failure",
	.keys = { "" },
	.is_long = true,
	.size = sizeof(struct failure_at),
	.next = failure_next,
	.leaves = failure_leaves };
static const struct state_node finding = { .name = "finding",
	.keys = { "" },
	.size = sizeof(struct finding_at),
	.next = finding_next,
	.leaves = finding_leaves };
static const struct state_node *const kids[] = { &failure, &finding, NULL };

const struct state_node state_kernel = {
	.name = "kernel", .leaves = kernel_leaves, .kids = kids
};
