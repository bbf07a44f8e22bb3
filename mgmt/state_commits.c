/* SPDX-License-Identifier: ISC */
/* State of the history: which commits can be gone back to. */
#include "config.h"

#include "mgmt/state_nodes.h"

#include <stdlib.h>

#include "mgmt/commit.h"
#include "mgmt/history.h"

struct at {
	size_t back;	 /* of the next entry */
	uint64_t number; /* of the open one; a new commit moves the others back */
};

static const struct history_entry *
entry_of(const struct state_walk *w, const struct at *at)
{
	struct engine *eng = state_engine(w);

	return eng->commits ? history_get(commit_history(eng), at->back) : NULL;
}

static enum state_got
commit_next(struct state_walk *w)
{
	struct at *at = state_mem(w, 0);
	const char *asked = state_asked(w, "number");
	const struct history_entry *en = entry_of(w, at);

	/* Newest first: what has come meanwhile is not among them. */
	while (en && at->number && en->number >= at->number) {
		at->back++;
		en = entry_of(w, at);
	}
	if (!en)
		return STATE_END;
	at->number = en->number;
	return !asked || strtoull(asked, NULL, 10) == en->number ? STATE_ENTRY
								 : STATE_SKIP;
}

static void
commit_leaves(struct state_walk *w)
{
	const struct at *at = state_mem(w, 0);
	const struct history_entry *en = entry_of(w, at);
	char when[STATE_TIME_STRLEN];

	state_u64(w, "number", en->number);
	state_u32(w, "rollback", (uint32_t)at->back);
	state_str(w, "time", state_time_format(en->when * 1000, when));
	if (en->by.name[0])
		state_str(w, "user", en->by.name);
	if (en->by.door[0])
		state_str(w, "door", en->by.door);
	if (en->comment[0])
		state_str(w, "comment", en->comment);
}

static const struct state_node commit_node = { .name = "commit",
	.keys = { "number" },
	.size = sizeof(struct at),
	.next = commit_next,
	.leaves = commit_leaves };
static const struct state_node *const kids[] = { &commit_node, NULL };

const struct state_node state_commits = { .name = "commits", .kids = kids };
