// SPDX-License-Identifier: Apache-2.0
import { useRef } from 'react';
import { send } from '../../api/http';
import type { DataState } from '../../api/types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { act } from '../../app/toast';
import { Facts, Page, Section } from '../../components/Page';
import { Await } from '../../components/States';
import { Time } from '../../components/Text';
import { formatNumber } from '../../i18n/format';
import { t } from '../../i18n/t';
import { nothingYet, Table } from './parts';

const path = '/api/v1/data';

export default function Data() {
  const view = useView<DataState>(path);
  const { capabilities } = useSession();
  return (
    <Page title={t('data.title')} subtitle={t('data.subtitle')} actions={capabilities.write && <Actions />}>
      <Await view={view}>{(state) => <State state={state} />}</Await>
    </Page>
  );
}

function Actions() {
  const file = useRef<HTMLInputElement>(null);
  const update = () => act(() => send('POST', `${path}/refresh`), t('data.refreshing')).then(() => refresh(path));
  const load = async (chosen: File | undefined) => {
    if (chosen) await act(() => send('POST', `${path}/import`, chosen), t('data.imported', { name: chosen.name }));
    if (file.current) file.current.value = '';
    void refresh('/api/v1/');
  };
  return (
    <>
      <button type="button" className="plain-button" onClick={() => void update()}>{t('data.refresh')}</button>
      <button type="button" className="plain-button" onClick={() => file.current?.click()}>{t('data.import')}</button>
      <input ref={file} type="file" hidden aria-label={t('data.import')} onChange={(event) => void load(event.target.files?.[0])} />
    </>
  );
}

function State({ state }: { state: DataState }) {
  return (
    <>
      {state.lastError && <p className="bar-note bad" role="status">{t('data.error', { message: state.lastError })}</p>}
      <Section title={t('finding.information')}>
        <Facts facts={[
          [t('data.count'), formatNumber(state.advisories)], [t('data.built'), <Time key="b" at={state.built} />],
          [t('data.lastRefresh'), <Time key="l" at={state.lastRefresh} />], [t('data.next'), state.next && <Time key="n" at={state.next} />],
        ]} />
      </Section>
      <Section title={t('data.sources')}>
        <Table
          label={t('data.sources')} rows={state.sources} rowKey={(row) => row.name} empty={nothingYet(t('data.noSources'), t('data.noSourcesText'))}
          heads={[t('data.source'), t('data.count'), t('data.updated')]}
          cells={(row) => [row.name, formatNumber(row.advisories), <Time key="t" at={row.updated} />, '']}
        />
      </Section>
    </>
  );
}
