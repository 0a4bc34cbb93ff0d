// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import type { Overview as Data } from '../../api/types';
import { useView } from '../../app/query';
import { useScope } from '../../app/scope';
import { Page, Section } from '../../components/Page';
import { Await } from '../../components/States';
import { t } from '../../i18n/t';
import { PlanNote } from '../shared/PlanNote';
import { Checklist } from './Checklist';
import { DataFreshness, Findings, Images, RecommendationCounts, Resources } from './Tiles';
import { ScoreRing } from './ScoreRing';
import { TopImages, TopVulnerabilities } from './Top';

export default function Overview() {
  const { registry } = useScope();
  const view = useView<Data>('/api/v1/overview', { registry });
  return (
    <Page title={t('nav.overview')} subtitle={registry && t('scope.registry', { name: registry })}>
      <Await view={view} lines={10}>{(data) => <Tiles data={data} />}</Await>
    </Page>
  );
}

function Tiles({ data }: { data: Data }) {
  return (
    <>
      <PlanNote />
      <Checklist items={data.checklist} />
      <div className="tiles">
        <Section title={t('nav.score')} actions={<Link to="/score">{t('overview.details')}</Link>}>
          <ScoreRing score={data.score} history={data.history} />
        </Section>
        <Section title={t('nav.recommendations')} actions={<Link to="/recommendations">{t('overview.all')}</Link>}>
          <RecommendationCounts counts={data.recommendations} />
        </Section>
        <Section title={t('overview.images')} actions={<Link to="/inventory">{t('overview.all')}</Link>}><Images data={data} /></Section>
        <Section title={t('nav.findings')} actions={<Link to="/findings">{t('overview.all')}</Link>}><Findings data={data} /></Section>
        <Section title={t('overview.resources')} actions={<Link to="/inventory">{t('overview.all')}</Link>}><Resources data={data} /></Section>
        <Section title={t('overview.data')} actions={<Link to="/settings/data">{t('overview.details')}</Link>}><DataFreshness data={data.data} /></Section>
      </div>
      <div className="tiles wide">
        <Section title={t('overview.topVulnerabilities')}><TopVulnerabilities rows={data.topVulnerabilities} /></Section>
        <Section title={t('overview.topImages')}><TopImages rows={data.topImages} /></Section>
      </div>
    </>
  );
}
