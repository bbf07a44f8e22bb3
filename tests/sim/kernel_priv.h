/* SPDX-License-Identifier: ISC */
/* tests/sim/kernel_priv.h: what the two files of the fake kernel share.
 *
 * What    kernel.c holds the tables, kernel_zl.c speaks zl_proto.
 */
#ifndef EVPND_TESTS_SIM_KERNEL_PRIV_H
#define EVPND_TESTS_SIM_KERNEL_PRIV_H

#include "tests/sim/kernel.h"

/* kernel_zl.c: messages to the engine. */
void k_say_vni(struct kernel *k, const struct zl_vni *v);
void k_say_mac(struct kernel *k, const struct k_fdb *f, enum zl_op op);
void k_say_neigh(struct kernel *k, const struct k_neigh *n, enum zl_op op);
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

#endif
