// SPDX-License-Identifier: Apache-2.0
// Labelled fields of forms: one line each where they are used.
import { Checkbox, Field, Input, Select, Switch, Textarea } from '@fluentui/react-components';
import type { Choice } from './Filters';

interface Common {
  label: string;
  hint?: string;
  required?: boolean;
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  type?: 'text' | 'password' | 'date' | 'number' | 'url' | 'email';
  placeholder?: string;
  autoComplete?: string;
  pattern?: string;
  max?: string;
  min?: string;
  disabled?: boolean;
}

export function TextField({ label, hint, required, value, onChange, type = 'text', ...rest }: TextProps) {
  return (
    <Field label={label} hint={hint} required={required}>
      <Input type={type} value={value} required={required} autoComplete="off" {...rest} onChange={(_, data) => onChange(data.value)} />
    </Field>
  );
}

interface AreaProps extends Common {
  value: string;
  onChange: (value: string) => void;
  rows?: number;
}

export function AreaField({ label, hint, required, value, onChange, rows = 3 }: AreaProps) {
  return (
    <Field label={label} hint={hint} required={required}>
      <Textarea value={value} required={required} rows={rows} resize="vertical" onChange={(_, data) => onChange(data.value)} />
    </Field>
  );
}

interface SelectProps extends Common {
  value: string;
  onChange: (value: string) => void;
  choices: Choice[];
}

export function SelectField({ label, hint, required, value, onChange, choices }: SelectProps) {
  return (
    <Field label={label} hint={hint} required={required}>
      <Select value={value} onChange={(_, data) => onChange(data.value)}>
        {choices.map((choice) => <option key={choice.value} value={choice.value}>{choice.title}</option>)}
      </Select>
    </Field>
  );
}

export function SwitchField({ label, hint, value, onChange }: { label: string; hint?: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <Field hint={hint} className="switch-field">
      <Switch label={label} checked={value} onChange={(_, { checked }) => onChange(checked)} />
    </Field>
  );
}

interface ChecksProps {
  label: string;
  choices: Choice[];
  value: string[];
  onChange: (value: string[]) => void;
}

export function ChecksField({ label, choices, value, onChange }: ChecksProps) {
  const toggle = (one: string, on: boolean) => onChange(on ? [...value, one] : value.filter((other) => other !== one));
  return (
    <fieldset className="checks">
      <legend>{label}</legend>
      {choices.map((choice) => (
        <Checkbox
          key={choice.value} label={choice.title} checked={value.includes(choice.value)}
          onChange={(_, { checked }) => toggle(choice.value, checked === true)}
        />
      ))}
    </fieldset>
  );
}

/** Words of a text field: by commas, spaces or lines. */
export const words = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean);

/** The end of a day chosen in a date field, as the API takes it; null for none. */
export const endOfDay = (day: string): string | null => (day ? `${day}T23:59:59Z` : null);
