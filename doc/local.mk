# SPDX-License-Identifier: ISC
dist_man_MANS += doc/evpnd.8 doc/vtysh.1
EXTRA_DIST += doc/architecture.md
