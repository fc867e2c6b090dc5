#include "fmnet/quakeml.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <sstream>

#include "data/geodesy.h"
#include "fmnet/plane_json.h"
#include "fmnet/version.h"
#include "propagator/focal_mechanism.h"

namespace fmnet {
namespace {

using nlohmann::json;

void add_text(pugi::xml_node parent, const char* name, const std::string& text) {
  parent.append_child(name).text().set(text.c_str());
}

void add_value(pugi::xml_node parent, const char* name, double value) {
  add_text(parent.append_child(name), "value", fmt::format("{:.10g}", value));
}

void add_plane(pugi::xml_node parent, const char* name, const propagator::FocalMechanism& plane) {
  pugi::xml_node node = parent.append_child(name);
  add_value(node, "strike", plane.strike_deg);
  add_value(node, "dip", plane.dip_deg);
  add_value(node, "rake", plane.rake_deg);
}

void add_axis(pugi::xml_node parent, const char* name, const propagator::AxisDirection& axis, double length) {
  pugi::xml_node node = parent.append_child(name);
  add_value(node, "azimuth", axis.azimuth_deg);
  add_value(node, "plunge", axis.plunge_deg);
  add_value(node, "length", length);
}

// "XX.AAA" of every station of which a channel was used.
std::set<std::string> stations_used(const json& prediction) {
  std::set<std::string> names;
  for (const json& c : prediction.at("channels")) {
    if (c.at("action") == "used") names.insert(c.at("station").get<std::string>());
  }
  return names;
}

// The largest angle between neighbouring stations as seen from the epicentre.
double azimuthal_gap_deg(const json& prediction, const Config& config) {
  const std::set<std::string> used = stations_used(prediction);
  const json& event = prediction.at("event");
  std::vector<double> azimuths_deg;
  for (const data::Station& s : config.stations) {
    if (used.count(s.network + "." + s.code) == 0) continue;
    azimuths_deg.push_back(data::geodesic(event.at("latitude_deg").get<double>(),
                                          event.at("longitude_deg").get<double>(), s.latitude_deg, s.longitude_deg)
                               .azimuth_deg);
  }
  if (azimuths_deg.empty()) return 360.0;
  std::sort(azimuths_deg.begin(), azimuths_deg.end());
  double gap_deg = 360.0 + azimuths_deg.front() - azimuths_deg.back();
  for (std::size_t i = 1; i < azimuths_deg.size(); ++i)
    gap_deg = std::max(gap_deg, azimuths_deg[i] - azimuths_deg[i - 1]);
  return gap_deg;
}

void add_origin(pugi::xml_node event_node, const json& event, const std::string& id) {
  pugi::xml_node origin = event_node.append_child("origin");
  origin.append_attribute("publicID") = (id + "/origin").c_str();
  add_text(origin.append_child("time"), "value", event.at("origin").get<std::string>());
  add_value(origin, "latitude", event.at("latitude_deg").get<double>());
  add_value(origin, "longitude", event.at("longitude_deg").get<double>());
  add_value(origin, "depth", 1000.0 * event.at("depth_km").get<double>());
}

void add_channels(pugi::xml_node mechanism, const json& prediction) {
  for (const json& c : prediction.at("channels")) {
    if (c.at("action") != "used") continue;
    const std::string station = c.at("station").get<std::string>(), channel = c.at("channel").get<std::string>();
    const std::size_t dot = station.find('.'), channel_dot = channel.find('.');
    pugi::xml_node id = mechanism.append_child("waveformID");
    id.append_attribute("networkCode") = station.substr(0, dot).c_str();
    id.append_attribute("stationCode") = station.substr(dot + 1).c_str();
    if (channel_dot > 0) id.append_attribute("locationCode") = channel.substr(0, channel_dot).c_str();
    id.append_attribute("channelCode") = channel.substr(channel_dot + 1).c_str();
  }
}

void add_comments(pugi::xml_node mechanism, const json& prediction) {
  const auto comment = [&mechanism](const std::string& text) {
    add_text(mechanism.append_child("comment"), "text", text);
  };
  if (prediction.contains("weights_sha256")) {
    comment("weights SHA-256 " + prediction["weights_sha256"].get<std::string>());
  }
  if (!prediction.contains("trust")) return;
  const json& curves = prediction["trust"]["curves"];
  comment(
      fmt::format("widths at half height of the network's curves, no standard errors: strike {:.1f}, dip {:.1f}, rake "
                  "{:.1f} degrees",
                  curves["strike"]["width_deg"].get<double>(), curves["dip"]["width_deg"].get<double>(),
                  curves["rake"]["width_deg"].get<double>()));
  for (const json& warning : prediction["trust"]["warnings"]) comment("warning: " + warning.get<std::string>());
}

}  // namespace

std::string quakeml(const json& prediction, const Config& config) {
  const std::string id = "smi:local/fmnet/" + prediction.at("event").at("id").get<std::string>();
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("q:quakeml");
  root.append_attribute("xmlns") = "http://quakeml.org/xmlns/bed/1.2";
  root.append_attribute("xmlns:q") = "http://quakeml.org/xmlns/quakeml/1.2";
  pugi::xml_node parameters = root.append_child("eventParameters");
  parameters.append_attribute("publicID") = (id + "/parameters").c_str();
  pugi::xml_node event = parameters.append_child("event");
  event.append_attribute("publicID") = id.c_str();
  add_text(event, "preferredFocalMechanismID", id + "/mechanism");
  add_origin(event, prediction.at("event"), id);

  pugi::xml_node mechanism = event.append_child("focalMechanism");
  mechanism.append_attribute("publicID") = (id + "/mechanism").c_str();
  add_text(mechanism, "triggeringOriginID", id + "/origin");
  const propagator::FocalMechanism plane = plane_of(prediction.at("plane"));
  pugi::xml_node planes = mechanism.append_child("nodalPlanes");
  planes.append_attribute("preferredPlane") = "1";
  add_plane(planes, "nodalPlane1", plane);
  add_plane(planes, "nodalPlane2", plane_of(prediction.at("auxiliary_plane")));
  const propagator::PrincipalAxes axes = propagator::principal_axes(plane);
  pugi::xml_node principal = mechanism.append_child("principalAxes");
  add_axis(principal, "tAxis", axes.t, 1.0);
  add_axis(principal, "pAxis", axes.p, -1.0);
  add_axis(principal, "nAxis", axes.n, 0.0);
  add_text(mechanism, "azimuthalGap", fmt::format("{:.4g}", azimuthal_gap_deg(prediction, config)));
  if (prediction.contains("trust")) {
    const double reduction = prediction["trust"]["fit"]["variance_reduction"].get<double>();
    add_text(mechanism, "misfit", fmt::format("{:.4g}", 1.0 - reduction));
  }
  add_text(mechanism, "methodID", "smi:local/fmnet/method");
  add_channels(mechanism, prediction);
  add_text(mechanism, "evaluationMode", "automatic");
  add_text(mechanism, "evaluationStatus", "preliminary");
  pugi::xml_node creation = mechanism.append_child("creationInfo");
  add_text(creation, "author", "fmnet");
  add_text(creation, "version", version);
  add_comments(mechanism, prediction);
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

}  // namespace fmnet
