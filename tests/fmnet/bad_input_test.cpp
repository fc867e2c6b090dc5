// What users hand over by mistake, and what nobody hands over but an enemy: every reader as the program calls it.
//
// A bad input ends with exit status 2 and exactly one line on stderr that names file, place, field, value and rule. The lines
// stand in bad_inputs.tsv, "name <tab> line"; the folder of a test stands there as nothing, a checksum as SHA256. Inputs of up
// to 1 MB made to be slow or large are refused within 64 MB and 1 s of processor time beyond what the same command needs for
// an input that is not there.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <vector>

#include "data/atomic_file.h"
#include "fmnet/checkpoint.h"
#include "tests/support/miniseed_writer.h"
#include "tests/support/temporary_folder.h"

namespace {

const std::string byron = FMNET_SOURCE_DIR "/data/byron/";
const std::string corpus = FMNET_SOURCE_DIR "/tests/fuzz/corpus/";

std::string read(const std::string& path) { return data::read_whole_file(path, 1 << 22); }

struct End {
  int status = -1;
  double cpu_s = 0.0, peak_mb = 0.0;
  std::string errors;
};

// `fmnet ARGUMENTS` in a folder, with what it used.
End run(const support::TemporaryFolder& folder, const std::string& arguments) {
  const std::string command = "cd '" + folder.path() + "' && exec '" FMNET_BINARY_DIR "/bin/fmnet' --threads 1 " +
                              arguments + " >stdout 2>stderr";
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  int status = 0;
  struct rusage used {};
  wait4(child, &status, 0, &used);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, seconds(used.ru_utime) + seconds(used.ru_stime),
          static_cast<double>(used.ru_maxrss) / 1024.0, read(folder.path() + "/stderr")};
}

const std::string event_option = " --event 2019-07-16T20:11:01.47,37.8187,-121.7568,12.38";
const std::string predict =
    "predict --config '" + byron + "byron.toml' --weights weights.safetensors --records records";

struct BadInput {
  std::string name, file, bytes;  // what is written where
  std::string arguments;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos) throw std::runtime_error("not in the text: " + from);
  return text.replace(at, from.size(), to);
}

std::string patched(std::string bytes, std::size_t offset, const std::string& with) {
  return bytes.replace(offset, with.size(), with);
}

using Bytes = std::string;

void add_miniseed(std::vector<BadInput>& all) {
  data::Trace trace;
  trace.network = "BK";
  trace.station = "CMB";
  trace.channel = "BHZ";
  trace.dt_s = 0.05;
  trace.samples = Eigen::ArrayXd::LinSpaced(224, 0.0, 223.0);
  const Bytes good = support::miniseed_file(trace);
  const auto add = [&](const char* name, const Bytes& bytes) {
    all.push_back({std::string("miniseed ") + name, "records/a.mseed", bytes, predict + event_option});
  };
  add("empty", "");
  add("cut off in the header", good.substr(0, 40));
  add("cut off in the data", good.substr(0, 300));
  add("cut off in the second record", good.substr(0, 700));
  add("sequence", patched(good, 0, "abc"));
  add("quality", patched(good, 6, "X"));
  add("year", patched(good, 20, Bytes("\x00\x01", 2)));
  add("hour", patched(good, 24, Bytes("\x19", 1)));
  add("no blockette", patched(good, 46, Bytes("\x00\x00", 2)));
  add("blockette out of bounds", patched(good, 46, Bytes("\x7f\x00", 2)));
  add("blockette type", patched(good, 48, Bytes("\x01\x2c", 2)));
  add("encoding", patched(good, 52, Bytes("\x13", 1)));
  add("record length", patched(good, 54, Bytes("\x1e", 1)));
  add("data offset", patched(good, 44, Bytes("\x00\x03", 2)));
  add("too many samples", patched(good, 30, Bytes("\x27\x10", 2)));
  add("not miniSEED at all", "<html>404 not found</html>");
}

