// SPDX-License-Identifier: Apache-2.0
// Programs that mine cryptocurrency, and what configures them. Format: docs/add-a-malware-rule.md.

rule cryptominer_program
{
  meta:
    title = "Cryptocurrency miner"
    severity = "critical"
    description = "A program with the marks of a Monero miner: the mining protocol together with the names of its algorithms and options."
    impact = "It takes the processors it runs on for somebody else's profit, and whoever placed it could place anything."
    remediation = "Take the image out of use, find the build step or the base image that brought the program, and rebuild from sources you trust."
    keyword = "stratum+tcp://"
    keyword = "stratum+ssl://"
  strings:
    $pool1 = "stratum+tcp://"
    $pool2 = "stratum+ssl://"
    $name1 = "xmrig" nocase
    $name2 = "cryptonight" nocase
    $name3 = "randomx" nocase
    $option1 = "donate-level"
    $option2 = "rig-id"
    $option3 = "nicehash"
    $option4 = "cpu-max-threads-hint"
  condition:
    (uint32(0) == 0x464c457f or uint16(0) == 0x5a4d or uint32(0) == 0xfeedfacf or uint32(0) == 0xbebafeca) and
    any of ($pool*) and any of ($name*) and 2 of ($option*)
}

rule cryptominer_configuration
{
  meta:
    title = "Configuration of a cryptocurrency miner"
    severity = "high"
    description = "A small file that tells a miner its pool, its wallet and how much of the processor to take."
    impact = "Where the configuration lies a miner runs, or will be downloaded to run."
    remediation = "Remove the file and look for what starts the miner: entry point, cron, init scripts. Rebuild from sources you trust."
    keyword = "donate-level"
    keyword = "rig-id"
    keyword = "stratum+"
  strings:
    $pools = "\"pools\""
    $url = "\"url\""
    $algo = "\"algo\""
    $coin = "\"coin\""
    $donate = "\"donate-level\""
    $rig = "\"rig-id\""
    $pool = "stratum+"
  condition:
    filesize < 100KB and $pools and $url and ($algo or $coin) and any of ($donate, $rig, $pool)
}

rule cryptominer_start_line
{
  meta:
    title = "Script that starts a cryptocurrency miner"
    severity = "high"
    description = "A script that runs a program with the address of a mining pool and a wallet."
    remediation = "Remove the script and look for the program it starts. Rebuild from sources you trust."
    keyword = "stratum+"
    keyword = "donate-level"
  strings:
    $line1 = /(-o|--url)[ =]["']?stratum\+(tcp|ssl|tls):\/\/[a-z0-9.-]{3,100}:[0-9]{2,5}["']?[^\n]{0,200} (-u|--user)[ =]/
    $line2 = /--donate-level[ =][0-9]{1,2}[^\n]{0,200} (-o|--url)[ =]/
  condition:
    filesize < 1MB and uint32(0) != 0x464c457f and any of them
}
