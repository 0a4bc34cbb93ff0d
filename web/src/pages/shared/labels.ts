// SPDX-License-Identifier: Apache-2.0
import { t } from '../../i18n/t';

/** Labels from words like "team=shop"; throws with the word that is none. */
export function labelsOf(words: string[]): Record<string, string> {
  return Object.fromEntries(words.map((word) => {
    const at = word.indexOf('=');
    if (at < 1) throw new Error(t('labels.malformed', { word }));
    return [word.slice(0, at), word.slice(at + 1)];
  }));
}

export const labelsText = (labels: Record<string, string> = {}): string =>
  Object.entries(labels).map(([name, value]) => `${name}=${value}`).join(', ');
