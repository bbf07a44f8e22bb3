/* SPDX-License-Identifier: ISC */
/* mgmt/show_commit.h: commands around commits: editing modes, commit, rollback, history, compare. */
#ifndef EVPND_MGMT_SHOW_COMMIT_H
#define EVPND_MGMT_SHOW_COMMIT_H

#include "mgmt/show.h"

extern const struct show_table show_mode_table;	   /* that begin an edit */
extern const struct show_table show_verb_table;	   /* in an edit */
extern const struct show_table show_confirm_table; /* in an edit or not */
extern const struct show_table show_history_table; /* that show something */

#endif
