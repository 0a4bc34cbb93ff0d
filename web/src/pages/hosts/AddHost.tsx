// SPDX-License-Identifier: Apache-2.0
// One token, one command; then the page waits until the host is there.
import { Button } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/http';
import type { NewToken } from '../../api/host_types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { toastError } from '../../app/toast';
import { SelectField, TextField, words } from '../../components/Fields';
import { Page, Section } from '../../components/Page';
import { EmptyState } from '../../components/States';
import { t } from '../../i18n/hosts';
import { EnrollmentTokens, tokensPath } from './EnrollmentTokens';
import { labelsOf } from '../shared/labels';
import { NewHost } from './NewHost';

const hour = 3600;
const lifetimes = [hour, 8 * hour, 24 * hour, 7 * 24 * hour];

export interface Made extends NewToken {
  created: number; // by the hub's clock, in ms
}

export default function AddHost() {
  const { capabilities } = useSession();
  const [made, setMade] = useState<Made | null>(null);
  return (
    <Page title={t('host.add')} subtitle={t('enroll.subtitle')} crumbs={[{ title: t('nav.containers'), to: '/containers' }, { title: t('kinds.host'), to: '/containers?kind=host' }]}>
      {capabilities.addHosts ? (
        <>
          <Section title={t('enroll.step1')}><TokenForm onMade={setMade} /></Section>
          {made && <NewHost key={made.id} made={made} />}
          <Section title={t('enroll.tokens')}><EnrollmentTokens /></Section>
        </>
      ) : <EmptyState title={t('enroll.notAllowed')}>{t('enroll.notAllowedText')}</EmptyState>}
    </Page>
  );
}

function TokenForm({ onMade }: { onMade: (made: Made) => void }) {
  const [lifetime, setLifetime] = useState(String(hour));
  const [uses, setUses] = useState('1');
  const [labels, setLabels] = useState('');
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const body = { expiresInSeconds: Number(lifetime), uses: Number(uses), labels: labelsOf(words(labels)) };
      const token = await send<NewToken>('POST', tokensPath, body);
      onMade({ ...token, created: Date.parse(token.expires) - Number(lifetime) * 1000 });
      void refresh(tokensPath);
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  return (
    <form className="gate-form" onSubmit={(event) => void submit(event)}>
      <SelectField label={t('enroll.lifetime')} value={lifetime} onChange={setLifetime} choices={lifetimes.map((seconds) => ({ value: String(seconds), title: t('enroll.hours', { n: seconds / hour }) }))} />
      <TextField type="number" label={t('enroll.uses')} min="1" max="1000" required value={uses} onChange={setUses} />
      <TextField label={t('image.labels')} placeholder="team=shop, site=berlin" value={labels} onChange={setLabels} />
      <Button type="submit" appearance="primary" disabled={busy}>{t('enroll.make')}</Button>
    </form>
  );
}
