// SPDX-License-Identifier: Apache-2.0
// What can be done with the query shown.
import { useState } from 'react';
import { CopyButton } from '../../components/Text';
import { t } from '../../i18n/logs';
import { useMayPin } from '../dashboards/dashboards';
import { hasTimeFilter, type Block } from './kql';
import { PinDialog } from './PinDialog';
import type { Shown } from './results/Results';
import { cancelRun } from './run';
import { useMaySave } from './saved';
import { SaveDialog } from './SaveDialog';
import { changeTab, type QueryTab, type Run } from './store';
import { TimePicker } from './TimePicker';

interface Props {
  workspace: string;
  tab: QueryTab;
  run: Run | undefined;
  block: Block | null;
  shown: Shown;
  onRun: () => void;
  onFormat: () => void;
}

export function Toolbar({ workspace, tab, run, block, shown, onRun, onFormat }: Props) {
  const [dialog, setDialog] = useState<'save' | 'pin' | null>(null);
  const close = () => setDialog(null);
  const maySave = useMaySave(workspace);
  const mayPin = useMayPin();
  const inQuery = block !== null && hasTimeFilter(block.text);
  const text = block?.text ?? '';
  return (
    <div className="logs-toolbar" role="toolbar" aria-label={t('logs.toolbar')}>
      {run?.state === 'running'
        ? <button type="button" className="plain-button main-button" onClick={() => cancelRun(tab.id)}>{t('logs.cancel')}</button>
        : <button type="button" className="plain-button main-button" disabled={!text} title={t('logs.runHint')} onClick={onRun}>{t('logs.run')}</button>}
      <TimePicker timespan={tab.timespan} inQuery={inQuery} onChange={(timespan) => changeTab(tab.id, { timespan })} />
      {maySave && <button type="button" className="plain-button" disabled={!text} onClick={() => setDialog('save')}>{t('logs.save')}</button>}
      {mayPin && <button type="button" className="plain-button" disabled={!text} onClick={() => setDialog('pin')}>{t('logs.pin')}</button>}
      <CopyButton text={() => window.location.href} label={t('action.copyLink')} />
      <button type="button" className="plain-button" disabled={!text} onClick={onFormat}>{t('logs.format')}</button>
      {dialog === 'save' && <SaveDialog workspace={workspace} query={text} name={tab.name} saved={tab.saved} onSaved={(name, saved) => changeTab(tab.id, { name, saved })} onClose={close} />}
      {dialog === 'pin' && (
        <PinDialog content={{ title: tab.name, query: text, timespan: tab.timespan, visualization: shown.view === 'chart' ? shown.kind : 'table' }} onClose={close} />
      )}
    </div>
  );
}
