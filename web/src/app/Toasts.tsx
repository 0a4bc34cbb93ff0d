// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { StateLabel } from '../components/Status';
import { t } from '../i18n/t';
import { onToast, type Message } from './toast';

const shownFor = 4000;

/** Messages at the corner; successes go by themselves. */
export function Toasts() {
  const [messages, setMessages] = useState<(Message & { id: number })[]>([]);
  const remove = (id: number) => setMessages((now) => now.filter((message) => message.id !== id));
  useEffect(() => {
    let next = 0;
    return onToast((message) => {
      const id = (next += 1);
      setMessages((now) => [...now.slice(-4), { ...message, id }]);
      if (message.tone === 'success') setTimeout(() => remove(id), shownFor);
    });
  }, []);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {messages.map(({ id, tone, title, text }) => (
        <div key={id} className="toast">
          <div>
            <StateLabel tone={tone === 'success' ? 'good' : 'bad'}>{title}</StateLabel>
            {text && <p>{text}</p>}
          </div>
          <button type="button" className="plain-button" onClick={() => remove(id)}>{t('action.dismiss')}</button>
        </div>
      ))}
    </div>
  );
}
