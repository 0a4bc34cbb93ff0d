// SPDX-License-Identifier: Apache-2.0
// Severity as icon and text, never by colour alone. Plain elements: these stand in virtual rows.
import type { Counts, Severity as Level } from '../api/types';
import { formatCompact, formatNumber } from '../i18n/format';
import { t, tData } from '../i18n/t';

export const severities: Level[] = ['Critical', 'High', 'Medium', 'Low', 'Unknown'];

const shapes: Record<Level, string> = {
  Critical: 'M8 1 15 8 8 15 1 8z',
  High: 'M8 2 15 14H1z',
  Medium: 'M2.500 2.500h11v11h-11z',
  Low: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2z',
  Unknown: 'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z',
};

export function SeverityIcon({ level }: { level: Level }) {
  return (
    <svg className={`severity-icon severity-${level.toLowerCase()}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[level] ?? shapes.Unknown} />
    </svg>
  );
}

export function Severity({ level }: { level: Level }) {
  return (
    <span className="severity">
      <SeverityIcon level={level} />
      {tData('severity', level)}
    </span>
  );
}

const countOf = (counts: Counts, level: Level): number => counts[level.toLowerCase() as keyof Counts];

export const totalOf = (counts: Counts): number => severities.reduce((sum, level) => sum + countOf(counts, level), 0);

/** C/H/M/L in one line, with the unknown where there is room; the words are there for assistive technology and as a hint. */
export function SeverityCounts({ counts, all = false }: { counts: Counts; all?: boolean }) {
  if (totalOf(counts) === 0) return <span className="muted">{t('counts.none')}</span>;
  const onlyUnknown = totalOf(counts) === counts.unknown;
  const shown = severities.filter((level) => level !== 'Unknown' || onlyUnknown || (all && counts.unknown > 0));
  return (
    <span className="severity-counts">
      {shown.map((level) => (
        <span key={level} className={countOf(counts, level) ? 'severity-count' : 'severity-count zero'} title={`${tData('severity', level)}: ${formatNumber(countOf(counts, level))}`}>
          <SeverityIcon level={level} />
          <span className="visually-hidden">{tData('severity', level)} </span>
          {formatCompact(countOf(counts, level))}
        </span>
      ))}
    </span>
  );
}
