// SPDX-License-Identifier: Apache-2.0
// The time a query is about. Where the query says its own, there is nothing to choose.
import { useId, useState, type FormEvent } from 'react';
import { useZone } from '../../app/preferences';
import { Dropdown } from '../../components/Filters';
import { t, tData } from '../../i18n/logs';
import { durations, endsOf, fromField, timespanText, toField } from './time';

interface Props {
  timespan: string;
  inQuery?: boolean;
  own?: string; // what no choice means, where there may be none
  onChange: (timespan: string) => void;
}

function CustomRange({ timespan, onChange }: Pick<Props, 'timespan' | 'onChange'>) {
  const zone = useZone();
  const ends = endsOf(timespan);
  const [from, setFrom] = useState(ends ? toField(ends[0], zone) : '');
  const [to, setTo] = useState(ends ? toField(ends[1], zone) : '');
  const [start, end] = [fromField(from, zone), fromField(to, zone)];
  const valid = start !== '' && end !== '' && start < end;
  const apply = (event: FormEvent) => {
    event.preventDefault();
    if (valid) onChange(`${start}/${end}`);
  };
  return (
    <form className="time-range" onSubmit={apply}>
      <label>{t('logs.from')} <input type="datetime-local" className="text-input" value={from} onChange={(event) => setFrom(event.target.value)} /></label>
      <label>{t('logs.to')} <input type="datetime-local" className="text-input" value={to} onChange={(event) => setTo(event.target.value)} /></label>
      <button type="submit" className="plain-button" disabled={!valid}>{t('logs.apply')}</button>
    </form>
  );
}

export function TimePicker({ timespan, inQuery = false, own, onChange }: Props) {
  const zone = useZone();
  const group = useId();
  const shown = inQuery ? t('logs.setInQuery') : timespan || own === undefined ? timespanText(timespan, zone) : own;
  return (
    <Dropdown label={t('logs.timeRange')} className="filter-button" button={<>{t('logs.timeRange')}: <strong>{shown}</strong></>}>
      {inQuery && <p className="muted time-note">{t('logs.setInQueryText')}</p>}
      {[...(own === undefined ? [] : ['']), ...durations].map((duration) => (
        <label key={duration} className="filter-choice">
          <input type="radio" name={group} disabled={inQuery} checked={!inQuery && duration === timespan} onChange={() => onChange(duration)} />
          {duration ? tData('timespan', duration) : own}
        </label>
      ))}
      {!inQuery && <CustomRange key={timespan + zone} timespan={timespan} onChange={onChange} />}
    </Dropdown>
  );
}
