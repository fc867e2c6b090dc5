#include "data/records/sacpz.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "data/event.h"
#include "data/records/codes.h"
#include "data/text_table.h"
#include "propagator/errors.h"

namespace data {
namespace {

using Complex = std::complex<double>;

constexpr std::size_t largest_sacpz = 1'000'000;
constexpr std::size_t most_roots = 100;

struct Line {
  int number;
  std::string text;
};

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

// One entry while its lines come in.
class Entry {
 public:
  explicit Entry(std::string source) : source_(std::move(source)) {}

  void annotate(const Line& line) {
    const std::size_t colon = line.text.find(':');
    if (colon == std::string::npos) return;  // a line of asterisks
    std::string name = upper(trimmed(std::string_view(line.text).substr(1, colon - 1)));
    const bool is_seed_dip = name.starts_with("DIP") && name.find("(SEED)") != std::string::npos;
    name = is_seed_dip ? "DIP (SEED)" : trimmed(name.substr(0, name.find('(')));
    annotations_[name] = {line.number, trimmed(std::string_view(line.text).substr(colon + 1))};
  }

  // ZEROS n, POLES n, CONSTANT x or the two numbers of a root. Returns true where the entry is complete.
  bool add(const Line& line) {
    const std::vector<std::string_view> words = split_at_blanks(line.text);
    const std::string keyword = upper(std::string(words.front()));
    if (keyword == "CONSTANT") {
      if (words.size() != 2) fail(line, "CONSTANT", line.text, "must be followed by one number");
      constant_ = number(line, "CONSTANT", words[1], -1e300, 1e300);
      return true;
    }
    if (keyword == "ZEROS" || keyword == "POLES") {
      if (words.size() != 2) fail(line, keyword, line.text, "must be followed by their number");
      const double count = number(line, keyword, words[1], 0.0, static_cast<double>(most_roots));
      if (count != std::floor(count)) fail(line, keyword, std::string(words[1]), "must be a whole number");
      roots_ = keyword == "ZEROS" ? &zeros_ : &poles_;
      roots_->emplace(Roots{line.number, static_cast<std::size_t>(count), {}});
      return false;
    }
    if (roots_ == nullptr || words.size() != 2) {
      fail(line, "line", line.text, "must be an annotation, ZEROS, POLES, CONSTANT or the two parts of a root");
    }
    std::vector<Complex>& values = (*roots_)->values;
    if (values.size() == (*roots_)->count) fail(line, "root", line.text, "is one more than was announced");
    values.emplace_back(number(line, "real part", words[0], -1e12, 1e12),
                        number(line, "imaginary part", words[1], -1e12, 1e12));
    return false;
  }

  ChannelEpoch finished(const Line& at) {
    if (!zeros_ || !poles_) fail(at, zeros_ ? "POLES" : "ZEROS", "absent", "must stand before CONSTANT");
    if (poles_->values.size() != poles_->count) {
      fail({poles_->line, ""}, "POLES", std::to_string(poles_->count),
           fmt::format("{} are listed", poles_->values.size()));
    }
    zeros_->values.resize(zeros_->count, Complex(0.0));  // zeros that are not listed lie at the origin
    ChannelEpoch epoch = codes_and_place(at);
    InstrumentResponse response;
    response.input = Quantity::displacement;
    response.poles = poles_->values;
    response.zeros = zeros_->values;
    response.A0 = constant_;
    if (constant_ == 0.0) fail(at, "CONSTANT", "0", "must not be 0");
    check_constant(at);
    epoch.displacement_response = response;
    return epoch;
  }

 private:
  struct Roots {
    int line;
    std::size_t count;
    std::vector<Complex> values;
  };
  struct Annotation {
    int line;
    std::string text;
  };

  [[noreturn]] void fail(const Line& at, const std::string& field, const std::string& value,
                         const std::string& rule) const {
    throw propagator::InputError(source_, fmt::format("line {}", at.number), field, printable(value), rule);
  }

  double number(const Line& at, const std::string& field, std::string_view text, double low, double high) const {
    const std::string_view digits = text.starts_with('+') ? text.substr(1) : text;
    return parse_number(digits, low, high, {source_, fmt::format("line {}", at.number), field});
  }

  const Annotation& annotation(const Line& entry_end, const std::string& name) const {
    const auto found = annotations_.find(name);
    if (found == annotations_.end()) fail(entry_end, name, "absent", "the entry that ends here must tell it");
    return found->second;
  }

  std::string code(const Line& entry_end, const std::string& name) const {
    const Annotation& a = annotation(entry_end, name);
    return parse_name(a.text, 8, {source_, fmt::format("line {}", a.line), name});
  }

  // The first number of an annotation, as in "6.27e8 (M/S)".
  double value(const Annotation& a, const std::string& name, double low, double high) const {
    const std::vector<std::string_view> words = split_at_blanks(a.text);
    return number({a.line, ""}, name, words.empty() ? std::string_view() : words.front(), low, high);
  }