void add_sac(std::vector<BadInput>& all) {
  const Bytes good = read(corpus + "sac/little_endian");
  const auto add = [&](const char* name, const Bytes& bytes, const std::string& options = " --sac-unit m") {
    all.push_back({std::string("sac ") + name, "records/a.sac", bytes, predict + event_option + options});
  };
  add("unit not stated", good, "");
  add("unit unknown", good, " --sac-unit furlong");
  add("cut off", good.substr(0, 640));
  add("shorter than a header", good.substr(0, 100));
  add("a byte too long", good + "x");
  add("version", patched(good, 304, Bytes("\x05\x00\x00\x00", 4)));
  add("uneven", patched(good, 420, Bytes("\x00\x00\x00\x00", 4)));
  add("spectrum", patched(good, 340, Bytes("\x02\x00\x00\x00", 4)));
  add("negative count", patched(good, 316, Bytes("\xff\xff\xff\xff", 4)));
  add("delta zero", patched(good, 0, Bytes("\x00\x00\x00\x00", 4)));
  add("delta not a number", patched(good, 0, Bytes("\x00\x00\xc0\x7f", 4)));
  add("no reference year", patched(good, 280, Bytes("\xc7\xcf\xff\xff", 4)));
  add("milliseconds", patched(good, 300, Bytes("\xe8\x03\x00\x00", 4)));
}

void add_metadata(std::vector<BadInput>& all) {
  const Bytes xml = read(corpus + "station_xml/one_channel"), pz = read(corpus + "sacpz/one_entry");
  const auto add = [&](const char* name, const char* file, const Bytes& bytes) {
    all.push_back({name, std::string("records/") + file, bytes, predict + event_option});
  };
  add("stationxml empty", "a.xml", "");
  add("stationxml not closed", "a.xml", xml.substr(0, 400));
  add("stationxml root", "a.xml", "<html></html>");
  add("stationxml latitude absent", "a.xml", replaced(xml, "<Latitude unit=\"DEGREES\">35.5</Latitude>", ""));
  add("stationxml latitude", "a.xml", replaced(xml, ">35.5<", ">35,5<"));
  add("stationxml azimuth", "a.xml", replaced(xml, "<Azimuth>0<", "<Azimuth>north<"));
  add("stationxml date", "a.xml", replaced(xml, "2010-01-01T00:00:00", "yesterday"));
  add("stationxml kind of poles", "a.xml", replaced(xml, "LAPLACE (RADIANS/SECOND)", "LAPLACE"));
  add("stationxml pole", "a.xml", replaced(xml, "<Real>-4.44288</Real>", "<Real>nan</Real>"));
  add("stationxml gain", "a.xml", replaced(xml, "<Value>1500</Value>", "<Value></Value>"));
  add("sacpz constant", "a.pz", replaced(pz, "CONSTANT +3.0e+03", "CONSTANT +3.0e+05"));
  add("sacpz unit", "a.pz", replaced(pz, ": M\n", ": NM\n"));
  add("sacpz poles", "a.pz", replaced(pz, "POLES 2", "POLES 1"));
  add("sacpz azimuth", "a.pz", replaced(pz, "* AZIMUTH", "* AZIMUT"));
  add("sacpz dip", "a.pz", replaced(pz, "DIP               : 90.0", "DIP               : -90.0"));
  add("sacpz cut off", "a.pz", pz.substr(0, pz.find("CONSTANT")));
}

