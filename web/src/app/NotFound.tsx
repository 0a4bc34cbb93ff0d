// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { Page } from '../components/Page';
import { EmptyState } from '../components/States';
import { t } from '../i18n/t';

export function NotFound() {
  return (
    <Page title={t('notFound.title')}>
      <EmptyState title={t('notFound.text')}><Link to="/">{t('notFound.home')}</Link></EmptyState>
    </Page>
  );
}
