// SPDX-License-Identifier: Apache-2.0
import { Switch } from '@fluentui/react-components';
import { send } from '../../api/http';
import { apiVersions, imagePage, providerPath, versioned } from '../../api/paths';
import type { Meter } from '../../api/types';
import type { Pricing } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { queryClient } from '../../app/query';
import { act } from '../../app/toast';
import { useUrlState } from '../../app/urlState';
import { CsvLink } from '../../components/Csv';
import { Page, Section } from '../../components/Page';
import { Await } from '../../components/States';
import { Digest, Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t, tData } from '../../i18n/t';
import { nothingYet, Table } from './parts';
import { useArm } from './useArm';
import { Link } from 'react-router';

export default function Plans() {
  const { subscriptionId, capabilities } = useSession();
  const path = providerPath(subscriptionId, 'Microsoft.Security/pricings');
  const view = useArm<Pricing>(path, apiVersions.pricings);
  const set = async (name: string, on: boolean) => {
    const body = { properties: { pricingTier: on ? 'Standard' : 'Free' } };
    await act(() => send('PUT', versioned(`${path}/${name}`, apiVersions.pricings), body), t('plans.saved'));
    await refresh('/subscriptions', '/api/v1/');
    void queryClient.invalidateQueries({ queryKey: ['session'] });
  };
  return (
    <Page title={t('plans.title')} subtitle={t('plans.subtitle')}>
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('plans.title')} rows={value} rowKey={(row) => row.name} empty={null}
            heads={[t('plans.plan'), t('plans.what'), t('plans.since')]}
            cells={(row) => [
              <strong key="n">{tData('plan', row.name)}</strong>, tData('planText', row.name),
              <Since key="t" pricing={row.properties} />,
              <Switch
                key="s" aria-label={tData('plan', row.name)} checked={row.properties.pricingTier === 'Standard'} disabled={!capabilities.write}
                label={row.properties.pricingTier === 'Standard' ? t('plans.on') : t('plans.off')}
                onChange={(_, { checked }) => void set(row.name, checked)}
              />,
            ]}
          />
        )}
      </Await>
      <MeterSection />
    </Page>
  );
}

function Since({ pricing }: { pricing: Pricing }) {
  if (pricing.pricingTier !== 'Standard') return null;
  return pricing.enablementTime ? <Time at={pricing.enablementTime} /> : <>{t('plans.fromStart')}</>;
}

function MeterSection() {
  const url = useUrlState();
  const month = url.get('month') || new Date().toISOString().slice(0, 7);
  const view = useView<Meter>('/api/v1/meter', { month });
  return (
    <Section title={t('meter.title')} actions={<CsvLink path="/api/v1/meter" params={{ month }} />}>
      <p className="muted">{t('meter.text')}</p>
      <label className="inline-field">{t('meter.month')} <input type="month" className="text-input" value={month} onChange={(event) => url.set({ month: event.target.value })} /></label>
      <Await view={view}>
        {({ images, value }) => (
          <>
            <p><span className="big-number">{formatNumber(images)}</span> {t('meter.images')}</p>
            <Table
              label={t('meter.title')} rows={value.slice(0, 200)} rowKey={(row) => row.digest} empty={nothingYet(t('meter.none'), t('meter.noneText'))}
              heads={[t('image.digest'), t('finding.image'), t('meter.first')]}
              cells={(row) => [
                <Link key="d" to={imagePage(row.registry, row.repository, row.digest)}><Digest digest={row.digest} /></Link>,
                `${row.registry}/${row.repository}`, <Time key="t" at={row.at} />, '',
              ]}
            />
          </>
        )}
      </Await>
    </Section>
  );
}
