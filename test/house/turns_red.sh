#!/usr/bin/env bash
# turns_red.sh GUARD [CXX AR NM]: proves that a guard can fail. It shows the guard a small innocent project, which must
# pass, and then the same project with one offence after the other: the guard must fail and name each.
# shellcheck disable=SC2016 # the backquotes are Markdown
set -euo pipefail
house=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
guard=$1
shift
made_up=$(mktemp -d)
trap 'rm -rf "$made_up"' EXIT
cd "$made_up"

fail() { echo "$guard: $1" && cat said && exit 1; }

# write FILE: standard input becomes FILE of the made-up project.
write() { mkdir -p "$(dirname "$1")" && cat >"$1"; }

# innocent [ARGUMENTS]: the guard passes.
innocent() { bash "$house/$guard.sh" "$@" >said 2>&1 || fail 'it fails on an innocent project and says:'; }

# guilty NAME [ARGUMENTS]: the guard fails, and what it says holds NAME.
guilty() {
  if bash "$house/$guard.sh" "${@:2}" >said 2>&1; then fail "it passes in spite of $1, and says:"; fi
  grep -qF -- "$1" said || fail "it fails without a word of $1, and says:"
}

project() {
  write macro/error.hpp <<<$'#include <string>\nenum class Errc : char {\n  // rule\n  bad_rule,\n  count_,\n};'
  write profile/xml.cpp <<<$'#include <zlib.h>\n#include "macro/error.hpp"'
  write resync/machine.hpp <<<'#include "profile/xml.hpp"'
  write client/transport/fetcher.cpp <<<$'#include <curl/curl.h>\n#include "resync/machine.hpp"'
  write test/macro_test.cpp <<<'TEST_CASE("a phone rings", "[R-MACRO-01]") {}'
  write docs/errors.md <<<'| `bad_rule` | a bad rule |'
  write docs/behaviour/macros.md <<<'| R-MACRO-01 | phones ring |'
  write README.md <<<'Type `./dev test`.'
  write dev <<<'dev_test() { true; }'
}

# archive NAME: standard input, compiled into the static library NAME.a.
archive() { "$cxx" -std=c++20 -x c++ -c - -o "$1.o" && "$ar" rcs "$1.a" "$1.o"; }

red_link_purity() {
  local cxx=$1 ar=$2 nm=$3 name header body
  archive innocent <<<$'#include <string>\nstd::string run(int time) { return std::to_string(time); }'
  innocent "$nm" innocent.a
  while IFS='|' read -r name header body; do
    archive guilty <<<"#include <$header>"$'\n'"void run() { $body; }"
    guilty "$name" "$nm" innocent.a guilty.a
  done <<'OFFENCES'
system_clock::now|chrono|(void)std::chrono::system_clock::now()
steady_clock::now|chrono|(void)std::chrono::steady_clock::now()
clock_gettime|time.h|timespec t; clock_gettime(CLOCK_REALTIME, &t)
time|ctime|(void)std::time(nullptr)
nanosleep|thread|std::this_thread::sleep_for(std::chrono::seconds(1))
socket|sys/socket.h|(void)socket(AF_INET, SOCK_STREAM, 0)
sendto|sys/socket.h|(void)sendto(0, nullptr, 0, 0, nullptr, 0)
getaddrinfo|netdb.h|addrinfo* a; (void)getaddrinfo("", "", nullptr, &a)
fopen|cstdio|(void)std::fopen("", "r")
open|fcntl.h|(void)open("", O_RDONLY)
fstream|fstream|std::ifstream file("")
filesystem|filesystem|(void)std::filesystem::exists("")
cout|iostream|std::cout << 1
getenv|cstdlib|(void)std::getenv("")
system|cstdlib|(void)std::system("")
rand|cstdlib|(void)std::rand()
random_device|random|(void)std::random_device{}()
std::thread|thread|std::thread([] {}).join()
pthread_mutex_lock|mutex|static std::mutex m; m.lock()
curl_easy_init|curl/curl.h|(void)curl_easy_init()
XMLDocument::LoadFile|tinyxml2.h|tinyxml2::XMLDocument d; (void)d.LoadFile("")
OFFENCES
  guilty missing.a "$nm" missing.a
  "$ar" rcs empty.a && guilty empty.a "$nm" empty.a
}

red_include_direction() {
  local file line
  innocent .
  while read -r file line; do
    write "$file" <<<"$line"
    guilty "$file:1" .
    rm "$file"
  done <<'OFFENCES'
macro/upwards.hpp #include "profile/xml.hpp"
macro/third.cpp #include <zlib.h>
macro/clock.cpp #include <ctime>
profile/upwards.cpp #  include "resync/machine.hpp"
profile/third.cpp #include <openssl/ssl.h>
resync/upwards.hpp #include "client/transport/fetcher.hpp"
resync/third.hpp #include <boost/asio.hpp>
resync/unrooted.hpp #include "machine.hpp"
client/serve/curl.cpp #include <curl/curl.h>
client/serve/unrooted.cpp #include "server.hpp"
client/cli/slow.cpp #include <CLI/App.hpp>
OFFENCES
  rm -r macro && guilty macro .
}

