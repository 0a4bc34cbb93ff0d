// SPDX-License-Identifier: Apache-2.0
// Filters over a list: all of them are kept in the URL and answered by the hub.
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UrlState } from '../app/urlState';
import { t } from '../i18n/t';

export interface Choice {
  value: string;
  title: string;
}

export interface Filter {
  name: string;
  title: string;
  choices: Choice[];
  single?: boolean;
  fallback?: string; // what the hub takes where none is chosen
}

/** Words to look for; sent on once typing pauses. */
export function SearchFilter({ url, name = 'q', label, narrow }: { url: UrlState; name?: string; label: string; narrow?: boolean }) {
  const value = url.get(name);
  const [text, setText] = useState(value);
  // What is typed on is not cut: a space at the end is a word to come.
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => url.set({ [name]: text.trim() }), 300);
    return () => clearTimeout(timer);
  }, [text, value, name, url]);
  return (
    <input
      type="search" className={narrow ? 'text-input filter-search narrow' : 'text-input filter-search'} aria-label={label} placeholder={label}
      value={text} onChange={(event) => setText(event.target.value)}
    />
  );
}

/** What is chosen, or what the hub takes where nothing is; empty for no condition. */
function summary(filter: Filter, chosen: string[]): string {
  const titles = filter.choices.filter(({ value }) => chosen.includes(value)).map(({ title }) => title);
  if (titles.length === 0) return filter.choices.find(({ value }) => value === filter.fallback)?.title ?? '';
  return titles.length > 2 ? t('filter.several', { n: titles.length }) : titles.join(', ');
}

interface DropdownProps {
  label: string;
  button: ReactNode;
  className: string;
  children: ReactNode;
}

/** A button with a box of choices below; Escape and a click outside close it. */
export function Dropdown({ label, button, className, children }: DropdownProps) {
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      if (!details.current?.contains(event.target as Node)) details.current?.removeAttribute('open');
    };
    document.addEventListener('pointerdown', onPointer);
    return () => document.removeEventListener('pointerdown', onPointer);
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !details.current?.open) return;
    event.preventDefault();
    details.current.open = false;
    details.current.querySelector('summary')?.focus();
  };
  return (
    <details ref={details} className="filter" onKeyDown={onKeyDown}>
      <summary className={className}>{button}</summary>
      <fieldset className="filter-menu">
        <legend className="visually-hidden">{label}</legend>
        {children}
      </fieldset>
    </details>
  );
}

function FilterMenu({ filter, url }: { filter: Filter; url: UrlState }) {
  const group = useId();
  const chosen = url.list(filter.name);
  const shown = chosen.length === 0 && filter.fallback ? [filter.fallback] : chosen;
  const words = summary(filter, chosen);
  const choose = (value: string) => {
    if (filter.single) return url.set({ [filter.name]: value === filter.fallback ? null : value });
    url.set({ [filter.name]: chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value] });
  };
  return (
    <Dropdown
      label={filter.title} className={chosen.length ? 'filter-button chosen' : 'filter-button'}
      button={words ? <>{filter.title}: <strong>{words}</strong></> : filter.title}
    >
      {filter.choices.map(({ value, title }) => (
        <label key={value} className="filter-choice">
          <input
            type={filter.single ? 'radio' : 'checkbox'} name={group} checked={shown.includes(value)}
            onChange={() => choose(value)}
          />
          {title}
        </label>
      ))}
      {chosen.length > 0 && (
        <button type="button" className="plain-button" onClick={() => url.set({ [filter.name]: null })}>{t('filter.clear')}</button>
      )}
    </Dropdown>
  );
}

interface BarProps {
  url: UrlState;
  search?: string;
  filters: Filter[];
  extra?: string[]; // other parameters that "clear all" takes away
  actions?: ReactNode; // what can be done with the list, at the end
  children?: ReactNode;
}

export function FilterBar({ url, search, filters, extra = [], actions, children }: BarProps) {
  const names = [...filters.map(({ name }) => name), ...extra, 'q'];
  const any = names.some((name) => url.get(name));
  const clear = () => url.set(Object.fromEntries(names.map((name) => [name, null])));
  return (
    <div className="filter-bar" role="search" aria-label={t('filter.bar')}>
      {search && <SearchFilter url={url} label={search} />}
      {filters.map((filter) => <FilterMenu key={filter.name} filter={filter} url={url} />)}
      {any && <button type="button" className="plain-button" onClick={clear}>{t('filter.clearAll')}</button>}
      {children}
      {actions && <div className="filter-end">{actions}</div>}
    </div>
  );
}
