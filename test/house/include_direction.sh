#!/usr/bin/env bash
# include_direction.sh ROOT: includes follow the arrows client -> resync -> profile -> macro, and each module uses only
# the third-party headers that are its own. The pure modules also stay away from the standard headers of the world.
set -euo pipefail
cd "$1"
status=0

# includes FOLDER: a line "file:line header" for each include, with its quotes or angles.
includes() {
  grep -rnE --include='*.hpp' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include' "$1" |
    sed -nE 's/^([^:]+:[0-9]+):[^"<]*("[^"]*"|<[^>]*>).*/\1 \2/p'
}

# check FOLDER WHY WANTED [UNWANTED]: every include of FOLDER matches WANTED and none matches UNWANTED.
check() {
  local place header seen=0
  while read -r place header; do
    seen=1
    [[ ! $header =~ ^($3)$ || $header =~ ^(${4:-})$ ]] || continue
    echo "$place: $header is not for $1, which has $2"
    status=1
  done < <(includes "$1")
  ((seen)) || { echo "$1: no includes found" && status=1; }
}

vocabulary='<[a-z_]+>|<fmt/[a-z]+\.h>|<tl/expected\.hpp>'
# What brings the world in. <chrono> is welcome for its durations: the link test sees its clocks.
worldly='<(iostream|fstream|syncstream|filesystem|cstdio|ctime|csignal|random|thread|mutex|shared_mutex)>|<(future|condition_variable|stop_token|semaphore|latch|barrier)>'

check macro 'macro/, the pure standard headers, fmt and tl::expected' "\"macro/.+\"|$vocabulary" "$worldly"
check profile 'profile/, macro/, the same libraries, zlib, libdeflate, tinyxml2 and EVP of OpenSSL' \
  "\"(profile|macro)/.+\"|$vocabulary|<(zlib|libdeflate|tinyxml2)\.h>|<openssl/(evp|kdf|params|core_names|crypto|err)\.h>" "$worldly"
check resync 'resync/, profile/, macro/ and the same libraries as macro' \
  "\"(resync|profile|macro)/.+\"|$vocabulary" "$worldly"
check client 'the four modules, named from the root' '"(client|resync|profile|macro)/.+"|<.+>'
for room in client/*/; do
  room=${room%/}
  [[ $room == client/transport || ! $(includes "$room") ]] || check "$room" 'no libcurl: that is for client/transport' '.*' '<curl/.*'
done
while read -r place header; do
  [[ $place == client/cli/options.cpp:* ]] && continue
  echo "$place: $header is slow to compile: it is for client/cli/options.cpp alone"
  status=1
done < <(includes client | grep ' <CLI/')
exit $status