red_rooms() {
  write docs/architecture.md <<'TABLE'
| floor | room of `client/` | owns | third-party | may also include |
|---|---|---|---|---|
| 1 | `identity/` | keys | OpenSSL | |
| 1 | `transport/` | exchanges | – | `identity` |
| 2 | `scenario/` | runs | – | |
| 3 | `serve/` | files | – | |
TABLE
  local room file line
  for room in client client/identity client/transport client/scenario client/serve macro profile resync test docs; do
    write $room/README.md <<<'A room.'
  done
  write client/transport/tls.cpp <<<'#include "client/identity/keys.hpp"'
  write client/serve/files.cpp <<<$'#include "client/serve/files.hpp"\n#include "client/transport/listener.hpp"'
  innocent .
  while read -r file line; do
    write "$file" <<<"$line"
    guilty "$file:1" .
    rm "$file"
  done <<'OFFENCES'
client/scenario/upwards.hpp #include "client/serve/server.hpp"
client/identity/beside.cpp   #  include "client/transport/fetcher.hpp"
client/identity/detail/deep.cpp #include "client/scenario/scenario.hpp"
OFFENCES
  write client/identity/back.cpp <<<'#include "client/transport/fetcher.hpp"' && guilty circle . && rm client/identity/back.cpp
  write client/transport/tls.cpp <<<'' && guilty 'transport may include identity and does not' .
  write client/transport/tls.cpp <<<'#include "client/identity/keys.hpp"'
  write client/scenario/more.cpp <<<$'#include "client/identity/a.hpp"\n#include "client/transport/b.hpp"'
  guilty '4 of 6 possible arrows' . && rm client/scenario/more.cpp
  write client/attic/README.md <<<'A room.' && guilty 'client/attic: has no floor' . && rm -r client/attic
  rm client/serve/README.md && guilty client/serve/README.md . && rm -r client/serve && guilty client/serve: .
  rm docs/architecture.md && guilty 'the table of rooms' .
}

red_documented_errors() {
  innocent .
  write docs/errors.md <<<'| `other_rule` | none |' && guilty bad_rule . && guilty other_rule .
  write docs/errors.md <<<$'| `bad_rule` | once |\n| `bad_rule` | twice |' && guilty bad_rule .
  rm docs/errors.md && guilty errors.md .
}

red_tested_rules() {
  innocent .
  write docs/behaviour/more.md <<<'| `R-XML-02` | untested |' && guilty R-XML-02 .
  write docs/behaviour/more.md <<<'| R-MACRO-01 | twice |' && guilty R-MACRO-01 .
  rm docs/behaviour/more.md
  write test/more.cpp <<<'TEST_CASE("", "[R-GONE-07]") {}' && guilty R-GONE-07 .
  rm test/more.cpp
  write macro/more.cpp <<<'// R-GONE-08: nobody knows.' && guilty R-GONE-08 .
  rm -r docs && guilty 'no rules' .
}

red_file_sizes() {
  innocent .
  seq 600 | write client/long.cpp && seq 250 | write client/long.hpp && innocent .
  seq 601 | write client/long.cpp && guilty client/long.cpp .
  seq 251 | write test/long.hpp && guilty test/long.hpp .
}

