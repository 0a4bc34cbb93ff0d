// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, providerPath, versioned } from '../../api/paths';
import type { DisableRule, Exemption, Resource, RuleCriteria } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { Page, Section } from '../../components/Page';
import { Await } from '../../components/States';
import { StateLabel } from '../../components/Status';
import { Time } from '../../components/Text';
import { t, tData } from '../../i18n/t';
import { DisableRuleDialog } from '../shared/DisableRuleDialog';
import { labelsText } from '../shared/labels';
import { nothingYet, RemoveButton, Table } from './parts';
import { useArm } from './useArm';
import { ScopeName, useScopes } from './useScopes';

const removeResource = (id: string) =>
  send('DELETE', versioned(id, apiVersions.bulwark)).then(() => refresh('/subscriptions', '/api/v1/'));

/** "Severity: Low; Patchable: No". */
export function criteriaText(criteria: RuleCriteria): string {
  return Object.entries(criteria)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${tData('criterion', name)}: ${Array.isArray(value) ? value.join(', ') : typeof value === 'boolean' ? t(value ? 'text.yes' : 'text.no') : value}`)
    .join('; ');
}

/** What it is about, and the labels that resources must have. */
function withLabels(text: string, tags: Record<string, string> = {}): string {
  const labels = labelsText(tags);
  return [text, ...(labels ? [t('rules.labels', { labels })] : [])].filter(Boolean).join('; ');
}

/** Finding ids are for programs: what the exemption is called says more. */
function exempted({ displayName, findingIds }: Exemption): string {
  if (displayName) return displayName;
  return findingIds?.length ? t('rules.findings', { n: findingIds.length }) : t('rules.wholeRecommendation');
}

export default function Rules() {
  const { capabilities } = useSession();
  const [adding, setAdding] = useState(false);
  return (
    <Page
      title={t('rules.title')} subtitle={t('rules.subtitle')}
      actions={capabilities.exempt && <button type="button" className="plain-button" onClick={() => setAdding(true)}>{t('rule.new')}</button>}
    >
      <Section title={t('rules.rules')}><DisableRules adding={adding} onAdded={() => setAdding(false)} /></Section>
      <Section title={t('rules.exemptions')}><Exemptions /></Section>
    </Page>
  );
}

function DisableRules({ adding, onAdded }: { adding: boolean; onAdded: () => void }) {
  const { subscriptionId, capabilities } = useSession();
  const scopes = useScopes();
  const view = useArm<DisableRule>(providerPath(subscriptionId, 'Bulwark.Security/disableRules'), apiVersions.bulwark);
  const [editing, setEditing] = useState<Resource<DisableRule> | null>(null);
  const close = () => {
    setEditing(null);
    onAdded();
  };
  return (
    <>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('rules.rules')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('rules.none'), t('rules.noneText'))}
            heads={[t('rule.name'), t('rules.criteria'), t('exempt.scope'), t('exempt.reason'), t('tokens.expires'), t('users.state')]}
            cells={(row) => [
              row.name, withLabels(criteriaText(row.properties.criteria), row.properties.tags), <ScopeName key="s" id={row.properties.scope} />, row.properties.reason,
              <Time key="e" at={row.properties.expires} />,
              <StateLabel key="o" tone={row.properties.state !== 'Disabled' ? 'good' : 'off'}>{row.properties.state !== 'Disabled' ? t('plans.on') : t('plans.off')}</StateLabel>,
              capabilities.exempt ? (
                <span key="a" className="row-actions">
                  <button type="button" className="plain-button" onClick={() => setEditing(row)}>{t('action.edit')}</button>
                  <RemoveButton name={row.name} onRemove={() => removeResource(row.id)} />
                </span>
              ) : '',
            ]}
          />
        )}
      </Await>
      {(adding || editing) && <DisableRuleDialog scopes={scopes} name={editing?.name} rule={editing?.properties} onClose={close} />}
    </>
  );
}

function Exemptions() {
  const { subscriptionId, capabilities } = useSession();
  const view = useArm<Exemption>(providerPath(subscriptionId, 'Bulwark.Security/exemptions'), apiVersions.bulwark);
  const scopeOf = (id: string) => id.slice(0, id.toLowerCase().lastIndexOf('/providers/bulwark.security/'));
  return (
    <Await view={view}>
      {({ value }) => (
        <Table
          label={t('rules.exemptions')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('rules.noExemptions'), t('rules.noExemptionsText'))}
          heads={[t('rules.what'), t('exempt.scope'), t('exempt.category'), t('exempt.reason'), t('tokens.expires')]}
          cells={(row) => [
            withLabels(exempted(row.properties), row.properties.tags), <ScopeName key="s" id={scopeOf(row.id)} />,
            tData('exemptCategory', row.properties.category), row.properties.reason, <Time key="e" at={row.properties.expires} />,
            capabilities.exempt ? <RemoveButton key="r" name={exempted(row.properties)} onRemove={() => removeResource(row.id)} /> : '',
          ]}
        />
      )}
    </Await>
  );
}
