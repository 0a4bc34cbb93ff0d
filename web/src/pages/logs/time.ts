// SPDX-License-Identifier: Apache-2.0
// The time that a query is about: an ISO 8601 duration back from now, or `start/end`.
import type { Zone } from '../../app/preferences';
import { formatTime } from '../../i18n/format';
import { tData } from '../../i18n/logs';

export const durations = ['PT30M', 'PT1H', 'PT4H', 'PT12H', 'P1D', 'P2D', 'P3D', 'P7D'];
export const defaultTimespan = 'P1D';

const instant = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z`;
const interval = new RegExp(`^(${instant})/(${instant})$`);
const duration = /^P(?=.)(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?$/;

/** A time span from a URL; the default where it is none. */
export const readTimespan = (text: string | null): string =>
  text && (duration.test(text) || interval.test(text)) ? text : defaultTimespan;

export function endsOf(timespan: string): [string, string] | null {
  const match = interval.exec(timespan);
  return match ? [match[1]!, match[2]!] : null;
}

export function timespanText(timespan: string, zone: Zone): string {
  const ends = endsOf(timespan);
  return ends ? ends.map((end) => formatTime(end, zone)).join(' – ') : tData('timespan', timespan);
}

/** What a field for date and time holds, as an instant; empty where it is none. */
export function fromField(text: string, zone: Zone): string {
  const time = new Date(zone === 'utc' ? `${text}Z` : text);
  return text && !Number.isNaN(time.getTime()) ? time.toISOString() : '';
}

export function toField(instantText: string, zone: Zone): string {
  const time = new Date(instantText);
  if (Number.isNaN(time.getTime())) return '';
  const shifted = zone === 'utc' ? time : new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
