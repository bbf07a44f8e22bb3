/* SPDX-License-Identifier: ISC */
/* vtysh/edit.h: the prompt of a person: line editing, history, TAB and `?`.
 *
 * What    edit_run() reads lines from the terminal and hands each to run(); TAB and `?`
 *         ask the engine what may come next.
 */
#ifndef EVPND_VTYSH_EDIT_H
#define EVPND_VTYSH_EDIT_H

#include <stdbool.h>

#include "vtysh/client.h"

/* Until the session ends or end of file; run() returns false to stop. */
void edit_run(struct client *c, bool (*run)(struct client *c, const char *line));

#endif
