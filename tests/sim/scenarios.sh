#!/bin/sh
# SPDX-License-Identifier: ISC
# Runs every scenario; "scenarios.sh -u" writes the transcripts anew.
srcdir=${srcdir:-.}
builddir=${builddir:-.}
exec "$builddir/tests/sim/script" "$@" "$srcdir"/tests/sim/scenarios/*.sim
