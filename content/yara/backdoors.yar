// SPDX-License-Identifier: Apache-2.0
// Ways back in: reverse shells, programs that hide, scheduled downloads. Format: docs/add-a-malware-rule.md.

rule reverse_shell_script
{
  meta:
    title = "Reverse shell"
    severity = "critical"
    description = "A script connects to another machine and hands it an interactive shell."
    impact = "Whoever listens at the other end has a shell in the container, past every port that is closed."
    remediation = "Remove the script, find out who placed it, and take credentials that the container can read as stolen."
    keyword = "/dev/tcp/"
    keyword = "/dev/udp/"
    keyword = "-e /bin/"
    keyword = "dup2("
    keyword = "/bin/sh -i"
  strings:
    $bash = /(ba)?sh\s+-i\s*(>&|&>|>)\s*\/dev\/(tcp|udp)\/[A-Za-z0-9.$_{}-]{1,100}\/[A-Za-z0-9$_{}]{1,40}/
    $bash_exec = /exec\s+[0-9]{1,3}<>\s*\/dev\/tcp\/[A-Za-z0-9.$_{}-]{1,100}\/[A-Za-z0-9$_{}]{1,40}[^\n]{0,40}\n?[^\n]{0,100}(cat|sh|while)[^\n]{0,100}<&/
    $netcat = /\b(nc|ncat|netcat)\s[^\n]{0,100}-e\s+\/bin\/(ba|da|z)?sh\b/
    $fifo = /mkfifo\s+[^\n;|&]{1,100}[;&|][^\n]{0,120}\/bin\/(ba)?sh\s+-i[^\n]{0,60}\|\s*(nc|ncat|netcat|openssl)\b/
    $python = /os\.dup2\(\s*\w{1,30}\.fileno\(\)\s*,\s*0\s*\)[^\x00]{0,200}(\/bin\/(ba)?sh|pty\.spawn)/
    $perl = /open\(STDIN\s*,\s*["']>&\w{1,10}["']\)[^\x00]{0,200}exec\s*[\({]?\s*["']\/bin\/(ba)?sh -i/
  condition:
    filesize < 1MB and uint32(0) != 0x464c457f and any of them
}

rule process_hider_library
{
  meta:
    title = "Library that hides processes"
    severity = "critical"
    description = "A library made for ld.so.preload that leaves chosen processes out of the listings of /proc."
    impact = "It is used to keep miners and backdoors out of sight of those who look."
    remediation = "Take the image out of use and rebuild from sources you trust; look at /etc/ld.so.preload."
    keyword = "process_to_filter"
  strings:
    $filter = "process_to_filter"
    $readdir = "readdir"
    $proc = "/proc"
  condition:
    uint32(0) == 0x464c457f and all of them
}

rule scheduled_download_and_run
{
  meta:
    title = "Scheduled job that downloads and runs a script"
    severity = "high"
    description = "A cron line fetches a script from the network and hands it to a shell each time it is due."
    impact = "Whoever controls the address, or the way to it, runs commands in the container for as long as it lives."
    remediation = "Remove the job. Put what is needed into the image and pin it by digest."
    keyword = "|sh"
    keyword = "| sh"
    keyword = "|bash"
    keyword = "| bash"
    keyword = "|/bin/"
    keyword = "| /bin/"
  strings:
    $line = /(^|\n)\s*([0-9*\/,-]{1,20}\s+){5}[^\n#]{0,100}(curl|wget)\s[^\n]{1,300}\|\s{0,3}(\/bin\/)?(ba|da)?sh\b/
  condition:
    filesize < 1MB and $line
}
