// SPDX-License-Identifier: Apache-2.0
import { Button, Field, Input } from '@fluentui/react-components';
import { useState, type FormEvent, type ReactNode } from 'react';
import { ApiError } from '../../api/http';
import type { SignInOffer } from '../../api/types';
import { keepReturnPath, signIn } from '../../app/session';
import { t } from '../../i18n/t';

export function SignInFrame({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <img src="/favicon.svg" alt="" width="40" height="40" />
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

export function signInError(error: unknown): string {
  if (error instanceof ApiError && error.status === 429 && error.retryAfterSeconds)
    return t('signIn.locked', { n: Math.ceil(error.retryAfterSeconds / 60) });
  return error instanceof Error ? error.message : String(error);
}

export default function SignIn({ offer }: { offer: SignInOffer }) {
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState(() => (new URLSearchParams(window.location.search).has('error') ? t('signIn.oidcFailed') : ''));
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    try {
      await signIn(name, password);
    } catch (cause) {
      setError(signInError(cause));
      setBusy(false);
    }
  };
  return (
    <SignInFrame title={t('signIn.title')}>
      {offer.firstStart && <p className="muted">{t('signIn.firstStart')}</p>}
      {error && <p className="form-error" role="alert">{error}</p>}
      {offer.password && (
        <form onSubmit={(event) => void submit(event)} className="sign-in-form">
          <Field label={t('signIn.name')} required>
            <Input value={name} autoComplete="username" onChange={(_, { value }) => setName(value)} autoFocus />
          </Field>
          <Field label={t('signIn.password')} required>
            <Input type="password" value={password} autoComplete="current-password" onChange={(_, { value }) => setPassword(value)} />
          </Field>
          <Button type="submit" appearance="primary" disabled={busy || !name || !password}>{t('signIn.submit')}</Button>
        </form>
      )}
      {offer.oidc && (
        <Button as="a" href={offer.oidc.url || '/signin/oidc/start'} appearance={offer.password ? 'secondary' : 'primary'} onClick={keepReturnPath}>
          {t('signIn.oidc', { name: offer.oidc.name })}
        </Button>
      )}
    </SignInFrame>
  );
}
