/* SPDX-License-Identifier: ISC */
/* tests/unit/conf_dump.h: everything that a configuration compiles to, as text.
 *
 * What    Each member of struct conf, arrays and route-maps with all that they hold, in an
 *         order that does not depend on how it came to be: equal texts are equal wishes.
 */
#ifndef EVPND_TESTS_UNIT_CONF_DUMP_H
#define EVPND_TESTS_UNIT_CONF_DUMP_H

#include "lib/strbuf.h"
#include "mgmt/conf.h"

void conf_dump(const struct conf *c, struct strbuf *out);

#endif
