// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, newGuid, versioned } from '../../api/paths';
import type { Exemption } from '../../api/settings_types';
import { refresh } from '../../app/query';
import { toast } from '../../app/toast';
import { AreaField, endOfDay, SelectField, TextField, words } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { t } from '../../i18n/t';
import { labelsOf } from './labels';

/** The recommendation that findings of registry images belong to (Azure's key). */
export const registryImagesKey = 'dbd0cb49-b563-45e7-9724-889e799fa648';

export interface ExemptScope {
  id: string;
  title: string;
}

interface Props {
  assessmentKey: string;
  scopes: ExemptScope[]; // to choose from; one exemption is made at the chosen one
  each?: boolean; // make one at every scope instead
  findingIds?: string[];
  displayName?: string; // what the exemption is called in lists
  title: string;
  onClose: () => void;
}

export function ExemptDialog({ assessmentKey, scopes, each, findingIds, displayName, title, onClose }: Props) {
  const [scope, setScope] = useState(scopes[0]?.id ?? '');
  const [category, setCategory] = useState<'Waiver' | 'Mitigated'>('Waiver');
  const [reason, setReason] = useState('');
  const [expires, setExpires] = useState('');
  const [labels, setLabels] = useState('');
  const submit = async () => {
    const tags = labelsOf(words(labels));
    const properties: Exemption = { assessmentKey, category, reason, expires: endOfDay(expires), findingIds, displayName, tags };
    for (const id of each ? scopes.map((one) => one.id) : [scope])
      await send('PUT', versioned(`${id}/providers/Bulwark.Security/exemptions/${newGuid()}`, apiVersions.bulwark), { properties });
    toast(t('exempt.done'));
    void refresh('/api/v1/');
  };
  return (
    <FormModal title={title} submit={t('exempt.submit')} onSubmit={submit} onClose={onClose}>
      {each
        ? <p>{t('exempt.each', { n: scopes.length })}</p>
        : (
          <>
            <SelectField label={t('exempt.scope')} value={scope} onChange={setScope} choices={scopes.map(({ id, title: text }) => ({ value: id, title: text }))} />
            <TextField label={t('rule.labels')} hint={t('rule.labelsHint')} placeholder="team=shop" value={labels} onChange={setLabels} />
          </>
        )}
      <SelectField
        label={t('exempt.category')} value={category} onChange={(value) => setCategory(value as 'Waiver' | 'Mitigated')}
        choices={[{ value: 'Waiver', title: t('exempt.waiver') }, { value: 'Mitigated', title: t('exempt.mitigated') }]}
      />
      <AreaField label={t('exempt.reason')} hint={t('exempt.reasonHint')} required value={reason} onChange={setReason} />
      <TextField type="date" label={t('exempt.expires')} hint={t('exempt.expiresHint')} value={expires} onChange={setExpires} />
    </FormModal>
  );
}
