// SPDX-License-Identifier: Apache-2.0
// Keeps a query for all: as a new one, in the place of the saved one that it came from, or as a function.
import { useState } from 'react';
import { toast } from '../../app/toast';
import { SelectField, SwitchField, TextField } from '../../components/Fields';
import { FormModal } from '../../components/Modal';
import { CodeBlock } from '../../components/Text';
import { t } from '../../i18n/logs';
import { saveQuery, useSaved, type SavedQuery } from './saved';

interface Props {
  workspace: string;
  query: string;
  name: string;
  saved: string | undefined; // the id of the saved query that it came from
  onSaved: (name: string, saved: string) => void;
  onClose: () => void;
}

export function SaveDialog(props: Props) {
  const view = useSaved(props.workspace);
  // What it came from may be gone by now: that is known once the list is read.
  if (!view.data && !view.error) return null;
  return <SaveForm {...props} before={view.data?.value.find(({ id }) => id === props.saved)} />;
}

function SaveForm({ workspace, query, name: first, before, onSaved, onClose }: Props & { before: SavedQuery | undefined }) {
  const known = before?.properties;
  const [replaces, setReplaces] = useState(before !== undefined);
  const [name, setName] = useState(known?.displayName ?? first);
  const [category, setCategory] = useState(known?.category ?? '');
  const [callable, setCallable] = useState(Boolean(known?.functionAlias));
  const [alias, setAlias] = useState(known?.functionAlias ?? '');
  const [parameters, setParameters] = useState(known?.functionParameters ?? '');
  const submit = async () => {
    const asFunction = callable ? { functionAlias: alias.trim(), functionParameters: parameters.trim() } : {};
    const properties = { displayName: name.trim(), category: category.trim() || t('logs.noCategory'), query, ...asFunction };
    onSaved(name.trim(), await saveQuery(workspace, properties, replaces ? before : undefined));
    toast(t('logs.savedDone'));
  };
  return (
    <FormModal title={t('logs.saveTitle')} submit={t('action.save')} onSubmit={submit} onClose={onClose}>
      {known && (
        <SelectField
          label={t('logs.saveAs')} value={replaces ? 'replace' : 'new'} onChange={(value) => setReplaces(value === 'replace')}
          choices={[{ value: 'replace', title: t('logs.saveReplace', { name: known.displayName }) }, { value: 'new', title: t('logs.saveNew') }]}
        />
      )}
      <TextField label={t('logs.name')} required value={name} onChange={setName} />
      <TextField label={t('logs.category')} value={category} onChange={setCategory} hint={t('logs.categoryHint')} />
      <SwitchField label={t('logs.asFunction')} hint={t('logs.asFunctionHint')} value={callable} onChange={setCallable} />
      {callable && (
        <>
          <TextField label={t('logs.functionName')} required pattern="[A-Za-z_][A-Za-z0-9_]*" value={alias} onChange={setAlias} />
          <TextField label={t('logs.parameters')} value={parameters} onChange={setParameters} placeholder="days: int = 7, host: string" />
        </>
      )}
      <CodeBlock text={query} />
    </FormModal>
  );
}
