#include "client/capsule/tape.hpp"

#include "macro/rule.hpp"

namespace provphone::client::capsule {

std::string asked_of(const resync::Request& request) {
  return std::string(name(request.method)) + ' ' + format(request.url);
}

}  // namespace provphone::client::capsule
