// SPDX-License-Identifier: Apache-2.0
import { Fragment, lazy, Suspense, useMemo } from 'react';
import { Link } from 'react-router';
import { recommendationPage } from '../../api/paths';
import type { List, RecommendationRow, Score, ScoreControl } from '../../api/types';
import { useView } from '../../app/query';
import { useScope } from '../../app/scope';
import { useUrlState } from '../../app/urlState';
import { Page, Section } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { Await } from '../../components/States';
import { formatDay, formatNumber, formatPercent, formatPoints } from '../../i18n/format';
import { t } from '../../i18n/t';
import { ScoreRing } from '../overview/ScoreRing';

const Chart = lazy(() => import('../../components/Chart'));

export default function SecureScore() {
  const { registry } = useScope();
  const view = useView<Score>('/api/v1/score', { registry });
  return (
    <Page title={t('score.title')} subtitle={t('score.subtitle')}>
      <Await view={view} lines={8}>{(score) => <Content score={score} />}</Await>
    </Page>
  );
}

function Content({ score }: { score: Score }) {
  return (
    <>
      <div className="tiles wide">
        <Section title={t('score.now')}><ScoreRing score={score} history={[]} /></Section>
        <Section title={t('score.history')}><History score={score} /></Section>
      </div>
      <Section title={t('score.controls')}><Controls controls={score.controls} /></Section>
    </>
  );
}

function History({ score }: { score: Score }) {
  const days = useMemo(() => score.history.map(({ day }) => formatDay(day)), [score]);
  const values = useMemo(() => score.history.map(({ percentage }) => percentage * 100), [score]);
  if (days.length === 0) return <p className="muted">{t('score.noHistory')}</p>;
  return <Suspense fallback={<div className="chart skeleton" />}><Chart label={t('score.history')} days={days} values={values} /></Suspense>;
}

function Controls({ controls }: { controls: ScoreControl[] }) {
  const url = useUrlState();
  const open = url.list('open');
  const { data } = useView<List<RecommendationRow>>('/api/v1/recommendations', { status: 'all', top: 500 }, open.length > 0);
  const toggle = (id: string) => url.set({ open: open.includes(id) ? open.filter((other) => other !== id) : [...open, id] });
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={t('score.controls')}>
      <table className="plain-table">
        <thead>
          <tr>
            <th scope="col">{t('score.control')}</th>
            <th scope="col" className="end">{t('score.max')}</th>
            <th scope="col" className="end">{t('score.current')}</th>
            <th scope="col" className="end">{t('score.increase')}</th>
            <th scope="col" className="end">{t('score.unhealthy')}</th>
            <th scope="col">{t('score.health')}</th>
          </tr>
        </thead>
        <tbody>
          {controls.map((control) => (
            <Fragment key={control.id}>
              <ControlRow control={control} open={open.includes(control.id)} onToggle={() => toggle(control.id)} />
              {open.includes(control.id) && <RecommendationRows control={control} rows={data?.value ?? []} />}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ControlRow({ control, open, onToggle }: { control: ScoreControl; open: boolean; onToggle: () => void }) {
  const counted = control.healthy + control.unhealthy;
  return (
    <tr>
      <td>
        <button type="button" className="disclosure" aria-expanded={open} onClick={onToggle}>
          <span aria-hidden="true">{open ? '▾' : '▸'}</span> {control.title}
        </button>
      </td>
      <td className="end">{formatPoints(control.max)}</td>
      <td className="end" title={String(control.current)}>{formatPoints(control.current)}</td>
      <td className="end" title={String(control.potentialIncrease)}>{control.potentialIncrease > 0 ? `+${formatPoints(control.potentialIncrease)}` : '0'}</td>
      {counted > 0 ? <Health control={control} counted={counted} /> : <td colSpan={2} className="end muted">{t('score.nothing')}</td>}
    </tr>
  );
}

function Health({ control, counted }: { control: ScoreControl; counted: number }) {
  const share = control.healthy / counted;
  return (
    <>
      <td className="end"><Link to={`/recommendations?control=${encodeURIComponent(control.id)}&status=all`}>{t('score.of', { unhealthy: formatNumber(control.unhealthy), all: formatNumber(counted) })}</Link></td>
      <td><span className="health-bar" role="img" aria-label={t('score.healthy', { percentage: formatPercent(share) })}><span style={{ width: `${share * 100}%` }} /></span></td>
    </>
  );
}

function RecommendationRows({ control, rows }: { control: ScoreControl; rows: RecommendationRow[] }) {
  return rows.filter(({ key }) => control.recommendations.includes(key)).map((row) => (
    <tr key={row.key} className="child-row">
      <td><Link to={recommendationPage(row.key)}>{row.title}</Link></td>
      <td colSpan={2} className="end"><Severity level={row.severity} /></td>
      <td className="end">{row.scoreImpact > 0 ? `+${formatPoints(row.scoreImpact)}` : ''}</td>
      <td className="end">{formatNumber(row.unhealthy)}</td>
      <td />
    </tr>
  ));
}
