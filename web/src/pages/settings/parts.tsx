// SPDX-License-Identifier: Apache-2.0
// What the settings pages share.
import { useState, type ReactNode } from 'react';
import { FormModal, Modal } from '../../components/Modal';
import { EmptyState } from '../../components/States';
import { CodeBlock } from '../../components/Text';
import { toast } from '../../app/toast';
import { t } from '../../i18n/t';

interface TableProps<Row> {
  label: string;
  heads: string[];
  rows: Row[];
  rowKey: (row: Row) => string;
  cells: (row: Row) => ReactNode[];
  empty: ReactNode;
}

/** A short list with a last column of actions. */
export function Table<Row>({ label, heads, rows, rowKey, cells, empty }: TableProps<Row>) {
  if (rows.length === 0) return <>{empty}</>;
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="plain-table with-actions">
        <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}<th scope="col"><span className="visually-hidden">{t('action.actions')}</span></th></tr></thead>
        <tbody>
          {rows.map((row) => <tr key={rowKey(row)}>{cells(row).map((cell, index) => <td key={index}>{cell}</td>)}</tr>)}
        </tbody>
      </table>
    </div>
  );
}

export const nothingYet = (title: string, text: string) => <EmptyState title={title}>{text}</EmptyState>;

interface RemoveProps {
  name: string;
  text?: string;
  onRemove: () => Promise<unknown>;
}

/** A button that asks before it removes. */
export function RemoveButton({ name, text, onRemove }: RemoveProps) {
  const [asking, setAsking] = useState(false);
  const submit = async () => {
    await onRemove();
    toast(t('action.removed', { name }));
  };
  return (
    <>
      <button type="button" className="plain-button" onClick={() => setAsking(true)} aria-label={t('action.removeName', { name })}>{t('action.remove')}</button>
      {asking && (
        <FormModal title={t('action.removeTitle', { name })} submit={t('action.remove')} danger onSubmit={submit} onClose={() => setAsking(false)}>
          <p>{text ?? t('action.removeText')}</p>
        </FormModal>
      )}
    </>
  );
}

/** Something that is shown once and never again. */
export function SecretModal({ title, text, secret, onClose }: { title: string; text: string; secret: string; onClose: () => void }) {
  return <Modal title={title} onClose={onClose}><p>{text}</p><CodeBlock text={secret} /></Modal>;
}
