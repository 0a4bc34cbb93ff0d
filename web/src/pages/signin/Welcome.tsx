// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input } from '@fluentui/react-components';
import { useState, type FormEvent } from 'react';
import { useNavigate } from 'react-router';
import { redeemLink } from '../../app/session';
import { t } from '../../i18n/t';
import { SignInFrame, signInError } from './SignIn';

/** A one-time link: set a password and be signed in. The token is in the fragment, which no server log sees. */
export default function Welcome({ token }: { token: string }) {
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState('');
  const navigate = useNavigate();
  const differs = again !== '' && again !== password;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError('');
    try {
      await redeemLink(token, password);
      void navigate('/', { replace: true });
    } catch (cause) {
      setError(signInError(cause));
    }
  };
  return (
    <SignInFrame title={t('welcome.title')}>
      <p className="muted">{t('welcome.text')}</p>
      {error && <p className="form-error" role="alert">{error}</p>}
      <form onSubmit={(event) => void submit(event)} className="sign-in-form">
        <Field label={t('welcome.password')} hint={t('welcome.hint')} required>
          <Input type="password" value={password} autoComplete="new-password" onChange={(_, { value }) => setPassword(value)} autoFocus />
        </Field>
        <Field label={t('welcome.again')} required validationMessage={differs ? t('welcome.differs') : undefined}>
          <Input type="password" value={again} autoComplete="new-password" onChange={(_, { value }) => setAgain(value)} />
        </Field>
        <Button type="submit" appearance="primary" disabled={!password || again !== password}>{t('welcome.submit')}</Button>
      </form>
    </SignInFrame>
  );
}
