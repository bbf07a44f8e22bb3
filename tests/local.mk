# SPDX-License-Identifier: ISC
# Tests that belong to no folder.  Unit tests stand in the local.mk of what they test.
dist_check_SCRIPTS += tests/style.sh tests/includes.sh
TESTS += tests/style.sh tests/includes.sh
EXTRA_DIST += .ci/run

# What ./dev runs as root: namespaces, guest.  (A wildcard would not be portable, nor notice a typing error.)
include tests/fabric/local.mk
include tests/lab/local.mk
include tests/bench/local.mk
