// The report: one HTML page that needs no other file, no script and no network.
//
// It opens with the paper's claims beside ours (claims.h), then shows every figure of FOLDER/figures with its caption, then
// says how the folder was made: program, machine, steps, times, checksums. Figures are SVG inside the page (as data, so that
// names inside one figure cannot meet those of another). All text is escaped. On paper each figure keeps its caption.
//
// The page is a function of the folder's files alone: the same files give the same page.
#pragma once

#include <string>
#include <string_view>

namespace fmnet {

// The page for a folder that the other commands have filled. InputError where a file in it is damaged, or where it holds
// neither metrics nor steps nor figures.
std::string report_page(const std::string& directory);

// Writes FOLDER/report.html.
void write_report(const std::string& directory);

std::string escaped_html(
    std::string_view text);  // & < > " ' as entities; other control characters than tab and line end as blanks
std::string base64(std::string_view bytes);  // RFC 4648, with padding

}  // namespace fmnet
