// SPDX-License-Identifier: Apache-2.0
// Texts by key. A text with counts has one form a plural category, chosen by the variable `n`.
import { en } from './en';

export type TextKey = keyof typeof en;
export type Variables = Record<string, string | number>;

type Text = string | { readonly one: string; readonly other: string };

const texts: Record<string, Text> = { ...en };

/** Makes texts known that come with a chunk of their own. */
export function addTexts(more: Readonly<Record<string, Text>>): void {
  Object.assign(texts, more);
}

const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');

function form(key: string, variables: Variables): string {
  const text = texts[key] ?? key;
  if (typeof text === 'string') return text;
  return plurals.select(Number(variables.n ?? 0)) === 'one' ? text.one : text.other;
}

export function fill(text: string, variables: Variables): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = variables[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? numbers.format(value) : value;
  });
}

/** For keys of texts that were added; `t` is this with keys that are always there. */
export function translate(key: string, variables: Variables = {}): string {
  return fill(form(key, variables), variables);
}

export const t: (key: TextKey, variables?: Variables) => string = translate;

/** The text of a key made from data, such as `severity.High`; the data itself where there is none. */
export function tData(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in texts ? translate(key) : value;
}
