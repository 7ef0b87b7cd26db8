#pragma once

#include <string>
#include <utility>
#include <vector>

// The form of a phone's page, as a browser fills it in and sends it.
namespace provphone::e2e::exercises {

// Name and value of every field, in their order on the page.
using Fields = std::vector<std::pair<std::string, std::string>>;

Fields fields_of(const std::string& page);

// The test fails where there is no field of that name.
std::string value_of(const Fields& fields, const std::string& name);
void set_value(Fields& fields, const std::string& name, const std::string& value);

}  // namespace provphone::e2e::exercises
