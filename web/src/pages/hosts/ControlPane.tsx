// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { ControlRow, Host } from '../../api/host_types';
import { hostPath } from '../../api/paths';
import type { List } from '../../api/types';
import { useView } from '../../app/query';
import { useSession } from '../../app/session';
import { useKeys } from '../../app/shortcuts';
import { Pane } from '../../components/Pane';
import { Await, EmptyState } from '../../components/States';
import { CopyButton } from '../../components/Text';
import { t } from '../../i18n/hosts';
import { DisableRuleDialog } from '../shared/DisableRuleDialog';
import { ExemptDialog } from '../shared/ExemptDialog';
import { ControlDetails } from './ControlDetails';
import { hostConfigurationKey } from './parts';
import { hostScopes } from './scopes';

interface Props {
  host: Host;
  id: string;
  rows: ControlRow[]; // as they stand in the list: next and previous
  onMove: (row: ControlRow) => void;
  onClose: () => void;
}

/** The control of the list where it is loaded; a link may lead to one that filters leave out. */
function useControl(host: string, id: string, rows: ControlRow[]) {
  const listed = rows.find((row) => row.id === id);
  const view = useView<List<ControlRow>>(`${hostPath(host)}/controls`, { q: id, top: 200 }, !listed);
  const control = listed ?? view.data?.value.find((row) => row.id === id);
  return { view: { ...view, data: control ?? (view.data ? null : undefined) }, control };
}

export function ControlPane({ host, id, rows, onMove, onClose }: Props) {
  const { view, control } = useControl(host.name, id, rows);
  const { capabilities } = useSession();
  const [dialog, setDialog] = useState<'exempt' | 'disable' | null>(null);
  const at = rows.findIndex((row) => row.id === id);
  const previous = rows[at - 1];
  const next = at >= 0 ? rows[at + 1] : undefined;
  useKeys((key) => {
    const to = key === 'j' ? next : key === 'k' ? previous : undefined;
    if (to && !dialog) onMove(to);
    return to !== undefined;
  });
  return (
    <Pane
      title={t('control.name', { id })} rowKey={id} onClose={onClose}
      actions={
        <>
          <button type="button" className="plain-button icon" disabled={!previous} aria-label={t('control.previous')} title={`${t('control.previous')} (k)`} onClick={() => previous && onMove(previous)}>↑</button>
          <button type="button" className="plain-button icon" disabled={!next} aria-label={t('control.next')} title={`${t('control.next')} (j)`} onClick={() => next && onMove(next)}>↓</button>
          <CopyButton text={() => window.location.href} label={t('action.copyLink')} />
          {capabilities.exempt && (
            <>
              <button type="button" className="plain-button" disabled={!control} onClick={() => setDialog('exempt')}>{t('exempt.button')}</button>
              <button type="button" className="plain-button" disabled={!control} onClick={() => setDialog('disable')}>{t('rule.button')}</button>
            </>
          )}
        </>
      }
    >
      <Await view={view} lines={8}>
        {(found) => found ? <ControlDetails host={host} control={found} /> : <EmptyState title={t('control.unknown', { id })}>{t('control.unknownText')}</EmptyState>}
      </Await>
      {dialog && control && <Dialogs host={host} control={control} dialog={dialog} onClose={() => setDialog(null)} />}
    </Pane>
  );
}

function Dialogs({ host, control, dialog, onClose }: { host: Host; control: ControlRow; dialog: 'exempt' | 'disable'; onClose: () => void }) {
  const { subscriptionId, resourceGroup } = useSession();
  const scopes = hostScopes({ id: host.id, name: host.name, subscriptionId, resourceGroup });
  if (dialog === 'disable') return <DisableRuleDialog scopes={scopes} findingIds={[control.findingId]} name={`cis-${control.id.replaceAll('.', '-')}`} onClose={onClose} />;
  return (
    <ExemptDialog
      assessmentKey={hostConfigurationKey} scopes={scopes} findingIds={[control.findingId]} onClose={onClose}
      displayName={`${control.id} ${control.title}`} title={t('exempt.finding', { name: control.id })}
    />
  );
}
