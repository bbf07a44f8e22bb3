/* SPDX-License-Identifier: ISC */
/* tests/unit/show_l3_fake.h: VRFs for show commands to look at, without an engine of VRFs.
 *
 * What    Implements evpn/evpn_show_l3.h over a few records: VRF "red" with everything that can
 *         be shown, VRF "blue" whose L3VNI has no device, VRF "green" without any.
 */
#ifndef EVPND_TESTS_UNIT_SHOW_L3_FAKE_H
#define EVPND_TESTS_UNIT_SHOW_L3_FAKE_H

#include <stdint.h>

/* The RIB's route that the ways of prefixes name. */
void show_l3_fake(uint32_t route);

#endif
