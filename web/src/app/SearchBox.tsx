// SPDX-License-Identifier: Apache-2.0
// Search over everything: results while typing (ARIA combobox with a list), all of them on the search page.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import type { SearchHit } from '../api/types';
import { t, tData } from '../i18n/t';
import { useView } from './query';

function useDebounced(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), 200);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function SearchBox() {
  const [text, setText] = useState('');
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const box = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const words = useDebounced(text.trim());
  const { data } = useView<{ value: SearchHit[] }>('/api/v1/search', { q: words, top: 8 }, words.length > 1);
  const hits = open && words.length > 1 ? (data?.value ?? []).slice(0, 8) : [];
  const go = (path: string) => {
    setOpen(false);
    setText('');
    void navigate(path);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Escape') {
      setOpen(false);
      if (!open) event.currentTarget.blur();
    } else if (event.key === 'Enter' && text.trim()) {
      go(hits[at]?.href ?? `/search?q=${encodeURIComponent(text.trim())}`);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt((now) => Math.max(-1, Math.min(hits.length - 1, now + (event.key === 'ArrowDown' ? 1 : -1))));
    }
  };
  return (
    <div ref={box} className="search-box" role="search" onBlur={(event) => !box.current?.contains(event.relatedTarget) && setOpen(false)}>
      <input
        id="global-search" type="search" className="text-input" placeholder={t('search.placeholder')} aria-label={t('search.label')}
        role="combobox" aria-expanded={hits.length > 0} aria-controls="search-hits" aria-autocomplete="list" autoComplete="off"
        aria-activedescendant={at >= 0 ? `search-hit-${at}` : undefined} value={text} onKeyDown={onKeyDown}
        onFocus={() => setOpen(true)}
        onChange={(event) => {
          setText(event.target.value);
          setOpen(true);
          setAt(-1);
        }}
      />
      <ul id="search-hits" role="listbox" aria-label={t('search.label')} className="search-hits" hidden={hits.length === 0}>
        {hits.map((hit, index) => (
          <li
            key={hit.kind + hit.href} id={`search-hit-${index}`} role="option" aria-selected={index === at}
            onPointerDown={(event) => event.preventDefault()} onClick={() => go(hit.href)}
          >
            <span className="search-kind">{tData('kind', hit.kind)}</span>
            <span className="search-title">{hit.title}</span>
            <span className="muted">{hit.subtitle}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
