/* SPDX-License-Identifier: ISC */
/* tests/sim/kernel_priv.h: what the files of the fake kernel share.
 *
 * What    kernel.c holds the tables of layer 2, kernel_l3.c those of routing, kernel_zl.c
 *         speaks zl_proto.
 */
#ifndef EVPND_TESTS_SIM_KERNEL_PRIV_H
#define EVPND_TESTS_SIM_KERNEL_PRIV_H

#include "tests/sim/kernel.h"

/* kernel_zl.c: messages to the engine. */
void k_say_vni(struct kernel *k, const struct zl_vni *v);
void k_say_mac(struct kernel *k, struct k_fdb *f, enum zl_op op);
void k_say_neigh(struct kernel *k, struct k_neigh *n, enum zl_op op);
void k_say_lost(struct kernel *k, const struct zl_want *lost);

/* kernel.c: find gives NULL, get makes an empty entry; pointers last until the next get or removal. */
struct zl_vni *k_vni_find(const struct kernel *k, uint32_t vni);
bool k_vni_up(const struct kernel *k, uint32_t vni);
struct k_fdb *k_fdb_find(const struct kernel *k, uint32_t vni, struct mac mac);
struct k_fdb *k_fdb_get(struct kernel *k, uint32_t vni, struct mac mac);
void k_fdb_remove(struct kernel *k, struct k_fdb *f);
struct k_neigh *k_neigh_find(const struct kernel *k, uint32_t vni, struct ip ip);
struct k_neigh *k_neigh_get(struct kernel *k, uint32_t vni, struct ip ip);
struct k_flood *k_flood_find(const struct kernel *k, uint32_t vni, struct ip vtep);
/* Learnt and operator's entries of one VNI are said. */
void k_say_locals(struct kernel *k, uint32_t vni);

/* kernel_zl.c */
void k_say(struct kernel *k, uint16_t type, const void *body, size_t len);

/* kernel_l3.c */
int k_want_l3(struct kernel *k, const struct zl_want *w); /* errno or 0 */
void k_l3_stale(struct kernel *k, bool fresh); /* ours is; fresh: by another engine */
unsigned k_l3_sweep(struct kernel *k);
void k_say_l3(struct kernel *k);
void k_watch_tables(struct kernel *k, const uint32_t *tables, size_t n);
void k_l3_vni_down(struct kernel *k, uint32_t vni);
/* One line a route, owned by the caller; at most one for each of k->nroutes. */
size_t k_l3_lines(const struct kernel *k, char **lines);
void k_l3_fini(struct kernel *k);

#endif
