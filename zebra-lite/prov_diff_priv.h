/* SPDX-License-Identifier: ISC */
/* zebra-lite/prov_diff_priv.h: a comparison from inside; for prov_diff.c and prov_check.c alone. */
#ifndef EVPND_ZEBRA_LITE_PROV_DIFF_PRIV_H
#define EVPND_ZEBRA_LITE_PROV_DIFF_PRIV_H

#include "zebra-lite/prov_diff.h"

/* One comparison. */
struct diff {
	const struct prov_diff *in; /* borrowed */
	struct prov_steps *out;	    /* borrowed */
	struct hidx names;	    /* links by name */
	const struct iface_link *
	    *theirs;	   /* owned: devices of others that are in a VRF or bridge */
	uint32_t ntheirs;  /* of them */
	bool knows_theirs; /* those are collected */
};

struct prov_step *prov_step(struct diff *d, enum prov_op op, const struct prov_dev *dev,
    const struct iface_link *k);
const struct iface_link *prov_diff_link(const struct diff *d, const char *name);

/* prov_check.c: what stands in the way. */
/* False if it cannot be had. */
bool prov_check_place(
    struct diff *d, const struct prov_dev *w, const struct iface_link *k);
/* What the kernel would refuse for the sake of another device. */
void prov_check_conflicts(struct diff *d, const struct prov_dev *w);
/* Addresses that another device of the VRF has. */
void prov_check_addrs(
    struct diff *d, const struct prov_dev *w, const struct iface_link *k);
void prov_check_machine(struct diff *d);

#endif
