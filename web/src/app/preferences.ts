// SPDX-License-Identifier: Apache-2.0
// What a user chose about the looks, kept in this browser.
import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark' | 'system';
export type Zone = 'utc' | 'local';

const listeners = new Set<() => void>();
const kept = new Map<string, string>();

function read(name: string): string | null {
  const value = kept.get(name);
  if (value !== undefined) return value;
  try {
    return localStorage.getItem(`bulwark.${name}`);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  kept.set(name, value);
  try {
    localStorage.setItem(`bulwark.${name}`, value);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
  listeners.forEach((listener) => listener());
}

export const preferences = {
  theme: (): Theme => (read('theme') as Theme | null) ?? 'system',
  setTheme: (theme: Theme) => write('theme', theme),
  zone: (): Zone => (read('zone') === 'local' ? 'local' : 'utc'),
  setZone: (zone: Zone) => write('zone', zone),
  shortcuts: (): boolean => read('shortcuts') !== 'off',
  setShortcuts: (on: boolean) => write('shortcuts', on ? 'on' : 'off'),
};

export function onPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useTheme = (): Theme => useSyncExternalStore(onPreferences, preferences.theme);
export const useZone = (): Zone => useSyncExternalStore(onPreferences, preferences.zone);
export const useShortcuts = (): boolean => useSyncExternalStore(onPreferences, preferences.shortcuts);

const system = () => window.matchMedia('(prefers-color-scheme: dark)');

function onSystem(listener: () => void): () => void {
  const query = system();
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

/** Whether dark colours are shown now. */
export function useDark(): boolean {
  const theme = useTheme();
  const systemDark = useSyncExternalStore(onSystem, () => system().matches);
  return theme === 'dark' || (theme === 'system' && systemDark);
}
