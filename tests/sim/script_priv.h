/* SPDX-License-Identifier: ISC */
/* tests/sim/script_priv.h: what the files of the scenario runner share.
 *
 * What    script_cmd.c has the commands that do something, script_show.c those that
 *         look at the result.
 */
#ifndef EVPND_TESTS_SIM_SCRIPT_PRIV_H
#define EVPND_TESTS_SIM_SCRIPT_PRIV_H

#include "tests/sim/script.h"

/* A line of the transcript. */
void script_print(struct script *x, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Words; what is wrong with one fails the script. */
struct sim_node *script_node_arg(struct script *x, const char *s);
struct sim_node *script_leaf_arg(struct script *x, const char *s);
struct mac script_mac_arg(struct script *x, const char *s);
struct ip script_ip_arg(struct script *x, const char *s);
uint32_t script_num_arg(struct script *x, const char *s);

void script_show_macs(struct script *x, char **w);
void script_show_neighs(struct script *x, char **w);
void script_show_kernel(struct script *x, char **w);
void script_show_routes(struct script *x, char **w);
void script_show_failures(struct script *x, char **w);
void script_show_counts(struct script *x, char **w);
void script_show_probes(struct script *x, char **w);

struct script_verb {
	const char *name;
	int min, max; /* words after it; max -1: any */
	void (*fn)(struct script *x, char **w);
};
/* script_l3.c: the commands of routing. */
extern const struct script_verb script_l3_verbs[];
extern const size_t script_l3_nverbs;

#endif
