// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { toast } from '../../app/toast';
import { TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { CodeBlock } from '../../components/Text';
import { t } from '../../i18n/t';
import { saveQuery } from './saved';

interface Props {
  workspace: string;
  query: string;
  name: string;
  onSaved: (name: string) => void;
  onClose: () => void;
}

export function SaveDialog({ workspace, query, name: first, onSaved, onClose }: Props) {
  const [name, setName] = useState(first);
  const [category, setCategory] = useState('');
  const submit = async () => {
    await saveQuery(workspace, { displayName: name.trim(), category: category.trim() || t('logs.noCategory'), query });
    onSaved(name.trim());
    toast(t('logs.savedDone'));
  };
  return (
    <FormModal title={t('logs.saveTitle')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      <TextField label={t('logs.name')} required value={name} onChange={setName} />
      <TextField label={t('logs.category')} value={category} onChange={setCategory} hint={t('logs.categoryHint')} />
      <CodeBlock text={query} />
    </FormModal>
  );
}
