# SPDX-License-Identifier: ISC
# Tests that belong to no folder.  Unit tests stand in the local.mk of what they test.
dist_check_SCRIPTS += tests/style.sh tests/includes.sh
TESTS += tests/style.sh tests/includes.sh

# Run by ./dev check as root: namespaces, guest.
EXTRA_DIST += .ci/run
include tests/bench/local.mk
