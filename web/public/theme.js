// SPDX-License-Identifier: Apache-2.0
// Sets the theme before the first paint; a file, since the content security policy allows no inline script.
(function () {
  var kept = null;
  try {
    kept = localStorage.getItem('bulwark.theme');
  } catch (error) {
    // Storage is blocked: follow the system.
  }
  var dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
