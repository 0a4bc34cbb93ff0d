// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Finding, FindingRow } from '../../api/types';
import { useView } from '../../app/query';
import { useSession } from '../../app/session';
import { useKeys } from '../../app/shortcuts';
import { Pane } from '../../components/Pane';
import { Await } from '../../components/States';
import { CopyButton } from '../../components/Text';
import { hostOf, registryId } from '../../api/paths';
import { t } from '../../i18n/t';
import { ExemptDialog, registryImagesKey } from '../shared/ExemptDialog';
import { findingKey } from './columns';
import { FindingDetails } from './FindingDetails';
import { hostConfigurationKey, hostPackagesKey, runningImagesKey } from '../hosts/parts';
import { hostScopes } from '../hosts/scopes';
import { HostFindingDetails } from './HostFindingDetails';

interface Props {
  id: string;
  imageId: string;
  rows: FindingRow[];
  openKey: string;
  onMove: (row: FindingRow) => void;
  onClose: () => void;
}

export function FindingPane({ id, imageId, rows, openKey, onMove, onClose }: Props) {
  const view = useView<Finding>(`/api/v1/findings/${encodeURIComponent(id)}`, { imageId });
  const { capabilities } = useSession();
  const [exempting, setExempting] = useState(false);
  const at = rows.findIndex((row) => findingKey(row) === openKey);
  const previous = rows[at - 1];
  const next = at >= 0 ? rows[at + 1] : undefined;
  useKeys((key) => {
    const to = key === 'j' ? next : key === 'k' ? previous : undefined;
    if (to && !exempting) onMove(to);
    return to !== undefined;
  });
  const shown = view.data ?? rows[at];
  return (
    <Pane
      title={shown?.vulnerability || id} rowKey={openKey} onClose={onClose}
      actions={
        <>
          <button type="button" className="plain-button icon" disabled={!previous} aria-label={t('pane.previous')} title={`${t('pane.previous')} (k)`} onClick={() => previous && onMove(previous)}>↑</button>
          <button type="button" className="plain-button icon" disabled={!next} aria-label={t('pane.next')} title={`${t('pane.next')} (j)`} onClick={() => next && onMove(next)}>↓</button>
          <CopyButton text={window.location.href} label={t('action.copyLink')} />
          {capabilities.exempt && <button type="button" className="plain-button" disabled={!view.data} onClick={() => setExempting(true)}>{t('exempt.button')}</button>}
        </>
      }
    >
      <Await view={view} lines={8}>{(finding) => finding.category === 'Configuration' ? <HostFindingDetails finding={finding} /> : <FindingDetails finding={finding} />}</Await>
      {exempting && view.data && <ExemptFinding finding={view.data} onClose={() => setExempting(false)} />}
    </Pane>
  );
}

/** The recommendation that a finding belongs to. */
function recommendationOf({ imageId, category }: Finding): string {
  if (hostOf(imageId) === undefined) return registryImagesKey;
  if (category === 'Configuration') return hostConfigurationKey;
  return /\/images\/[^/]+$/i.test(imageId) ? runningImagesKey : hostPackagesKey;
}

function ExemptFinding({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const { subscriptionId, resourceGroup } = useSession();
  const host = hostOf(finding.imageId);
  const image = finding.tags[0] ? `${finding.repository}:${finding.tags[0]}` : finding.repository;
  const scopes = host !== undefined ? hostScopes({ id: finding.imageId, name: host, subscriptionId, resourceGroup }) : [
    { id: finding.imageId, title: t('scope.image', { name: image }) },
    { id: registryId(subscriptionId, resourceGroup, finding.registry), title: t('scope.registry', { name: finding.registry }) },
    { id: `/subscriptions/${subscriptionId}`, title: t('scope.subscription') },
  ];
  return (
    <ExemptDialog
      assessmentKey={recommendationOf(finding)} scopes={scopes} findingIds={[finding.id]} onClose={onClose}
      displayName={finding.package ? `${finding.vulnerability} (${finding.package})` : host === undefined ? finding.vulnerability : `${finding.vulnerability} ${finding.title}`}
      title={t('exempt.finding', { name: finding.vulnerability || finding.id })}
    />
  );
}
