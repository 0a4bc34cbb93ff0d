// SPDX-License-Identifier: Apache-2.0
// The benchmark by section: each a bar of its verdicts, with the numbers in words, leading to its controls.
import { Link } from 'react-router';
import type { Section } from '../../api/host_types';
import { StackedBar } from '../../components/Bars';
import { t, tData } from '../../i18n/hosts';
import { formatNumber } from '../../i18n/format';
import { controlStatuses, ControlState } from './parts';

const words = (section: Section): string =>
  controlStatuses.filter((status) => section[status] > 0).map((status) => `${tData('control', status)} ${formatNumber(section[status])}`).join(', ');

export function SectionBars({ sections }: { sections: Section[] }) {
  return (
    <>
      <ul className="number-lines section-bars">
        {sections.map((section) => (
          <li key={section.id}>
            <Link to={`?tab=benchmark&section=${encodeURIComponent(section.id)}`} title={words(section)}>
              <span className="number-label">{section.id} {section.title}<span className="visually-hidden">: {words(section)}</span></span>
              <StackedBar shares={controlStatuses.map((status) => ({ name: status, value: section[status] }))} />
              <span className="number-value" aria-hidden="true">{t('host.failedOf', { failed: formatNumber(section.fail), all: formatNumber(controlStatuses.reduce((sum, status) => sum + section[status], 0)) })}</span>
            </Link>
          </li>
        ))}
      </ul>
      <p className="legend" aria-hidden="true">{controlStatuses.map((status) => <span key={status}><span className={`legend-mark bar-${status}`} /><ControlState status={status} /></span>)}</p>
    </>
  );
}
