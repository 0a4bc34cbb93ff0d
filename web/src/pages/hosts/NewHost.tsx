// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { get } from '../../api/http';
import type { Host } from '../../api/host_types';
import { hostPage, hostPath } from '../../api/paths';
import { useLiveEvents } from '../../app/live';
import { refresh } from '../../app/query';
import { Section } from '../../components/Page';
import { StateLabel } from '../../components/Status';
import { CodeBlock, Time } from '../../components/Text';
import { t } from '../../i18n/hosts';
import type { Made } from './AddHost';
import { tokensPath } from './EnrollmentTokens';

/** Hosts that were enrolled since the token was made. Each that is heard of is asked for once. */
function useNewHosts(since: number): string[] {
  const [found, setFound] = useState<string[]>([]);
  const asked = useRef(new Set<string>());
  const current = useRef(true);
  useEffect(() => () => {
    current.current = false;
  }, []);
  useLiveEvents((event) => {
    if (event.kind !== 'host' || event.state === 'removed' || asked.current.has(event.name)) return;
    asked.current.add(event.name);
    const look = async () => {
      const host = await get<Host>(hostPath(event.name));
      if (!current.current || Date.parse(host.agent.enrolledAt ?? '') < since - 1000) return;
      setFound((now) => [...now, host.name]);
      void refresh(tokensPath);
    };
    look().catch(() => asked.current.delete(event.name)); // the next event asks again
  });
  return found;
}

export function NewHost({ made }: { made: Made }) {
  const hosts = useNewHosts(made.created);
  return (
    <>
      <Section title={t('enroll.step2')}>
        <p className="bar-note" role="status">{t('enroll.once', { n: made.uses })} <Time at={made.expires} />.</p>
        <h3>{t('enroll.program')}</h3>
        <CodeBlock text={`sudo ${made.command}`} />
        <h3>{t('enroll.package')}</h3>
        <CodeBlock text={packageCommands(made.command)} />
        <p className="muted">{t('enroll.packageText')}</p>
      </Section>
      <Section title={t('enroll.step3')}>
        <div role="status" className="new-hosts">
          {hosts.length === 0 ? <StateLabel tone="busy">{t('enroll.waiting')}</StateLabel> : hosts.map((name) => (
            <p key={name}><StateLabel tone="good">{t('enroll.arrived', { name })}</StateLabel> <Link to={hostPage(name)}>{t('enroll.open', { name })}</Link></p>
          ))}
        </div>
      </Section>
    </>
  );
}

/** As docs/agent-install.md tells it: enrolled once, as the agent's user; from then on the unit runs it. */
const packageCommands = (command: string): string => [
  'sudo apt install ./bulwark-agent_*.deb',
  `sudo runuser -u bulwark-agent -- ${command} --data /var/lib/bulwark-agent --enroll-only`,
  'sudo systemctl restart bulwark-agent',
].join('\n');
