#include "notify/zones.hpp"

#include <date/tz.h>

#include <stdexcept>

namespace coldvigil {
namespace {

class tz_clock final : public zone_clock {
 public:
  explicit tz_clock(const date::time_zone& zone) : zone_(zone) {}
  [[nodiscard]] std::string name() const override { return zone_.name(); }
  [[nodiscard]] std::chrono::seconds ahead(timestamp at) const override { return zone_.get_info(at).offset; }
  [[nodiscard]] std::string abbreviation(timestamp at) const override { return zone_.get_info(at).abbrev; }

 private:
  const date::time_zone& zone_; ///< owned by the library's time zone table for good
};

} // namespace

result<std::shared_ptr<const zone_clock>> find_zone(const std::string& name) {
  try {
    return std::shared_ptr<const zone_clock>(std::make_shared<tz_clock>(*date::locate_zone(name)));
  } catch (const std::runtime_error&) {
    return failure{error_code::invalid_argument, "there is no time zone '" + name + "'", "",
                   "use an IANA name, e.g. \"Europe/London\", and install tzdata"};
  }
}

} // namespace coldvigil
