// SPDX-License-Identifier: Apache-2.0
// Texts by key. A text with counts has one form a plural category, chosen by the variable `n`.
import { en } from './en';

export type TextKey = keyof typeof en;
export type Variables = Record<string, string | number>;

const plurals = new Intl.PluralRules('en');
const numbers = new Intl.NumberFormat('en');

function form(key: TextKey, variables: Variables): string {
  const text: string | { one: string; other: string } = en[key];
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

export function t(key: TextKey, variables: Variables = {}): string {
  return fill(form(key, variables), variables);
}

/** The text of a key made from data, such as `severity.High`; the data itself where there is none. */
export function tData(prefix: string, value: string): string {
  const key = `${prefix}.${value}`;
  return key in en ? t(key as TextKey) : value;
}