red_coverage() {
  local tab=$'\t' name line
  write profile/catalogue.tsv <<<$'# names\nRing_#_\t1..4\tStr\nBell\t\tStr\nScreen\t\tStr'
  write profile/roles.tsv <<<$'Bell\tSystem\tacts\tR-MACRO-01\nScreen\tSystem\tstored\tthere is none'
  write test/bell_test.cpp <<<$'TEST_CASE_METHOD(Bell,\n  "a bell "\n  "rings", "[R-MACRO-01]") {}'
  write docs/sound.tsv <<'LINES'
parameter|Bell|acts|-|a bell rings
parameter|Screen|stored|-|a phone rings
parameter|Ring_#_|stored|it is a sound|a phone rings
page|the light|inert|nothing follows|a phone rings
transport|pigeons|absent|there are none|-
macro|$BELL|acts|R-MACRO-01|a bell rings
LINES
  tr '|' '\t' <docs/sound.tsv >docs/coverage.tsv
  PROVPHONE_UPDATE=1 bash "$house/coverage.sh" . && innocent .
  while IFS='|' read -r name line; do
    { tr '|' '\t' <docs/sound.tsv && tr '|' '\t' <<<"$line"; } >docs/coverage.tsv
    PROVPHONE_UPDATE=1 bash "$house/coverage.sh" . >/dev/null || true
    guilty "docs/coverage.tsv:7: $name" .
  done <<'OFFENCES'
$C: has 4 fields|macro|$C|acts|R-MACRO-01
$C: is of no kind|song|$C|acts|-|a bell rings
$C: is in no state|macro|$C|works|-|a bell rings
$BELL: has more than one line|macro|$BELL|acts|-|a bell rings
$C: has no test|macro|$C|acts|-|-
$C: no test is called "a bell sings"|macro|$C|acts|-|a bell sings
$C: has no reason|macro|$C|absent|-|-
$C: no rule is called R-MACRO-02|macro|$C|acts|R-MACRO-01, R-MACRO-02|a bell rings
Gong: is no parameter|parameter|Gong|stored|it is a sound|a bell rings
OFFENCES
  tr '|' '\t' <docs/sound.tsv | sed "s/${tab}Bell${tab}acts/${tab}Bell${tab}stored/" >docs/coverage.tsv
  guilty 'Bell: is stored, and acts in profile/roles.tsv' .
  tr '|' '\t' <docs/sound.tsv | sed "s/${tab}Bell${tab}acts${tab}-/${tab}Bell${tab}acts${tab}why/" >docs/coverage.tsv
  guilty 'Bell: has a reason that profile/roles.tsv has' .
  tr '|' '\t' <docs/sound.tsv | sed '/pigeons/d' >docs/coverage.tsv && guilty docs/coverage.md .
  rm docs/coverage.tsv && guilty 'no lines' .
}

red_known_commands() {
  innocent .
  write docs/how.md <<<'Type `./dev dance`.' && guilty './dev dance' .
  rm docs/how.md README.md && guilty README.md .
}

red_told_versions() {
  write CMakeLists.txt <<<'project(provphone VERSION 1.20.3 LANGUAGES CXX)'
  write action.yml <<<'# uses: someone/provphone@v1.20.3'
  write docs/install.md <<<'Unpack `provphone_1.20.3_amd64.deb` below 10.1.20.4.'
  write fixtures/ci/template.yml <<<'ref: v1.20.3'
  write fixtures/cluster/job.yaml <<<'image: localhost/provphone:1.20.3'
  innocent .
  write docs/install.md <<<'provphone 1.20.30' && guilty docs/install.md:1 . && rm docs/install.md
  write fixtures/ci/template.yml <<<'ref: v1.2.3' && guilty fixtures/ci/template.yml:1 . && rm fixtures/ci/template.yml
  write action.yml <<<'# uses: someone/provphone@v11.20.3' && guilty action.yml:1 .
  rm CMakeLists.txt && guilty CMakeLists.txt .
}

red_unnamed_names() {
  local name line
  write resync/CMakeLists.txt <<<'' && write client/serve/CMakeLists.txt <<<''
  write resync/a.cpp <<'SOURCE'
namespace {
using Json = nlohmann::json;
struct Elsewhere;
constexpr std::array<std::pair<int, int>,
                     2> pairs{{}};
const Row rows[] = {};
template <class Value>
requires(sizeof(Value) > 1)
Result<std::function<void(int)>> read(Value value) {
  int local = 0;
}
std::unique_ptr<BIO, decltype(&BIO_free)>
open_file(int file);
enum class Kind : std::uint8_t { one };
class Reader final : public Base<int> {};
void Elsewhere::member() {}
bool operator<(Row, Row);
}  // namespace
static int counter = 0;
int shared() {}
SOURCE
  write resync/detail/b.cpp <<'SOURCE'
namespace {
using Json = nlohmann::json;
struct Elsewhere;
void Other::member() {}
bool operator<(Column, Column);
int other() {
  int local = 0;
}
}  // namespace
int shared(int) {}
SOURCE
  write client/serve/c.cpp <<<$'namespace {\nint counter = 0;\n}  // namespace'
  innocent .
  while IFS='|' read -r name line; do
    write resync/detail/c.cpp <<<$'namespace {\n'"$line"$'\n}  // namespace'
    guilty "resync/a.cpp and resync/detail/c.cpp: both have a $name of" .
  done <<'OFFENCES'
Json|using Json = nlohmann::ordered_json;
Json|struct Json {};
pairs|std::string pairs(int a, int b) {
rows|constexpr int rows = 3;
read|[[nodiscard]] auto read() -> int {
open_file|Result<int> open_file(std::string name) {
Kind|using Kind = Event::Kind;
Reader|struct Reader {
counter|template <class T> constexpr T counter{};
OFFENCES
  write resync/detail/c.cpp <<<'static void counter();' && guilty resync/detail/c.cpp .
  rm resync/CMakeLists.txt client/*/CMakeLists.txt && guilty 'no room' .
}

project
"red_$guard" "$@"
