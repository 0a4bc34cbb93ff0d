// SPDX-License-Identifier: Apache-2.0
import {
  Button, Menu, MenuDivider, MenuGroup, MenuGroupHeader, MenuItem, MenuItemRadio, MenuList, MenuPopover, MenuTrigger,
} from '@fluentui/react-components';
import { PersonCircleRegular } from '@fluentui/react-icons';
import { useNavigate } from 'react-router';
import { t } from '../i18n/t';
import { preferences, useTheme, useZone, type Theme, type Zone } from './preferences';
import { signOut, useSession } from './session';

export function UserMenu() {
  const { user } = useSession();
  const theme = useTheme();
  const zone = useZone();
  const navigate = useNavigate();
  const choose = (name: string, value: string | undefined) => {
    if (name === 'theme') preferences.setTheme(value as Theme);
    else preferences.setZone(value as Zone);
  };
  return (
    <Menu
      checkedValues={{ theme: [theme], zone: [zone] }}
      onCheckedValueChange={(_, { name, checkedItems }) => choose(name, checkedItems[0])}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="transparent" icon={<PersonCircleRegular />} aria-label={t('user.menu', { name: user.displayName || user.name })}>
          <span className="user-name">{user.displayName || user.name}</span>
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t('user.theme')}</MenuGroupHeader>
            <MenuItemRadio name="theme" value="system">{t('theme.system')}</MenuItemRadio>
            <MenuItemRadio name="theme" value="light">{t('theme.light')}</MenuItemRadio>
            <MenuItemRadio name="theme" value="dark">{t('theme.dark')}</MenuItemRadio>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t('user.times')}</MenuGroupHeader>
            <MenuItemRadio name="zone" value="utc">{t('zone.utc')}</MenuItemRadio>
            <MenuItemRadio name="zone" value="local">{t('zone.local')}</MenuItemRadio>
          </MenuGroup>
          <MenuDivider />
          {user.local && <MenuItem onClick={() => void navigate('/settings/account')}>{t('user.password')}</MenuItem>}
          <MenuItem onClick={() => void navigate('/settings/tokens')}>{t('user.tokens')}</MenuItem>
          <MenuItem onClick={() => void signOut()}>{t('user.signOut')}</MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
