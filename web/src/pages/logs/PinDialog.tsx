// SPDX-License-Identifier: Apache-2.0
// A query with its picture becomes a tile of a dashboard.
import { useState } from 'react';
import { useSession } from '../../app/session';
import { toast } from '../../app/toast';
import { SelectField, TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { t } from '../../i18n/logs';
import { changeParts, createDashboard, listPath, newPart, titleOf, useDashboards, type TileContent } from '../dashboards/dashboards';

interface Props {
  content: Omit<TileContent, 'type' | 'id'>;
  onClose: () => void;
}

export function PinDialog({ content, onClose }: Props) {
  const { subscriptionId, resourceGroup } = useSession();
  const path = listPath(subscriptionId, resourceGroup);
  const dashboards = useDashboards(path).data?.value ?? [];
  const [title, setTitle] = useState(content.title);
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const target = chosen ?? dashboards[0]?.id ?? '';
  const submit = async () => {
    const part = newPart({ ...content, title: title.trim() });
    if (target) await changeParts(target, (parts) => [...parts, part]);
    else await createDashboard(path, name.trim(), [part]);
    toast(t('logs.pinned'));
  };
  return (
    <FormModal title={t('logs.pinTitle')} submit={t('logs.pin')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('logs.tileTitle')} required value={title} onChange={setTitle} />
      <SelectField
        label={t('dashboards.one')} value={target} onChange={setChosen}
        choices={[...dashboards.map((one) => ({ value: one.id, title: titleOf(one) })), { value: '', title: t('dashboards.new') }]}
      />
      {!target && <TextField label={t('dashboards.name')} required value={name} onChange={setName} />}
    </FormModal>
  );
}
