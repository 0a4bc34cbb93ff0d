// SPDX-License-Identifier: Apache-2.0
import { Button } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { send } from '../../api/http';
import { useSession } from '../../app/session';
import { act } from '../../app/toast';
import { TextField } from '../../components/Fields';
import { Facts, Page, Section } from '../../components/Page';
import { t } from '../../i18n/t';

export default function Account() {
  const { user } = useSession();
  return (
    <Page title={t('account.title')}>
      <Section title={t('account.you')}>
        <Facts facts={[[t('users.name'), user.name], [t('users.displayName'), user.displayName], [t('users.email'), user.email], [t('account.how'), t(user.local ? 'how.password' : 'how.oidc')]]} />
      </Section>
      {user.local && <Section title={t('account.password')}><PasswordForm /></Section>}
    </Page>
  );
}

function PasswordForm() {
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await act(() => send('POST', '/api/v1/session/password', { old, new: next }), t('account.changed')))) return;
    setOld('');
    setNext('');
    setAgain('');
  };
  return (
    <form className="narrow-form" onSubmit={(event) => void submit(event)}>
      <TextField type="password" label={t('account.old')} required value={old} onChange={setOld} autoComplete="current-password" />
      <TextField type="password" label={t('welcome.password')} hint={t('welcome.hint')} required value={next} onChange={setNext} autoComplete="new-password" />
      <TextField type="password" label={t('welcome.again')} required value={again} onChange={setAgain} autoComplete="new-password" />
      <Button type="submit" appearance="primary" disabled={!old || !next || next !== again}>{t('account.change')}</Button>
    </form>
  );
}
