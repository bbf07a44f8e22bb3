#!/bin/sh
# SPDX-License-Identifier: ISC
# Shows every message that the vectors encode to tshark: none may be malformed.
builddir=${builddir:-.}
command -v tshark >/dev/null && command -v text2pcap >/dev/null || exit 77
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
CK_FORK=no "$builddir/tests/unit/check_vectors" --emit >"$dir/hex" || exit 1
text2pcap -q -T 179,179 "$dir/hex" "$dir/pcap" 2>"$dir/err" || { cat "$dir/err"; exit 1; }
# Each message is a segment of its own at the same place of the stream.
tshark -r "$dir/pcap" -o tcp.analyze_sequence_numbers:FALSE -o tcp.desegment_tcp_streams:FALSE \
	-T fields -e frame.number -e bgp.type -e _ws.malformed -e _ws.expert.message >"$dir/out" 2>"$dir/err" || {
	cat "$dir/err"
	exit 1
}
n=$(grep -c "$(printf '\t')[1-5]" "$dir/out")
echo "$n messages dissected"
bad=$(awk -F '\t' '$2 == "" || $3 != "" || tolower($4) ~ /malformed|invalid|length/' "$dir/out")
[ -z "$bad" ] || { echo "$bad"; exit 1; }
[ "$n" -gt 0 ]
