#include "client/listen/place.hpp"

#include "macro/whole_number.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace provphone::client::listen {

Result<Place> parse_place(const std::string& text, std::string_view flag) {
  Place place;
  const auto colon = text.rfind(':');
  auto number = text;
  if (colon != std::string::npos) {
    place.address = text.substr(0, colon);
    number = text.substr(colon + 1);
    if (place.address.starts_with('[') && place.address.ends_with(']'))
      place.address = place.address.substr(1, place.address.size() - 2);
  }
  const auto port = parse_whole<std::uint16_t>(number);
  boost::system::error_code error;
  boost::asio::ip::make_address(place.address, error);
  if (!port || error)
    return fail(
        Errc::bad_argument,
        fmt::format("{}: '{}' is no [ADDRESS:]PORT such as 8080 or 127.0.0.2:8080", flag, text));
  place.port = *port;
  return place;
}

PhonesByAddress phones_by_address(const Place& place, const drive::RealDriver& driver) {
  PhonesByAddress phones;
  for (std::size_t i = 0; i < driver.phone_count(); ++i) {
    const auto own = driver.phone(i).source_address;
    phones[own.empty() ? place.address : own].push_back(i);
  }
  return phones;
}

}  // namespace provphone::client::listen