void add_tables(std::vector<BadInput>& all) {
  const Bytes toml = read(corpus + "toml/small"), stations = read(byron + "stations.txt"),
              model = read(byron + "gil7.txt");
  const auto config = [&](const char* name, const Bytes& bytes) {
    all.push_back({std::string("configuration ") + name, "c.toml", bytes, "greens --config c.toml --output g.bin"});
  };
  config("not TOML", "name = = 1\n");
  config("empty", "");
  config("key twice", "name = \"a\"\n" + toml);
  config("key unknown", replaced(toml, "order = 4", "order = 4\ncorners = 4"));
  config("key missing", replaced(toml, "order = 4\n", ""));
  config("wrong type", replaced(toml, "order = 4", "order = \"4\""));
  config("out of range", replaced(toml, "low_hz = 0.025", "low_hz = 0.9"));
  config("edges exchanged", replaced(toml, "low_hz = 0.025", "low_hz = 0.06"));
  config("corners", replaced(toml, "corners_hz = [0.01, 0.02", "corners_hz = [0.01, 0.04"));
  config("channels", replaced(toml, "\"BH\", ", "\"B\", "));
  config("stations", replaced(toml, "min_stations = 9", "min_stations = 10"));
  const auto table = [&](const char* name, const char* file, const Bytes& bytes) {
    const Bytes head = std::string(file) == "s.txt" ? replaced(read(byron + "byron.toml"), "stations.txt", "s.txt")
                                                    : replaced(read(byron + "byron.toml"), "gil7.txt", "m.txt");
    all.push_back({name, file, bytes, "greens --config c.toml --output g.bin\n" + head});
  };
  table("stations empty", "s.txt", "# nothing\n");
  table("stations columns", "s.txt", "BK WELL 38.4 -120.7\n");
  table("stations exchanged", "s.txt", "BK WELL -120.7 38.4 563.7\n");
  table("stations twice", "s.txt", stations + "BK CMB 38 -120 0\n");
  table("stations number", "s.txt", "BK WELL 38.4x -120.7 563.7\n");
  table("stations too many", "s.txt", stations + "A A 1 1 0\nA B 1 1 0\nA C 1 1 0\nA D 1 1 0\nA E 1 1 0\n");
  table("model empty", "m.txt", "");
  table("model columns", "m.txt", replaced(model, "2.28  600  300", "2.28"));
  table("model vs above vp", "m.txt", replaced(model, "3.20  1.50", "3.20  3.50"));
  table("model half-space first", "m.txt", replaced(model, " 1.0  3.20", " 0.0  3.20"));
  table("model density", "m.txt", replaced(model, "2.28  600", "-2.28  600"));
}

void add_weights_and_options(std::vector<BadInput>& all, const Bytes& weights) {
  const auto add = [&](const char* name, const Bytes& bytes) {
    all.push_back({std::string("weights ") + name, "weights.safetensors", bytes, predict + event_option});
  };
  add("empty", "");
  add("cut off", weights.substr(0, weights.size() - 1000));
  add("a byte too long", weights + "x");
  add("one bit of a value",
      patched(weights, weights.size() - 100, Bytes(1, static_cast<char>(weights[weights.size() - 100] ^ 1))));
  add("header length", patched(weights, 0, Bytes("\xff\xff\xff\xff\x00\x00\x00\x00", 8)));
  add("another program's", patched(weights, 10, "format"));
  const auto option = [&](const char* name, const std::string& arguments) { all.push_back({name, "", "", arguments}); };
  option("event latitude", predict + " --event 2019-07-16T20:11:01,-121.7,37.8,12");
  option("event time", predict + " --event yesterday,37.8,-121.7,12");
  option("event fields", predict + " --event 2019-07-16T20:11:01,37.8,-121.7");
  option("event depth", predict + " --event 2019-07-16T20:11:01,37.8,-121.7,deep");
  option("delay", predict + event_option + " --delay later");
  option("reference", predict + event_option + " --reference 234/95/-5");
  option("records absent", replaced(predict, "--records records", "--records nowhere") + event_option);
  option("records empty", predict + event_option);
  option("weights absent", replaced(predict, "weights.safetensors", "nothing") + event_option);
  const auto picks = [&](const char* name, const Bytes& bytes) {
    all.push_back({name, "p.txt", bytes, predict + event_option + " --picks p.txt"});
  };
  picks("picks fields", "BK CMB P\n");
  picks("picks phase", "BK CMB S 2019-07-16T20:11:30\n");
  picks("picks time", "BK CMB P 20:11:30\n");
  picks("picks twice", "BK CMB P 2019-07-16T20:11:30\nBK CMB P 2019-07-16T20:11:31\n");
}

