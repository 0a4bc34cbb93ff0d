// SPDX-License-Identifier: Apache-2.0
// What is wrong with the query; a click leads to the place.
import type { Place } from '../../api/logs';
import { StateLabel } from '../../components/Status';
import { t } from '../../i18n/logs';
import type { Problem } from './problems';

interface Props {
  title: string;
  tone: 'bad' | 'warn';
  problems: Problem[];
  onJump: (place: Place) => void;
  alert?: boolean;
}

const atMost = 5;

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const words = (message: string, suggestion: string | undefined): string =>
  suggestion ? t('logs.didYouMean', { message, suggestion }) : message;

export function Problems({ title, tone, problems, onJump, alert = false }: Props) {
  if (problems.length === 0) return null;
  return (
    <div className={tone === 'bad' ? 'bar-note bad log-problems' : 'bar-note log-problems'} role={alert ? 'alert' : undefined}>
      <StateLabel tone={tone}>{title}</StateLabel>
      <ul>
        {problems.slice(0, atMost).map(({ message, suggestion, start }, index) => (
          <li key={index}>
            {start && <button type="button" className="link-button" onClick={() => onJump(start)}>{t('logs.place', { line: start.line, column: start.column })}</button>}{' '}
            {words(start ? message : capital(message), suggestion)}
          </li>
        ))}
        {problems.length > atMost && <li className="muted">{t('logs.moreProblems', { n: problems.length - atMost })}</li>}
      </ul>
    </div>
  );
}
