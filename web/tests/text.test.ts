// SPDX-License-Identifier: Apache-2.0
import { describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatCompact, formatPoints, formatTime, shortDigest } from '../src/i18n/format';
import { en } from '../src/i18n/en';
import { enHosts } from '../src/i18n/en_hosts';
import { enLogs } from '../src/i18n/en_logs';
import { fill, t, tData } from '../src/i18n/t';

describe('texts', () => {
  it('have the form of their number', () => {
    expect(t('cve.count', { n: 1 })).toBe('1 image');
    expect(t('cve.count', { n: 1200 })).toBe('1,200 images');
  });

  it('keep what no variable fills', () => {
    expect(fill('{a} of {b}', { a: 'x' })).toBe('x of {b}');
  });

  it('fall back to the data where there is no text', () => {
    expect(tData('severity', 'High')).toBe('High');
    expect(tData('threat', 'somethingNew')).toBe('somethingNew');
  });

  it('of hosts and of records are none of the others', () => {
    expect(Object.keys(enHosts).filter((key) => key in en || key in enLogs)).toEqual([]);
    expect(Object.keys(enLogs).filter((key) => key in en)).toEqual([]);
  });

  it('use the same variables in both forms', () => {
    const variables = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).filter((name) => name !== 'n').sort();
    for (const [key, text] of Object.entries({ ...en, ...enHosts, ...enLogs }))
      if (typeof text !== 'string') expect(variables(text.one), key).toEqual(variables(text.other));
  });
});

describe('formats', () => {
  it('show sizes in binary units', () => {
    expect(formatBytes(0)).toBe('0 B');
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(734_003_200)).toBe('700 MiB');
  });

  it('show times in UTC by default, and nothing for none', () => {
    expect(formatTime('2026-11-21T14:03:59Z', 'utc')).toBe('2026-11-21 14:03 UTC');
    expect(formatTime(null, 'utc')).toBe('');
    expect(formatTime('no time', 'utc')).toBe('');
  });

  it('show how long ago in the largest unit that fits', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(formatAgo('2026-11-21T09:00:00Z', now)).toBe('3 hours ago');
    expect(formatAgo('2026-11-20T09:00:00Z', now)).toBe('yesterday');
    expect(formatAgo('2026-11-21T11:59:50Z', now)).toBe('now');
  });

  it('round points only where they are broken', () => {
    expect(formatPoints(6)).toBe('6');
    expect(formatPoints(4 / 78 * 6)).toBe('0.31');
  });

  it('shorten numbers from a thousand on, and digests', () => {
    expect(formatCompact(987)).toBe('987');
    expect(formatCompact(14_950)).toBe('15K');
    expect(shortDigest('sha256:9f86d081884c7d659a2f')).toBe('sha256:9f86d081884c');
  });
});