// Synthetics in the sound model m.txt.
void add_synthetics(std::vector<BadInput>& all) {
  const Bytes model = "5.5 5.5 3.18 2.4 600 300\n0 6.3 3.64 2.67 600 300\n";
  const std::string synth =
      "synth --model m.txt --mechanism 230/80/-10 --depth 8 --distance 40 --azimuth 30 --samples 32 --output out";
  const std::string exported = "export --model m.txt --depth 8 --distance 40 --samples 32 --output out";
  const auto add = [&](const char* name, const std::string& arguments) {
    all.push_back({std::string("synthetics ") + name, "m.txt", model, arguments});
  };
  add("no source", replaced(synth, "--mechanism 230/80/-10 ", ""));
  add("two sources", synth + " --force 1,0,0");
  add("mechanism", replaced(synth, "230/80/-10", "230/95/-10"));
  add("magnitude", synth + " --magnitude five");
  add("tensor of five", replaced(synth, "--mechanism 230/80/-10", "--tensor 1,1,1,0,0"));
  add("force of two", replaced(synth, "--mechanism 230/80/-10", "--force 1,0"));
  add("azimuth", replaced(synth, "--azimuth 30", "--azimuth 400"));
  add("azimuths", replaced(synth, "--azimuth 30", "--azimuth 30,60"));
  add("depth", replaced(synth, "--depth 8", "--depth -8"));
  add("distance", replaced(synth, "--distance 40", "--distance 0"));
  add("sampling", synth + " --dt 0");
  add("samples", replaced(synth, "--samples 32", "--samples 1"));
  add("band", synth + " --min-frequency 0.4 --max-frequency 0.1");
  add("highest frequency", synth + " --max-frequency 5");
  add("tolerance", synth + " --tolerance 0");
  add("duration", synth + " --duration 0.7");
  add("rise", synth + " --duration 4 --rise 0.9");
  add("attenuation", synth + " --attenuation none");
  add("stations without event", replaced(synth, "--depth 8 --distance 40 --azimuth 30", "--stations m.txt"));
  add("stations and depth", replaced(synth, "--distance 40 --azimuth 30", "--stations m.txt"));
  add("magnitude beyond", synth + " --magnitude 13");
  add("magnitude of a force", replaced(synth, "--mechanism 230/80/-10", "--force 1,0,0 --magnitude 5"));
  add("moment", synth + " --moment=-1");
  add("magnitude and moment", synth + " --magnitude 5 --moment 1e17");
  add("tensor of nan", replaced(synth, "--mechanism 230/80/-10", "--tensor nan,1,1,0,0,0"));
  add("rise alone", synth + " --rise 0.2");
  add("name", exported + " --name ../a");
  add("model absent", replaced(synth, "m.txt", "absent.txt"));
  add("convention", exported + " --convention gcmt");
  add("format", exported + " --format mat");
  add("side", exported + " --source-side middle");
  add("receiver depth", exported + " --receiver-depth -1");
  add("as fk at another tolerance", exported + " --as-fk --tolerance 1e-5");
  add("shortest distance", replaced(exported, "--distance 40", "--distance 40,1e-4"));
}

class BadInputs : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const support::TemporaryFolder folder;
    const std::string path = folder.path() + "/w";
    fmnet::save_weights(path, fmnet::FmNet(1), fmnet::read_config(byron + "byron.toml"), 1);
    weights_ = new std::string(read(path));
  }
  static void TearDownTestSuite() { delete weights_; }

  // A folder in which nothing is wrong yet, then the bad file. Records are read before picks: one good record for those.
  static void prepare(const support::TemporaryFolder& folder, const BadInput& bad) {
    folder.write("weights.safetensors", *weights_);
    std::filesystem::create_directories(folder.path() + "/records");
    if (bad.name.starts_with("picks")) folder.write("records/a", read(corpus + "miniseed/steim2_bk"));
    if (!bad.file.empty()) folder.write(bad.file, bad.bytes);
    if (const std::size_t end = bad.arguments.find('\n'); end != std::string::npos) {
      folder.write("c.toml", bad.arguments.substr(end + 1));
      if (bad.file == "s.txt") folder.write("gil7.txt", read(byron + "gil7.txt"));
      if (bad.file == "m.txt") folder.write("stations.txt", read(byron + "stations.txt"));
    }
  }
  static std::string* weights_;
};
std::string* BadInputs::weights_ = nullptr;