  std::int64_t time_ns(const std::string& name, std::int64_t otherwise) const {
    const auto found = annotations_.find(name);
    if (found == annotations_.end() || found->second.text.empty()) return otherwise;
    const std::string& text = found->second.text;
    if (text.size() > 4 && text.substr(0, 4) > "2200" && text.substr(0, 4) <= "9999") return otherwise;
    try {
      return parse_utc_ns(text);
    } catch (const propagator::InputError&) {
      fail({found->second.line, ""}, name, text, "must be a UTC time like 2019-07-06T03:19:53");
    }
  }

  ChannelEpoch codes_and_place(const Line& at) const {
    ChannelEpoch epoch;
    epoch.source = source_;
    epoch.network = code(at, "NETWORK");
    epoch.station = code(at, "STATION");
    epoch.channel = code(at, "CHANNEL");
    epoch.location = printable(location_code(annotation(at, "LOCATION").text));
    epoch.start_ns = time_ns("START", std::numeric_limits<std::int64_t>::min());
    epoch.end_ns = time_ns("END", std::numeric_limits<std::int64_t>::max());
    const auto unit = annotations_.find("INPUT UNIT");
    if (unit != annotations_.end() && upper(unit->second.text) != "M") {
      fail({unit->second.line, ""}, "INPUT UNIT", unit->second.text, "must be M: SACPZ is for displacement");
    }
    const auto in_range = [&](const char* name, double low, double high) {
      return value(annotation(at, name), name, low, high);
    };
    epoch.latitude_deg = in_range("LATITUDE", -90.0, 90.0);
    epoch.longitude_deg = in_range("LONGITUDE", -180.0, 180.0);
    const double dip_deg = annotations_.count("DIP (SEED)") > 0 ? in_range("DIP (SEED)", -90.0, 90.0)
                                                                : in_range("DIP", 0.0, 180.0) - 90.0;  // (1)
    epoch.orientation = Orientation{in_range("AZIMUTH", -360.0, 360.0), dip_deg};
    if (annotations_.count("SAMPLE RATE") > 0) epoch.sample_rate_hz = in_range("SAMPLE RATE", 0.0, 1e6);
    return epoch;
  }

  void check_constant(const Line& at) const {
    const auto sensitivity = annotations_.find("SENSITIVITY"), A0 = annotations_.find("A0");
    for (const auto& told : {sensitivity, A0}) {
      if (told == annotations_.end() || told->second.text.empty()) return;
    }
    const double product =
        value(sensitivity->second, "SENSITIVITY", -1e300, 1e300) * value(A0->second, "A0", -1e300, 1e300);
    if (!(std::abs(product - constant_) <= 0.01 * std::abs(constant_))) {
      fail(at, "CONSTANT", fmt::format("{:g}", constant_),
           fmt::format("must be SENSITIVITY times A0 = {:g} within 1 %", product));  // (2)
    }
  }

  std::string source_;
  std::map<std::string, Annotation> annotations_;
  std::optional<Roots> zeros_, poles_;
  std::optional<Roots>* roots_ = nullptr;
  double constant_ = 0.0;
};

}  // namespace

std::vector<ChannelEpoch> parse_sacpz(std::string_view text, const std::string& source) {
  if (text.size() > largest_sacpz) {
    throw propagator::InputError(source, "", "size", fmt::format("{} bytes", text.size()), "must be at most 1 MB");
  }
  std::vector<ChannelEpoch> epochs;
  std::optional<Entry> entry;
  Line line{0, ""};
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    ++line.number;
    line.text = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.text.empty()) continue;
    if (!entry) entry.emplace(source);
    if (line.text.front() == '*') {
      entry->annotate(line);
    } else if (entry->add(line)) {
      epochs.push_back(entry->finished(line));
      entry.reset();
    }
  }
  if (entry) {
    throw propagator::InputError(source, fmt::format("line {}", line.number), "CONSTANT", "absent",
                                 "must end every entry");
  }
  return epochs;
}

bool looks_like_sacpz(std::string_view bytes) {
  bool is_annotated = false;
  while (!bytes.empty()) {
    const std::size_t end = std::min(bytes.find('\n'), bytes.size());
    const std::string line = upper(trimmed(bytes.substr(0, end)));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
    if (line.empty()) continue;
    if (line.front() == '*') {
      is_annotated = is_annotated || trimmed(std::string_view(line).substr(1)).starts_with("NETWORK");
      continue;
    }
    const std::vector<std::string_view> words = split_at_blanks(line);
    const bool is_keyword = words[0] == "ZEROS" || words[0] == "POLES" || words[0] == "CONSTANT";
    return is_keyword && words.size() == 2 && words[1].find_first_not_of("+-.0123456789E") == std::string_view::npos;
  }
  return is_annotated;
}

}  // namespace data
