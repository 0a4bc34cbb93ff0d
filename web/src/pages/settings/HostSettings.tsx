// SPDX-License-Identifier: Apache-2.0
import { Link } from 'react-router';
import { useSession } from '../../app/session';
import { Page, Section } from '../../components/Page';
import { EmptyState } from '../../components/States';
import { t } from '../../i18n/hosts';
import { EnrollmentTokens } from '../hosts/EnrollmentTokens';

export default function HostSettings() {
  const { capabilities } = useSession();
  return (
    <Page
      title={t('kinds.host')} subtitle={t('hostSettings.subtitle')}
      actions={<><Link className="plain-button" to="/containers?kind=host">{t('hostSettings.all')}</Link>{capabilities.addHosts && <Link className="plain-button" to="/hosts/add">{t('host.add')}</Link>}</>}
    >
      <Section title={t('enroll.tokens')}>
        {capabilities.addHosts ? <EnrollmentTokens /> : <EmptyState title={t('enroll.notAllowed')}>{t('enroll.notAllowedText')}</EmptyState>}
      </Section>
    </Page>
  );
}
