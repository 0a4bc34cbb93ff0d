// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { send } from '../../api/http';
import { repositoryPage } from '../../api/paths';
import type { Image } from '../../api/types';
import { refresh } from '../../app/query';
import { useSession } from '../../app/session';
import { act, toast } from '../../app/toast';
import { AreaField, endOfDay, SelectField, TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { CopyButton } from '../../components/Text';
import { shortDigest } from '../../i18n/format';
import { t } from '../../i18n/t';

export function ImageActions({ image }: { image: Image }) {
  const { capabilities } = useSession();
  const [dialog, setDialog] = useState<'delete' | 'approve' | null>(null);
  const rescan = () => act(() => send('POST', `${image.id}/scan`), t('image.scanQueued')).then(() => refresh('/api/v1/registries'));
  return (
    <>
      {capabilities.write && <button type="button" className="plain-button" onClick={() => void rescan()}>{t('image.rescan')}</button>}
      {capabilities.approve && <button type="button" className="plain-button" onClick={() => setDialog('approve')}>{t('approval.button')}</button>}
      {capabilities.deleteImages && <button type="button" className="plain-button" onClick={() => setDialog('delete')}>{t('image.delete')}</button>}
      <CopyButton text={image.reference} label={t('image.copy')} />
      {dialog === 'delete' && <DeleteImage image={image} onClose={() => setDialog(null)} />}
      {dialog === 'approve' && <Approve image={image} onClose={() => setDialog(null)} />}
    </>
  );
}

function DeleteImage({ image, onClose }: { image: Image; onClose: () => void }) {
  const navigate = useNavigate();
  const submit = async () => {
    await send('DELETE', image.id);
    toast(t('image.deleted'));
    void refresh('/api/v1/');
    void navigate(repositoryPage(image.registry, image.repository));
  };
  const name = `${image.repository}@${shortDigest(image.digest)}`;
  return (
    <FormModal title={t('image.deleteTitle', { name })} submit={t('image.delete')} danger onSubmit={submit} onClose={onClose}>
      <p>{t('image.deleteText', { registry: image.registry })}</p>
      {image.tags.length > 0 && <p><strong>{t('image.deleteTags', { tags: image.tags.join(', '), n: image.tags.length })}</strong></p>}
    </FormModal>
  );
}

function Approve({ image, onClose }: { image: Image; onClose: () => void }) {
  const [decision, setDecision] = useState(image.approval?.decision ?? 'Approved');
  const [reason, setReason] = useState('');
  const [expires, setExpires] = useState('');
  const submit = async () => {
    await send('POST', `${image.id}/approve`, { decision, reason, expires: endOfDay(expires) ?? undefined });
    toast(t('approval.done'));
    void refresh('/api/v1/registries');
  };
  const takeBack = async () => {
    if (await act(() => send('DELETE', `${image.id}/approval`), t('approval.takenBack'))) onClose();
    void refresh('/api/v1/registries');
  };
  return (
    <FormModal
      title={t('approval.title')} submit={t('action.save')} onSubmit={submit} onClose={onClose}
      extra={image.approval && <button type="button" className="plain-button" onClick={() => void takeBack()}>{t('approval.takeBack')}</button>}
    >
      <SelectField
        label={t('approval.decision')} value={decision} onChange={(value) => setDecision(value as 'Approved' | 'Refused')}
        choices={[{ value: 'Approved', title: t('approval.approved') }, { value: 'Refused', title: t('approval.refused') }]}
      />
      <AreaField label={t('exempt.reason')} required value={reason} onChange={setReason} />
      <TextField type="date" label={t('exempt.expires')} hint={t('exempt.expiresHint')} value={expires} onChange={setExpires} />
    </FormModal>
  );
}
