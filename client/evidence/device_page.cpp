#include "client/evidence/device_page.hpp"

#include "macro/ascii.hpp"
#include "profile/catalogue.hpp"
#include "profile/markup.hpp"
#include "profile/xml.hpp"

#include <fmt/format.h>

namespace provphone::client::evidence {
namespace {

void take_element(std::string_view name, std::string_view value, DevicePage& page) {
  if (name == "Product_Name") {
    page.model = value;
  } else if (name == "Serial_Number") {
    page.serial = value;
  } else if (name == "Software_Version") {
    page.firmware = value;
  } else if (name == "MAC_Address") {
    if (const auto mac = parse_mac_address(value)) page.mac = *mac;
  } else if (name.starts_with("Profile_Rule") && !value.empty()) {
    page.has = DevicePage::Has::rules;
  } else if (page.has == DevicePage::Has::state_alone && profile::find_parameter(name)) {
    page.has = DevicePage::Has::parameters;
  }
}

}  // namespace

Result<DevicePage> read_device_page(std::string_view text, std::string_view name) {
  profile::MarkupReader reader(profile::without_byte_order_mark(text));
  DevicePage page;
  std::string element;
  while (true) {
    switch (reader.next()) {
      case profile::Mark::start_tag:
      case profile::Mark::empty_tag:
        element = reader.name();
        break;
      case profile::Mark::text:
        take_element(element, ascii::trimmed(reader.raw()), page);
        element.clear();
        break;
      case profile::Mark::fault:
        return fail(Errc::bad_argument,
                    fmt::format("{}: expected what a phone's /admin/cfg.xml or /admin/status.xml "
                                "says: {}",
                                name, reader.fault().error.detail));
      case profile::Mark::end: {
        const bool says_nothing =
            page.has == DevicePage::Has::state_alone && page.model.empty() && !page.mac;
        if (!says_nothing) return page;
        return fail(Errc::bad_argument,
                    fmt::format("{}: expected parameters, or elements such as Product_Name and "
                                "MAC_Address, as a phone's web server has them",
                                name));
      }
      default:
        break;
    }
  }
}

}  // namespace provphone::client::evidence
