// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import type { Recommendation, Score } from '../../api/types';
import { registryId } from '../../api/paths';
import { useView } from '../../app/query';
import { useScope } from '../../app/scope';
import { useSession } from '../../app/session';
import { Facts, Page, Section } from '../../components/Page';
import { Severity } from '../../components/Severity';
import { Await } from '../../components/States';
import { Markdown, Steps } from '../../components/Text';
import { formatPoints } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { hostConfigurationKey, TakeAction } from '../hosts/parts';
import { failedRulesQuery } from '../hosts/queries';
import { DisableRuleDialog } from '../shared/DisableRuleDialog';
import { AffectedResources } from './AffectedResources';

export default function RecommendationDetails() {
  const { key = '' } = useParams();
  const view = useView<Recommendation>(`/api/v1/recommendations/${encodeURIComponent(key)}`);
  const { capabilities } = useSession();
  const [rule, setRule] = useState(false);
  return (
    <Page
      title={view.data?.title ?? t('recs.one')}
      crumbs={[{ title: t('nav.recommendations'), to: '/recommendations' }]}
      subtitle={view.data && <Severity level={view.data.severity} />}
      actions={
        <>
          {key === hostConfigurationKey && <TakeAction query={failedRulesQuery()} />}
          {capabilities.exempt && <button type="button" className="plain-button" onClick={() => setRule(true)}>{t('rule.button')}</button>}
        </>
      }
    >
      <Await view={view} lines={8}>{(recommendation) => <Content recommendation={recommendation} />}</Await>
      {rule && <RuleDialog onClose={() => setRule(false)} />}
    </Page>
  );
}

function RuleDialog({ onClose }: { onClose: () => void }) {
  const { subscriptionId, resourceGroup } = useSession();
  const { registry } = useScope();
  const scopes = [{ id: `/subscriptions/${subscriptionId}`, title: t('scope.subscription') }];
  if (registry) scopes.unshift({ id: registryId(subscriptionId, resourceGroup, registry), title: t('scope.registry', { name: registry }) });
  return <DisableRuleDialog scopes={scopes} onClose={onClose} />;
}

function freshness(minutes: number): string {
  if (minutes <= 0) return t('recs.freshnessLive');
  return minutes % 60 === 0 ? t('recs.hours', { n: minutes / 60 }) : t('recs.minutes', { n: minutes });
}

function Content({ recommendation }: { recommendation: Recommendation }) {
  const { registry } = useScope();
  const controls = useView<Score>('/api/v1/score', { registry }).data?.controls;
  return (
    <>
      {recommendation.rules.length > 0 && (
        <p className="bar-note">{t('recs.rules', { n: recommendation.rules.length })} <Link to="/settings/rules">{t('recs.showRules')}</Link></p>
      )}
      <div className="tiles wide">
        <Section title={t('finding.description')}><Markdown text={recommendation.description} /></Section>
        <Section title={t('finding.information')}>
          <Facts facts={[
            [t('recs.impact'), recommendation.scoreImpact > 0 ? `+${formatPoints(recommendation.scoreImpact)}` : '0'],
            [t('recs.control'), controls?.find(({ id }) => id === recommendation.control)?.title ?? recommendation.control],
            [t('recs.freshness'), freshness(recommendation.freshnessMinutes)],
            [t('recs.userImpact'), tData('effort', recommendation.userImpact)],
            [t('recs.effort'), tData('effort', recommendation.implementationEffort)],
            [t('recs.threats'), recommendation.threats.map((threat) => tData('threat', threat)).join(', ')],
            [t('recs.categories'), recommendation.categories.join(', ')],
            [t('recs.policy'), recommendation.policyDefinitionId && <code key="p">{recommendation.policyDefinitionId}</code>],
          ]} />
        </Section>
      </div>
      <details className="section" open>
        <summary><h2>{t('finding.remediation')}</h2></summary>
        <Steps steps={recommendation.remediation} />
      </details>
      <Section title={t('recs.affected')} id="affected"><AffectedResources recommendation={recommendation} /></Section>
    </>
  );
}
