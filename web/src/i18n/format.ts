// SPDX-License-Identifier: Apache-2.0
// Numbers, sizes and times as text.
import { preferences } from '../app/preferences';

const numbers = new Intl.NumberFormat('en');
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

export const formatNumber = (value: number): string => numbers.format(value);

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

/** 987 or 3.6K: for places that have room for five characters. */
export const formatCompact = (value: number): string => (value < 1000 ? formatNumber(value) : compact.format(value));

export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** Of a share from 0 to 1. */
export const formatPercent = (share: number): string => `${Math.round(share * 100)}%`;

/** Points of the secure score: whole where they are, else two places as Azure shows them. */
export const formatPoints = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(2));

/** 2026-11-21 14:03 UTC, or local time with its zone where the user chose so. Empty for no time. */
export function formatTime(text: string | null | undefined, zone = preferences.zone()): string {
  const time = text ? new Date(text) : null;
  if (!time || Number.isNaN(time.getTime())) return '';
  if (zone === 'utc') return `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return new Intl.DateTimeFormat(undefined, {
    year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
  }).format(time);
}

export const formatDay = (text: string | null | undefined): string => (text ? text.slice(0, 10) : '');

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60],
];

/** "3 hours ago". */
export function formatAgo(text: string | null | undefined, now = Date.now()): string {
  const time = text ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) return '';
  const seconds = (time - now) / 1000;
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
  return relative.format(0, 'second');
}

/** sha256:9f86d081884c: enough to tell digests apart by eye. */
export const shortDigest = (digest: string): string => digest.slice(0, 19);
