// SPDX-License-Identifier: Apache-2.0
import { Switch } from '@fluentui/react-components';
import { Fragment } from 'react';
import { Modal } from '../components/Modal';
import { t, type TextKey } from '../i18n/t';
import { preferences, useShortcuts } from './preferences';
import { goTo } from './shortcuts';

const keys: [string[], TextKey][] = [
  [['/'], 'help.search'],
  [['?'], 'help.title'],
  [['j'], 'help.next'],
  [['k'], 'help.previous'],
  [['Esc'], 'help.close'],
  [['↑', '↓', '←', '→'], 'help.arrows'],
  [['PgUp', 'PgDn'], 'help.pages'],
  [['Ctrl Home', 'Ctrl End'], 'help.ends'],
  [['Enter'], 'help.open'],
  [['Ctrl C'], 'help.copyCell'],
  [['Alt ←', 'Alt →'], 'help.resize'],
  [['Shift Enter'], 'help.run'],
  [['Ctrl M'], 'help.tabKey'],
];

export default function HelpDialog({ onClose }: { onClose: () => void }) {
  const on = useShortcuts();
  const rows: [string[], string][] = [
    ...keys.map(([names, text]): [string[], string] => [names, t(text)]),
    ...Object.entries(goTo).map(([key, { title }]): [string[], string] => [['g', key], t('help.go', { page: t(title) })]),
  ];
  return (
    <Modal title={t('help.title')} onClose={onClose}>
      <Switch label={t('help.switch')} checked={on} onChange={(_, { checked }) => preferences.setShortcuts(checked)} />
      <dl className="key-list">
        {rows.map(([names, text]) => (
          <Fragment key={text}>
            <dt>{names.map((name) => <kbd key={name}>{name}</kbd>)}</dt>
            <dd>{text}</dd>
          </Fragment>
        ))}
      </dl>
    </Modal>
  );
}
