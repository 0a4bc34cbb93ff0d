// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { send } from '../../api/http';
import type { Host } from '../../api/host_types';
import { apiVersions, hostPath, versioned } from '../../api/paths';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { act, toast } from '../../app/toast';
import { FormModal } from '../../components/Modal';
import { t } from '../../i18n/hosts';
import { OpenInLogs, TakeAction } from './parts';

export function HostActions({ host }: { host: Host }) {
  const { capabilities } = useSession();
  const [removing, setRemoving] = useState(false);
  const assess = () => act(() => send('POST', `${hostPath(host.name)}/assess`), t('host.assessAsked'));
  return (
    <>
      <TakeAction query={host.failedRulesQuery} />
      {capabilities.addHosts && <button type="button" className="plain-button" onClick={() => void assess()}>{t('host.assess')}</button>}
      <OpenInLogs host={host.name} />
      {capabilities.addHosts && <button type="button" className="plain-button" onClick={() => setRemoving(true)}>{t('host.remove')}</button>}
      {removing && <RemoveHost host={host} onClose={() => setRemoving(false)} />}
    </>
  );
}

function RemoveHost({ host, onClose }: { host: Host; onClose: () => void }) {
  const navigate = useNavigate();
  const submit = async () => {
    await send('DELETE', versioned(host.id, apiVersions.machines));
    toast(t('action.removed', { name: host.name }));
    void navigate('/containers?kind=host');
    void refresh('/api/v1/');
  };
  return (
    <FormModal title={t('action.removeTitle', { name: host.name })} submit={t('host.remove')} danger onSubmit={submit} onClose={onClose}>
      <p>{t('host.removeText')}</p>
    </FormModal>
  );
}
