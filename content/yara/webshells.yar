// SPDX-License-Identifier: Apache-2.0
// Pages that run what a visitor sends. Format: docs/add-a-malware-rule.md.

rule webshell_php
{
  meta:
    title = "Web shell in PHP"
    severity = "critical"
    description = "A page hands a parameter of the request straight to eval or to a shell."
    impact = "Whoever knows the address runs commands as the web server."
    remediation = "Remove the page, find out how it came there, and take what the web server can read as stolen."
    keyword = "$_get"
    keyword = "$_post"
    keyword = "$_request"
    keyword = "$_cookie"
  strings:
    $open = "<?"
    $run = /\b(eval|assert|system|shell_exec|passthru|popen|proc_open|pcntl_exec)\s{0,5}\(\s{0,5}((base64_decode|gzinflate|gzuncompress|str_rot13|stripslashes|urldecode|trim)\s{0,5}\(\s{0,5}){0,4}\$_(GET|POST|REQUEST|COOKIE)\s{0,3}[\[{]/ nocase
    $call = /\$_(GET|POST|REQUEST|COOKIE)\s{0,3}\[[^\]]{1,40}\]\s{0,3}\(\s{0,3}\$_(GET|POST|REQUEST|COOKIE)\s{0,3}\[/ nocase
  condition:
    filesize < 1MB and $open and ($run or $call)
}

rule webshell_jsp
{
  meta:
    title = "Web shell in JSP"
    severity = "critical"
    description = "A page runs a parameter of the request as a command."
    impact = "Whoever knows the address runs commands as the web server."
    remediation = "Remove the page, find out how it came there, and take what the web server can read as stolen."
    keyword = "getruntime()"
  strings:
    $open = "<%"
    $run = /getRuntime\(\)\s{0,5}\.\s{0,5}exec\(\s{0,5}request\s{0,5}\.\s{0,5}getParameter\(/
  condition:
    filesize < 1MB and $open and $run
}

rule webshell_asp
{
  meta:
    title = "Web shell in ASP"
    severity = "critical"
    description = "A page evaluates a parameter of the request as code."
    impact = "Whoever knows the address runs commands as the web server."
    remediation = "Remove the page, find out how it came there, and take what the web server can read as stolen."
    keyword = "eval(request"
    keyword = "eval request"
    keyword = "execute(request"
    keyword = "execute request"
  strings:
    $open = "<%"
    $run = /\b(eval|execute)[ (]\s{0,5}request\s{0,5}(\.\s{0,5}(item|form|querystring)\s{0,5})?[\[(]/ nocase
  condition:
    filesize < 1MB and $open and $run
}
