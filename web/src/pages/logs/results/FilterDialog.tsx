// SPDX-License-Identifier: Apache-2.0
// Values of a column as a condition of the query.
import { Button } from '@fluentui/react-components';
import { useMemo, useState } from 'react';
import type { LogTable } from '../../../api/logs';
import { useZone } from '../../../app/preferences';
import { SelectField } from '../../../components/Fields';
import { FormModal } from '../../../components/Modal';
import { formatNumber } from '../../../i18n/format';
import { t } from '../../../i18n/logs';
import { condition } from '../kql';
import { countedValues, valueText, type CountedValue } from './values';

interface Props {
  table: LogTable;
  column: number;
  onAdd: (condition: string, run: boolean) => void;
  onClose: () => void;
}

const listed = 50;

export function FilterDialog({ table, column: first, onAdd, onClose }: Props) {
  const [at, setAt] = useState(first);
  const [chosen, setChosen] = useState<ReadonlySet<CountedValue>>(new Set());
  const [mode, setMode] = useState('include');
  const column = table.columns[at]!;
  const values = useMemo(() => countedValues(table, at), [table, at]);
  const add = (run: boolean) => {
    if (chosen.size === 0) throw new Error(t('logs.chooseValue'));
    onAdd(condition(column, [...chosen].map(({ value }) => value), mode === 'exclude'), run);
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
      <Values key={at} table={table} column={at} values={values} chosen={chosen} onChoose={setChosen} />
    </FormModal>
  );
}

interface ValuesProps {
  table: LogTable;
  column: number;
  values: CountedValue[];
  chosen: ReadonlySet<CountedValue>;
  onChoose: (chosen: ReadonlySet<CountedValue>) => void;
}

/** The most frequent values, and a field to find others where there are more. What is chosen stays in the list. */
function Values({ table, column: at, values, chosen, onChoose }: ValuesProps) {
  const [words, setWords] = useState('');
  const zone = useZone();
  const column = table.columns[at]!;
  const found = useMemo(
    () => (words ? values.filter(({ value }) => valueText(column, value, zone).toLowerCase().includes(words.toLowerCase())) : values),
    [values, words, column, zone],
  );
  const shown = found.slice(0, listed);
  const before = [...chosen].filter((one) => !shown.includes(one));
  const toggle = (one: CountedValue) => {
    const next = new Set(chosen);
    if (!next.delete(one)) next.add(one);
    onChoose(next);
  };
  return (
    <>
      {values.length > listed && (
        <input type="search" className="text-input" aria-label={t('logs.searchValues')} placeholder={t('logs.searchValues')} value={words} onChange={(event) => setWords(event.target.value)} />
      )}
      <fieldset className="value-list">
        <legend>{t('logs.values')}</legend>
        {[...before, ...shown].map((one) => (
          <label key={values.indexOf(one)} className="filter-choice">
            <input type="checkbox" checked={chosen.has(one)} onChange={() => toggle(one)} />
            <span className="value-text">{valueText(column, one.value, zone).slice(0, 200) || t('logs.empty')}</span>
            <span className="muted">{formatNumber(one.count)}</span>
          </label>
        ))}
        {found.length > listed && <p className="muted">{t('logs.moreValues', { n: found.length - listed })}</p>}
        {found.length === 0 && <p className="muted">{t('logs.noValues')}</p>}
      </fieldset>
    </>
  );
}
