#!/bin/bash
# SPDX-License-Identifier: ISC
# A fabric without any other routing daemon and without static routes: evpnd in every part.
. "$(dirname "$0")/underlay.sh"
underlay_fabric evpnd evpnd evpnd evpnd
underlay_learnt
underlay_evpn
underlay_spine_lost
