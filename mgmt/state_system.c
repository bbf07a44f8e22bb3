/* SPDX-License-Identifier: ISC */
/* State of the program itself. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <malloc.h>

#include "bgpd/bgp.h"

static void
system_leaves(struct state_walk *w)
{
	const struct engine *eng = state_engine(w);
	const struct bgp_conf *conf = eng->bgp ? bgp_conf(eng->bgp) : NULL;

	if (conf && conf->hostname)
		state_str(w, "name", conf->hostname);
	state_str(w, "version", PACKAGE_VERSION);
	state_time(w, "started", eng->started);
	if (eng->bgp)
		state_ip(w, "router-id", ip_v4(bgp_router_id(eng->bgp)));
	if (conf && conf->enabled)
		state_u32(w, "as", conf->as);
	if (state_wants(w, "heap-in-use")) {
		const struct mallinfo2 mi = mallinfo2();

		state_u64(w, "heap-in-use", mi.uordblks + mi.hblkhd);
	}
	state_u64(w, "longest-turn", (uint64_t)loop_stats(eng->loop)->longest_us);
}

const struct state_node state_system = { .name = "system", .leaves = system_leaves };
