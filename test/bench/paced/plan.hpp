#pragma once

#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <vector>

// Bare loops to hold a fleet against: they fetch what its phones fetch, at the same pace and from
// as many source addresses, and do nothing else. No phone is in them.
namespace provphone::bench::paced {

// What is fetched. `*` in the path is the twelve digits of a phone's MAC address.
struct Plan {
  std::string scheme, host, path;
  std::uint16_t port = 0;
  std::uint32_t count = 1;
  double rate = 0;  // starts a second; 0: flat out, `at_once` at a time
  std::uint32_t at_once = 16;
  bool has_sources = false;  // 127.1.x.y, one for each fetch; else the system's choice
  std::string certificates;  // of mutual TLS: a folder of MAC.pem and MAC.key
  std::string trust;         // of TLS: the server's root
};

// A bare loop has nothing to say where something fails.
inline void require(bool held) {
  if (!held) std::abort();
}

std::string path_of(const Plan& plan, std::uint32_t number);
std::string mac_of(std::uint32_t number);       // as `fleet_bench.py` counts: 000e08000000 is 0
std::uint32_t source_of(std::uint32_t number);  // an IPv4 address, in the host's order
// A socket of the source's, bound without a port of its own, non-blocking; aborts where there is
// none.
int open_socket(const Plan& plan, std::uint32_t number, int type);

// Calls `start` for each number at its time, and `wait` between: for so many milliseconds at most,
// -1 for as long as it takes. `wait` says how many fetches have ended.
void keep_pace(const Plan& plan, const std::function<void(std::uint32_t number)>& start,
               const std::function<std::uint32_t(int milliseconds)>& wait);

// Each gets everything ready, then fetches; aborts where a fetch fails.
void run_curl(const Plan& plan);
void run_openssl(const Plan& plan);

// The beginning of what is measured: from here on CPU time counts.
void begin_measured();
double measured();  // in seconds since then

}  // namespace provphone::bench::paced
