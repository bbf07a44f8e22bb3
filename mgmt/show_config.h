/* SPDX-License-Identifier: ISC */
/* mgmt/show_config.h: commands about the configuration as a whole, and the session.
 *
 * What    show running-config, write, configure terminal, exit, debug...
 */
#ifndef EVPND_MGMT_SHOW_CONFIG_H
#define EVPND_MGMT_SHOW_CONFIG_H

#include "mgmt/show.h"

extern const struct show_table show_config_table;

#endif
