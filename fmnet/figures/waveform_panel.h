// The network's 48 rows as seismograms under each other, station by station, E N Z within a station.
#pragma once

#include <string>
#include <vector>

#include "data/preprocess.h"
#include "fmnet/figure.h"

namespace fmnet {

// The first n_stations slots; later ones are rows of zeros without a station.
// Columns: seconds after P, line from the top (1 = first station's E), amplitude, component (0 E, 1 N, 2 Z).
Table waveform_table(const data::Waveforms& rows, int n_stations, const data::PreprocessSettings& settings);

// The axes and the plot command of a panel that draws such a table; one label a station.
std::string waveform_commands(const std::string& table_file, const std::vector<std::string>& station_names,
                              const data::PreprocessSettings& settings);

}  // namespace fmnet
