#include "fmnet/report.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "data/atomic_file.h"
#include "fmnet/claims.h"
#include "fmnet/manifest.h"
#include "propagator/errors.h"

namespace fmnet {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::uint64_t max_figure_bytes = 32ull << 20;

constexpr const char* style = R"(
body { font: 16px/1.5 Georgia, 'DejaVu Serif', serif; color: #222; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, th, figcaption b, nav { font-family: 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif; }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.6rem; border-bottom: 1px solid #ddd; }
th { background: #f3f3f3; font-size: 0.85rem; }
.claims { table-layout: fixed; } .claims th { width: 26%; } .claims th:nth-child(1) { width: 16%; }
.claims th:nth-child(2) { width: 15%; } .claims th:nth-child(4) { width: 17%; }
.steps { table-layout: fixed; } .steps td { overflow-wrap: anywhere; } .steps th { width: 15%; } .steps th:nth-child(2) { width: 34%; }
.steps th:nth-child(3) { width: 8%; } .steps th:nth-child(4) { width: 43%; }
code { font: 0.85em 'DejaVu Sans Mono', Menlo, monospace; overflow-wrap: anywhere; }
figure { margin: 2rem 0; break-inside: avoid; }
figure img { display: block; max-width: 100%; margin: 0 auto; }
figcaption { font-size: 0.9rem; color: #333; max-width: 50rem; margin: 0.5rem auto 0; }
.files { color: #666; font-size: 0.85em; }
@media print { body { margin: 0; max-width: none; font-size: 11pt; } h2 { break-after: avoid; } tr { break-inside: avoid; } }
)";

// Figures in the order of the paper; others follow by name.
const std::vector<std::string>& figure_order() {
  static const std::vector<std::string> order = {
      "map",        "flow",    "mechanism_map", "mechanisms",     "search",         "search_balls",
      "prediction", "fit",     "architecture",  "sample",         "loss",           "compared_labels",
      "depth",      "feature", "label",         "learning_rates", "kagan_histogram"};
  return order;
}

std::vector<std::string> figures_in(const fs::path& folder) {
  std::set<std::string> present;
  if (fs::is_directory(folder)) {
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".caption") present.insert(entry.path().stem().string());
    }
  }
  std::vector<std::string> names;
  for (const std::string& name : figure_order()) {
    if (present.erase(name) != 0) names.push_back(name);
  }
  names.insert(names.end(), present.begin(), present.end());
  return names;
}

// The command that drew the figure, where it is known.
std::string command_html(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / (name + ".command");
  if (!fs::is_regular_file(path)) return "";
  return " Command: <code>" + escaped_html(data::read_whole_file(path.string(), 1 << 16)) + "</code>";
}

std::string figure_html(const fs::path& folder, const std::string& name) {
  const std::string text = data::read_whole_file((folder / (name + ".caption")).string(), 1 << 16);
  const std::string svg = data::read_whole_file((folder / (name + ".svg")).string(), max_figure_bytes);
  const std::size_t line_end = std::min(text.find('\n'), text.size());
  const std::string title = escaped_html(text.substr(0, line_end));
  const std::string caption = escaped_html(line_end < text.size() ? text.substr(line_end + 1) : "");
  return fmt::format(
      "<figure id=\"{0}\">\n<img alt=\"{1}\" src=\"data:image/svg+xml;base64,{2}\">\n"
      "<figcaption><b>{1}.</b> {3} <span class=\"files\">Numbers and script: <code>figures/{0}.*.tsv</code>, "
      "<code>figures/{0}.gp</code>.{4}</span></figcaption>\n</figure>\n",
      escaped_html(name), title, base64(svg), caption, command_html(folder, name));
}

std::string row(const std::vector<std::string>& cells, const char* tag = "td") {
  std::string html = "<tr>";
  for (const std::string& cell : cells) html += fmt::format("<{0}>{1}</{0}>", tag, cell);
  return html + "</tr>\n";
}

std::string claims_table(const json& metrics) {
  std::string html =
      "<table class=\"claims\">\n" + row({"claim", "paper", "here", "command", "where they differ"}, "th");
  for (const Claim& c : compared_claims(metrics)) {
    html += row({escaped_html(c.claim), escaped_html(c.paper), escaped_html(c.ours),
                 "<code>" + escaped_html(c.command) + "</code>", escaped_html(c.word)});
  }
  return html + "</table>\n";
}

std::string text_of(const json& object, const char* section, const char* key) {
  const json values = object.value(section, json::object());
  if (!values.is_object() || !values.contains(key)) return "not known";
  const json& value = values[key];
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  return text.empty() ? "not known" : text;
}

std::string origin_section(const json& manifest) {
  std::string html = fmt::format(
      "<p>Program fmnet {}, source {}, built by {} for {}, network in {}. Processor: {}; {} threads.</p>\n",
      escaped_html(text_of(manifest, "program", "version")), escaped_html(text_of(manifest, "program", "source")),
      escaped_html(text_of(manifest, "program", "compiler")),
      escaped_html(text_of(manifest, "program", "instructions")),
      escaped_html(text_of(manifest, "program", "network_scalar")),
      escaped_html(text_of(manifest, "machine", "processor")), escaped_html(text_of(manifest, "machine", "threads")));
  html += "<table class=\"steps\">\n" +
          row({"step", "command", "time", "results and the first 16 digits of their SHA-256"}, "th");
  const json steps = manifest.value("steps", json::object());
  for (const auto& [name, step] : steps.items()) {
    std::string outputs;
    const json hashes = step.value("outputs", json::object());
    for (const auto& [file, hash] : hashes.items()) {
      outputs += fmt::format("{}<code>{} {}</code>", outputs.empty() ? "" : "<br>", escaped_html(file),
                             escaped_html(hash.is_string() ? hash.get<std::string>().substr(0, 16) : ""));
    }
    html += row({escaped_html(name), "<code>" + escaped_html(step.value("command", "")) + "</code>",
                 fmt::format("{:.1f} s", step.value("wall_s", 0.0)), outputs});
  }
  return html + "</table>\n";
}

}  // namespace

std::string escaped_html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' ? ' ' : c;
    }
  }
  return html;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < n ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += k <= n ? digits[group >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

std::string report_page(const std::string& directory) {
  const json metrics = read_metrics(directory);
  const json manifest = read_manifest(directory);
  const fs::path folder = fs::path(directory) / "figures";
  const std::vector<std::string> figures = figures_in(folder);
  if (metrics.empty() && manifest.empty() && figures.empty()) {
    throw propagator::InputError(directory, "", "results", "none",
                                 "nothing to report: `make reproduce` or the other commands fill a folder");
  }
  const std::string name = escaped_html(text_of(metrics, "training", "experiment"));
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>FMNet: "
      "{0}</title>\n<style>{1}</style>\n"
      "</head>\n<body>\n<h1>Focal mechanisms by deep learning: {0}</h1>\n"
      "<p>A reproduction of Kuang, Yuan &amp; Zhang, <cite>Real-time determination of earthquake focal mechanism via "
      "deep learning</cite>, Nature Communications 12, 1432 (2021), computed from the propagator to the picture by "
      "this program.</p>\n"
      "<h2>The paper's claims and ours</h2>\n",
      name, style);
  html += claims_table(metrics) + "<h2>Figures</h2>\n";
  if (figures.empty()) html += "<p>This folder holds no figures.</p>\n";
  for (const std::string& figure : figures) html += figure_html(folder, figure);
  html += "<h2>How this was made</h2>\n" + origin_section(manifest) + "</body>\n</html>\n";
  return html;
}

void write_report(const std::string& directory) {
  data::write_file_atomically((fs::path(directory) / "report.html").string(), report_page(directory));
}

}  // namespace fmnet
