// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import type { AffectedResource } from '../../api/types';
import { refresh } from '../../app/query';
import { toast } from '../../app/toast';
import { TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { t } from '../../i18n/t';

interface Props {
  recommendationKey: string;
  rows: AffectedResource[];
  onClose: () => void;
}

/** Who sees to it, and until when. */
export function OwnerDialog({ recommendationKey, rows, onClose }: Props) {
  const [owner, setOwner] = useState(rows[0]?.owner ?? '');
  const [due, setDue] = useState(rows[0]?.dueDate?.slice(0, 10) ?? '');
  const submit = async () => {
    await send('PATCH', `/api/v1/recommendations/${encodeURIComponent(recommendationKey)}/resources`, {
      ids: rows.map(({ id }) => id), owner, dueDate: due || null,
    });
    toast(t('owner.done'));
    void refresh('/api/v1/recommendations');
  };
  return (
    <FormModal title={t('owner.title', { n: rows.length })} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('owner.owner')} hint={t('owner.hint')} value={owner} onChange={setOwner} />
      <TextField type="date" label={t('recs.dueDate')} value={due} onChange={setDue} />
    </FormModal>
  );
}
