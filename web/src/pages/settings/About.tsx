// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useSession } from '../../app/session';
import { Facts, Page, Section } from '../../components/Page';
import { Await } from '../../components/States';
import { t } from '../../i18n/t';

async function loadLicences(): Promise<string> {
  const response = await fetch('/licences.txt');
  if (!response.ok) throw new Error(t('about.noLicences'));
  return response.text();
}

export default function About() {
  const { version, tenantId, subscriptionId } = useSession();
  const view = useQuery({ queryKey: ['licences'], queryFn: loadLicences, staleTime: Infinity });
  return (
    <Page title={t('about.title')}>
      <Section title={t('app.name')}>
        <p>{t('about.text')}</p>
        <Facts facts={[[t('about.version'), version], [t('about.tenant'), <code key="t">{tenantId}</code>], [t('about.subscription'), <code key="s">{subscriptionId}</code>]]} />
      </Section>
      <Section title={t('about.licences')}>
        <Await view={view}>{(text) => <pre className="licences" tabIndex={0}>{text}</pre>}</Await>
      </Section>
    </Page>
  );
}
