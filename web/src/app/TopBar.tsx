// SPDX-License-Identifier: Apache-2.0
import { Button } from '@fluentui/react-components';
import { NavigationRegular, QuestionCircleRegular } from '@fluentui/react-icons';
import { Link } from 'react-router';
import { t } from '../i18n/t';
import { StateLabel } from '../components/Status';
import { useLive } from './live';
import { ScopePicker } from './ScopePicker';
import { SearchBox } from './SearchBox';
import { UserMenu } from './UserMenu';

interface Props {
  onHelp: () => void;
  menuOpen: boolean;
  onMenu: () => void;
}

/** How many scans run now, leading to them. */
function ScanChip() {
  const running = useLive().progress.size;
  if (running === 0) return null;
  return <Link to="/inventory?scanState=queued,scanning" className="scan-chip"><StateLabel tone="busy">{t('live.running', { n: running })}</StateLabel></Link>;
}

export function TopBar({ onHelp, menuOpen, onMenu }: Props) {
  return (
    <header className="top-bar">
      <Button
        className="menu-button" appearance="transparent" icon={<NavigationRegular />} aria-label={t('nav.toggle')}
        aria-expanded={menuOpen} aria-controls="nav" onClick={onMenu}
      />
      <Link to="/" className="brand" aria-label={t('app.name')}><img src="/favicon.svg" alt="" width="20" height="20" /><span>{t('app.name')}</span></Link>
      <SearchBox />
      <div className="top-bar-end">
        <ScanChip />
        <ScopePicker />
        <Button appearance="transparent" icon={<QuestionCircleRegular />} aria-label={t('help.title')} title={`${t('help.title')} (?)`} onClick={onHelp} />
        <UserMenu />
      </div>
    </header>
  );
}
