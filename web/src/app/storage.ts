// SPDX-License-Identifier: Apache-2.0
// Values kept in the browser as JSON. Where storage is blocked or full they last as long as the page.

type Place = 'localStorage' | 'sessionStorage';

export function readStored<T>(place: Place, key: string, valid: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(window[place].getItem(key) ?? 'null');
    return valid(value) ? value : null;
  } catch {
    return null;
  }
}

export function writeStored(place: Place, key: string, value: unknown): void {
  try {
    window[place].setItem(key, JSON.stringify(value));
  } catch {
    // Blocked or full.
  }
}
