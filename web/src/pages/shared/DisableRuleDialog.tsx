// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, providerPath, versioned } from '../../api/paths';
import type { DisableRule, RuleCriteria } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { toast } from '../../app/toast';
import { AreaField, ChecksField, endOfDay, SelectField, SwitchField, TextField, words } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { severities } from '../../components/Severity';
import { t, tData } from '../../i18n/t';
import type { ExemptScope } from './ExemptDialog';
import { labelsOf, labelsText } from './labels';

export const categories = ['Vulnerability', 'Secret', 'Malware', 'Misconfiguration', 'Configuration'];

interface Draft {
  name: string;
  scope: string;
  reason: string;
  expires: string;
  enabled: boolean;
  labels: string;
  findings: string;
  vulnerabilities: string;
  packages: string;
  severities: string[];
  categories: string[];
  patchable: string;
  cvssBelow: string;
}

const none = <T,>(list: T[]): T[] | undefined => (list.length ? list : undefined);

export function criteriaOf(draft: Draft): RuleCriteria {
  return {
    findingIds: none(words(draft.findings)),
    vulnerabilities: none(words(draft.vulnerabilities)),
    packages: none(words(draft.packages)),
    severities: none(draft.severities),
    categories: none(draft.categories),
    patchable: draft.patchable === '' ? undefined : draft.patchable === 'true',
    cvssBelow: draft.cvssBelow === '' ? undefined : Number(draft.cvssBelow),
  };
}

const isEmpty = (criteria: RuleCriteria): boolean => Object.values(criteria).every((value) => value === undefined);

function draftOf({ name = '', rule, scopes, findingIds }: Props): Draft {
  const criteria = rule?.criteria ?? { findingIds };
  return {
    name,
    scope: rule?.scope ?? scopes[0]?.id ?? '',
    reason: rule?.reason ?? '',
    expires: rule?.expires?.slice(0, 10) ?? '',
    enabled: rule?.state !== 'Disabled',
    labels: labelsText(rule?.tags),
    findings: (criteria.findingIds ?? []).join(', '),
    vulnerabilities: (criteria.vulnerabilities ?? []).join(', '),
    packages: (criteria.packages ?? []).join(', '),
    severities: criteria.severities ?? [],
    categories: criteria.categories ?? [],
    patchable: criteria.patchable === undefined ? '' : String(criteria.patchable),
    cvssBelow: criteria.cvssBelow === undefined ? '' : String(criteria.cvssBelow),
  };
}

interface Props {
  scopes: ExemptScope[];
  name?: string;
  rule?: DisableRule; // to edit
  findingIds?: string[]; // what a new one begins with
  onClose: () => void;
}

/** A rule that takes findings out of lists and score, by criteria that all must hold. */
export function DisableRuleDialog(props: Props) {
  const { scopes, rule, onClose } = props;
  const { subscriptionId } = useSession();
  const [draft, setDraft] = useState(() => draftOf(props));
  const put = <Key extends keyof Draft>(key: Key) => (value: Draft[Key]) => setDraft((now) => ({ ...now, [key]: value }));
  const submit = async () => {
    const criteria = criteriaOf(draft);
    if (isEmpty(criteria)) throw new Error(t('rule.noCriteria'));
    const properties: DisableRule = {
      state: draft.enabled ? 'Enabled' : 'Disabled', reason: draft.reason, scope: draft.scope, criteria,
      tags: labelsOf(words(draft.labels)), expires: endOfDay(draft.expires),
    };
    const path = providerPath(subscriptionId, `Bulwark.Security/disableRules/${encodeURIComponent(draft.name)}`);
    await send('PUT', versioned(path, apiVersions.bulwark), { properties });
    toast(t('rule.saved'));
    void refresh('/api/v1/', '/subscriptions');
  };
  const toChoices = (prefix: string, values: string[]) => values.map((value) => ({ value, title: tData(prefix, value) }));
  return (
    <FormModal title={rule ? t('rule.edit') : t('rule.new')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      <p className="muted">{t('rule.text')}</p>
      <TextField label={t('rule.name')} required value={draft.name} onChange={put('name')} pattern="[A-Za-z0-9_\-]{2,50}" hint={t('rule.nameHint')} disabled={rule !== undefined} />
      <SelectField label={t('exempt.scope')} value={draft.scope} onChange={put('scope')} choices={scopes.map(({ id, title }) => ({ value: id, title }))} />
      <TextField label={t('rule.labels')} hint={t('rule.labelsHint')} placeholder="team=shop" value={draft.labels} onChange={put('labels')} />
      <TextField label={t('rule.findings')} hint={t('rule.listHint')} value={draft.findings} onChange={put('findings')} />
      <TextField label={t('rule.vulnerabilities')} hint={t('rule.listHint')} value={draft.vulnerabilities} onChange={put('vulnerabilities')} />
      <TextField label={t('rule.packages')} hint={t('rule.listHint')} value={draft.packages} onChange={put('packages')} />
      <ChecksField label={t('rule.severities')} choices={toChoices('severity', severities)} value={draft.severities} onChange={put('severities')} />
      <ChecksField label={t('rule.categories')} choices={toChoices('category', categories)} value={draft.categories} onChange={put('categories')} />
      <TextField type="number" label={t('rule.cvssBelow')} min="0" max="10" value={draft.cvssBelow} onChange={put('cvssBelow')} />
      <SelectField
        label={t('filter.patchable')} value={draft.patchable} onChange={put('patchable')}
        choices={[{ value: '', title: t('filter.any') }, { value: 'true', title: t('text.yes') }, { value: 'false', title: t('text.no') }]}
      />
      <AreaField label={t('exempt.reason')} required value={draft.reason} onChange={put('reason')} />
      <TextField type="date" label={t('exempt.expires')} hint={t('exempt.expiresHint')} value={draft.expires} onChange={put('expires')} />
      <SwitchField label={t('rule.enabled')} value={draft.enabled} onChange={put('enabled')} />
    </FormModal>
  );
}
