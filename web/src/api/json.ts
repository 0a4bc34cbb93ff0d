// SPDX-License-Identifier: Apache-2.0
// JSON with 64-bit numbers: those beyond 2^53, which a number of JavaScript would round, become texts.

const longNumber = /[[,:]\s*-?\d{16,}\s*[,\]}]|^\s*-?\d{16,}\s*$/;
const textOrLong = /"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;

const exact = (found: string): string => (found.startsWith('"') || Number.isSafeInteger(Number(found)) ? found : `"${found}"`);

export function parseExact(text: string): unknown {
  return JSON.parse(longNumber.test(text) ? text.replace(textOrLong, exact) : text);
}
