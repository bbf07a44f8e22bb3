#!/bin/sh
# SPDX-License-Identifier: ISC
# The short half of the NETCONF tests; the others are a layer of ./dev check.
exec "${srcdir:-.}/tests/netconf/run" t_ops
