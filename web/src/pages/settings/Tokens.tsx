// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import type { List } from '../../api/types';
import type { Token } from '../../api/settings_types';
import { refresh, useView } from '../../app/query';
import { useSession } from '../../app/session';
import { useUrlState } from '../../app/urlState';
import { SelectField, TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { Page } from '../../components/Page';
import { Await } from '../../components/States';
import { Time } from '../../components/Text';
import { t } from '../../i18n/t';
import { nothingYet, RemoveButton, SecretModal, Table } from './parts';
import { ScopeName, useScopes } from './useScopes';

const path = '/api/v1/tokens';

export default function Tokens() {
  const { capabilities } = useSession();
  const url = useUrlState();
  const all = url.get('all') === 'true';
  const view = useView<List<Token>>(path, { all: all ? 'true' : null, top: 500 });
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState('');
  return (
    <Page title={t('tokens.title')} subtitle={t('tokens.subtitle')} actions={<button type="button" className="plain-button" onClick={() => setAdding(true)}>{t('tokens.add')}</button>}>
      {capabilities.administer && (
        <label className="inline-field"><input type="checkbox" checked={all} onChange={(event) => url.set({ all: event.target.checked ? 'true' : null })} /> {t('tokens.all')}</label>
      )}
      <Await view={view}>
        {({ value }) => (
          <Table
            label={t('tokens.title')} rows={value} rowKey={(row) => row.id} empty={nothingYet(t('tokens.none'), t('tokens.noneText'))}
            heads={[t('tokens.name'), t('exempt.scope'), t('tokens.actions'), t('tokens.owner'), t('tokens.expires'), t('tokens.used')]}
            cells={(row) => [
              row.name, <ScopeName key="s" id={row.scope} />, actionsText(row.actions), row.owner,
              <Time key="e" at={row.expires} />, <Time key="u" at={row.used} ago />,
              <RemoveButton key="r" name={row.name} text={t('tokens.removeText')} onRemove={() => send('DELETE', `${path}/${row.id}`).then(() => refresh(path))} />,
            ]}
          />
        )}
      </Await>
      {adding && <TokenForm onSecret={setSecret} onClose={() => setAdding(false)} />}
      {secret && <SecretModal title={t('tokens.secret')} text={t('tokens.once')} secret={secret} onClose={() => setSecret('')} />}
    </Page>
  );
}

/** Sets of actions one usually wants, as patterns of the resource manager. */
const presets: Record<string, string[]> = { read: ['*/read'], scan: ['*/read', '*/scan/action', '*/gate/action'], all: [] };

function actionsText(actions: string[]): string {
  const preset = Object.keys(presets).find((name) => presets[name]!.join() === actions.join());
  return preset ? t(preset === 'all' ? 'tokens.anything' : preset === 'read' ? 'tokens.read' : 'tokens.scan') : actions.join(', ');
}

function TokenForm({ onSecret, onClose }: { onSecret: (secret: string) => void; onClose: () => void }) {
  const scopes = useScopes();
  const [name, setName] = useState('');
  const [scope, setScope] = useState(scopes[0]?.id ?? '');
  const [preset, setPreset] = useState('read');
  const [days, setDays] = useState('90');
  const submit = async () => {
    const token = await send<Token>('POST', path, { name, scope, actions: presets[preset], days: Number(days) });
    onSecret(token.secret ?? '');
    void refresh(path);
  };
  return (
    <FormModal title={t('tokens.add')} submit={t('action.add')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('tokens.name')} hint={t('tokens.nameHint')} required value={name} onChange={setName} />
      <SelectField label={t('exempt.scope')} value={scope} onChange={setScope} choices={scopes.map(({ id, title }) => ({ value: id, title }))} />
      <SelectField
        label={t('tokens.actions')} value={preset} onChange={setPreset}
        choices={[{ value: 'read', title: t('tokens.read') }, { value: 'scan', title: t('tokens.scan') }, { value: 'all', title: t('tokens.anything') }]}
      />
      <TextField type="number" min="1" max="365" label={t('tokens.days')} required value={days} onChange={setDays} />
    </FormModal>
  );
}
