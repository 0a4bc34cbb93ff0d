// SPDX-License-Identifier: Apache-2.0
// Tiles of numbers; each number leads to the list that it counts.
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Overview, Severity as Level } from '../../api/types';
import { useScope } from '../../app/scope';
import { withScope } from '../../app/urlState';
import { Severity, severities } from '../../components/Severity';
import { StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';

interface Line {
  label: ReactNode;
  name: string; // for assistive technology
  value: number;
  to: string;
}

/** Lines with a bar as long as the share of the largest. */
export function NumberLines({ lines }: { lines: Line[] }) {
  const { registry } = useScope();
  const largest = Math.max(1, ...lines.map(({ value }) => value));
  return (
    <ul className="number-lines">
      {lines.map(({ label, name, value, to }) => (
        <li key={name}>
          <Link to={withScope(to, registry)}>
            <span className="number-label">{label}</span>
            <span className="number-bar" aria-hidden="true"><span style={{ width: `${(value / largest) * 100}%` }} /></span>
            <span className="number-value">{formatNumber(value)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

const bySeverity = (counts: Partial<Record<Lowercase<Level>, number>>, levels: Level[], path: string): Line[] =>
  levels.map((level) => ({
    label: <Severity level={level} />, name: level, value: counts[level.toLowerCase() as Lowercase<Level>] ?? 0,
    to: `${path}?severity=${level}`,
  }));

export function RecommendationCounts({ counts }: { counts: Overview['recommendations'] }) {
  return <NumberLines lines={bySeverity(counts, severities.slice(0, 4), '/recommendations')} />;
}

export function Findings({ data: { findings, kev } }: { data: Overview }) {
  const { registry } = useScope();
  return (
    <>
      <NumberLines lines={bySeverity(findings, severities.filter((level) => level !== 'Unknown' || findings.unknown > 0), '/findings')} />
      <p className="tile-notes">
        <Link to={withScope('/findings?patchable=true', registry)}>{t('overview.fixable', { n: findings.fixable })}</Link>
        <Link to={withScope('/findings?kev=true', registry)}>{t('overview.kev', { n: kev })}</Link>
        <Link to={withScope('/findings?status=disabled', registry)}>{t('overview.disabled', { n: findings.disabled })}</Link>
      </p>
    </>
  );
}

const image = 'type=image';

export function Images({ data: { images } }: { data: Overview }) {
  return (
    <NumberLines lines={[
      { label: t('overview.total'), name: 'total', value: images.total, to: `/inventory?${image}` },
      { label: <StateLabel tone="bad">{t('status.Unhealthy')}</StateLabel>, name: 'unhealthy', value: images.unhealthy, to: `/inventory?${image}&status=Unhealthy` },
      { label: <StateLabel tone="good">{t('overview.scanned')}</StateLabel>, name: 'scanned', value: images.scanned, to: `/inventory?${image}&scanState=complete` },
      { label: <StateLabel tone="busy">{t('overview.waiting')}</StateLabel>, name: 'waiting', value: images.queued + images.scanning, to: `/inventory?${image}&scanState=queued,scanning` },
      { label: <StateLabel tone="warn">{t('scan.failed')}</StateLabel>, name: 'failed', value: images.failed, to: `/inventory?${image}&scanState=failed` },
    ]} />
  );
}

export function Resources({ data: { resources, registries, repositories, hosts } }: { data: Overview }) {
  return (
    <>
      <NumberLines lines={[
        { label: <StateLabel tone="bad">{t('status.Unhealthy')}</StateLabel>, name: 'unhealthy', value: resources.unhealthy, to: '/inventory?status=Unhealthy' },
        { label: <StateLabel tone="good">{t('status.Healthy')}</StateLabel>, name: 'healthy', value: resources.healthy, to: '/inventory?status=Healthy' },
        { label: <StateLabel tone="off">{t('status.NotApplicable')}</StateLabel>, name: 'notApplicable', value: resources.notApplicable, to: '/inventory?status=NotApplicable' },
      ]} />
      <p className="tile-notes">
        <Link to="/registries">{t('overview.registries', { n: registries })}</Link>
        <span className="muted">{t('overview.repositories', { n: repositories })}</span>
        <Link to={hosts > 0 ? '/containers?kind=host' : '/hosts/add'}>{hosts > 0 ? t('overview.hosts', { n: hosts }) : t('host.add')}</Link>
      </p>
    </>
  );
}

export function DataFreshness({ data }: { data: Overview['data'] }) {
  return (
    <div className="freshness">
      <StateLabel tone={data.stale || !data.built ? 'warn' : 'good'}>
        {!data.built ? t('data.none') : data.stale ? t('data.stale') : t('data.fresh')}
      </StateLabel>
      <p className="big-number"><Link to="/settings/data">{formatNumber(data.advisories)}</Link></p>
      <p className="muted">{t('data.advisories')}</p>
      {data.built && <p className="muted">{t('data.built')} <Time at={data.built} ago /></p>}
    </div>
  );
}