TEST_F(BadInputs, EndWithStatusTwoAndOneLineThatTellsWhatIsWrong) {
  std::vector<BadInput> all;
  add_miniseed(all);
  add_sac(all);
  add_metadata(all);
  add_tables(all);
  add_weights_and_options(all, *weights_);
  add_synthetics(all);
  std::map<std::string, std::string> expected;
  std::istringstream table(read(FMNET_SOURCE_DIR "/tests/fmnet/bad_inputs.tsv"));
  for (std::string line; std::getline(table, line);)
    expected[line.substr(0, line.find('\t'))] = line.substr(line.find('\t') + 1);
  const std::regex checksum("\\b[0-9a-f]{64}\\b");
  EXPECT_EQ(expected.size(), all.size());
  EXPECT_GE(all.size(), 60u);
  for (const BadInput& bad : all) {
    const support::TemporaryFolder folder;
    prepare(folder, bad);
    End end = run(folder, bad.arguments.substr(0, bad.arguments.find('\n')));
    for (std::size_t at; (at = end.errors.find(byron)) != std::string::npos;) end.errors.erase(at, byron.size());
    end.errors = std::regex_replace(end.errors, checksum, "SHA256");
    EXPECT_EQ(end.status, 2) << bad.name;
    EXPECT_EQ(end.errors, expected[bad.name] + "\n") << bad.name;
    if (std::getenv("FMNET_SHOW_BAD_INPUTS") != nullptr) printf("%s\t%s", bad.name.c_str(), end.errors.c_str());
  }
}

std::string many(const std::string& unit, std::size_t bytes = 1'000'000) {
  std::string all;
  while (all.size() + unit.size() <= bytes) all += unit;
  return all;
}

TEST_F(BadInputs, OfOneMegabyteTakeNeitherMemoryNorTime) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "a sanitizer's own memory and time";
#endif
  const Bytes steim = read(corpus + "miniseed/steim2_bk"), sac = read(corpus + "sac/little_endian");
  std::string numbered_picks;
  for (int i = 0; numbered_picks.size() < 990'000; ++i)
    numbered_picks += "A S" + std::to_string(i) + " P 2019-07-16T20:11:30\n";
  const std::string greens = "greens --config c.toml --output g.bin",
                    records = predict + event_option + " --sac-unit m";
  const std::vector<BadInput> hostile = {
      {"the same without an input", "", "", "greens --config absent"},
      {"nested arrays", "c.toml", "a = " + many("[", 999'000), greens},
      {"nested tables", "c.toml", "a." + many("a.", 900'000) + "a = 1", greens},
      {"nested table heads", "c.toml", "[a." + many("a.", 900'000) + "a]", greens},
      {"many keys", "c.toml", many("a = 1\n", 999'000), greens},
      {"one long text", "c.toml", "name = \"" + many("x", 999'000) + "\"", greens},
      {"nested elements", "records/a.xml", many("<a>"), records},
      {"empty elements", "records/a.xml", "<FDSNStationXML>" + many("<a/>", 999'000) + "</FDSNStationXML>", records},
      {"empty channels", "records/a.xml",
       "<FDSNStationXML><Network><Station>" + many("<Channel/>", 900'000) + "</Station></Network></FDSNStationXML>",
       records},
      {"references", "records/a.xml", "<!DOCTYPE a [<!ENTITY b \"" + many("&b;", 900'000) + "\">]><a>&b;</a>", records},
      {"records of one kind", "records/a.mseed", many(steim), records},
      {"a SAC header that promises", "records/a.sac", patched(sac, 316, Bytes("\x00\xe1\xf5\x05", 4)), records},
      {"many poles", "records/a.pz", many("POLES 100\n"), records},
      {"long annotation", "records/a.pz", "* A" + many("x", 990'000) + ": 1\n", records},
      {"picks of many stations", "p.txt", numbered_picks, records + " --picks p.txt"},
      {"one long line of picks", "p.txt", many("x ", 990'000), records + " --picks p.txt"},
      {"nested header of weights", "weights.safetensors",
       Bytes("\x40\x42\x0f\x00\x00\x00\x00\x00", 8) + many("[", 999'992), records},
      {"no weights", "weights.safetensors", many("{"), records},
  };
  double idle_mb = 0.0;
  for (const BadInput& bad : hostile) {
    const support::TemporaryFolder folder;
    prepare(folder, bad);
    const End end = run(folder, bad.arguments);
    if (idle_mb == 0.0) idle_mb = end.peak_mb;
    EXPECT_EQ(end.status, 2) << bad.name << ": " << end.errors.substr(0, 300);
    EXPECT_LT(end.errors.size(), 2000u) << bad.name;  // with a row a channel, where stations are missing
    EXPECT_LE(end.peak_mb, idle_mb + 64.0) << bad.name;
    EXPECT_LE(end.cpu_s, 1.0) << bad.name;
  }
}

}  // namespace
