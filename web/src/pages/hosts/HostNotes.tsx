// SPDX-License-Identifier: Apache-2.0
// What one should know before reading a host's page: it may be old, or not whole.
import type { Host } from '../../api/host_types';
import { Time } from '../../components/Text';
import { t } from '../../i18n/hosts';

export function HostNotes({ host }: { host: Host }) {
  const { agent, engine } = host;
  return (
    <>
      {host.state === 'lost' && <p className="bar-note bad" role="status">{t('host.lostNote')} <Time at={host.lastHeard} /></p>}
      {engine.error && <p className="bar-note bad" role="status">{t('host.engineNote', { message: engine.error })}</p>}
      {agent.lostMessages > 0 && <p className="bar-note bad" role="status">{t('host.lostMessagesNote', { n: agent.lostMessages })}</p>}
      {agent.problems.filter((problem) => !engine.error || !problem.includes(engine.error)).map((problem) => <p key={problem} className="bar-note bad" role="status">{problem}</p>)}
    </>
  );
}
