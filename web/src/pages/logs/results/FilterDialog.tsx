// SPDX-License-Identifier: Apache-2.0
// Values of a column as a condition of the query.
import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import type { LogTable } from '../../../api/logs';
import { useZone } from '../../../app/preferences';
import { SelectField } from '../../../components/Fields';
import { FormModal } from '../../../components/Modal';
import { formatNumber } from '../../../i18n/format';
import { t } from '../../../i18n/t';
import { condition } from '../kql';
import { topValues, valueText } from './values';

interface Props {
  table: LogTable;
  column: number;
  onAdd: (condition: string, run: boolean) => void;
  onClose: () => void;
}

export function FilterDialog({ table, column: first, onAdd, onClose }: Props) {
  const [at, setAt] = useState(first);
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set());
  const [mode, setMode] = useState('include');
  const zone = useZone();
  const values = useMemo(() => topValues(table, at), [table, at]);
  const column = table.columns[at]!;
  const add = (run: boolean) => {
    if (chosen.size === 0) throw new Error(t('logs.chooseValue'));
    onAdd(condition(column, values.filter((_, index) => chosen.has(index)).map(({ value }) => value), mode === 'exclude'), run);
  };
  const toggle = (index: number) => {
    const next = new Set(chosen);
    if (!next.delete(index)) next.add(index);
    setChosen(next);
  };
  return (
    <FormModal
      title={t('logs.filterTitle')} submit={t('logs.addAndRun')} onClose={onClose} onSubmit={() => Promise.resolve().then(() => add(true))}
      extra={<Button disabled={chosen.size === 0} onClick={() => { add(false); onClose(); }}>{t('logs.addToQuery')}</Button>}
    >
      <SelectField
        label={t('logs.column')} value={String(at)} choices={table.columns.map(({ name }, index) => ({ value: String(index), title: name }))}
        onChange={(value) => { setAt(Number(value)); setChosen(new Set()); }}
      />
      <SelectField
        label={t('logs.keep')} value={mode} onChange={setMode}
        choices={[{ value: 'include', title: t('logs.keepChosen') }, { value: 'exclude', title: t('logs.keepOthers') }]}
      />
      <fieldset className="value-list">
        <legend>{t('logs.values')}</legend>
        {values.map(({ value, count }, index) => (
          <label key={index} className="filter-choice">
            <input type="checkbox" checked={chosen.has(index)} onChange={() => toggle(index)} />
            <span className="value-text">{valueText(column, value, zone) || t('logs.empty')}</span>
            <span className="muted">{formatNumber(count)}</span>
          </label>
        ))}
      </fieldset>
    </FormModal>
  );
}
