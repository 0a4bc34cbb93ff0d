// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { send } from '../../api/http';
import { apiVersions, versioned } from '../../api/paths';
import type { RegistryProperties, Resource } from '../../api/settings_types';
import { useSession } from '../../app/session';
import { toastError } from '../../app/toast';
import { Modal } from '../../components/Modal';
import { CodeBlock, Markdown } from '../../components/Text';
import { t, tData } from '../../i18n/t';

/** How each kind of registry is told to send its events here. SECRET stands for what is shown once. */
function configurationOf(kind: string, url: string): string | null {
  if (kind === 'Distribution' || kind === 'Other')
    return `notifications:\n  endpoints:\n    - name: bulwark\n      url: ${url}\n      headers:\n        Authorization: [Bearer SECRET]\n      timeout: 5s\n      threshold: 5\n      backoff: 10s\n      ignoredmediatypes:\n        - application/octet-stream`;
  if (kind === 'AzureContainerRegistry')
    return `az acr webhook create --registry NAME --name bulwark --actions push delete quarantine \\\n  --uri ${url} --headers "Authorization=Bearer SECRET"`;
  return null;
}

export function WebhookModal({ registry, onClose }: { registry: Resource<RegistryProperties>; onClose: () => void }) {
  const { capabilities } = useSession();
  const [secret, setSecret] = useState('');
  const kind = registry.properties.kind ?? 'Other';
  const url = `${window.location.origin}/webhooks/registries/${encodeURIComponent(registry.name)}`;
  const configuration = configurationOf(kind, url);
  const renew = async () => {
    try {
      const answer = await send<{ secret: string }>('POST', versioned(`${registry.id}/webhookSecret`, apiVersions.registries));
      setSecret(answer.secret);
    } catch (error) {
      toastError(error);
    }
  };
  return (
    <Modal title={t('webhook.title', { name: registry.name })} onClose={onClose}>
      <p>{t('webhook.text')}</p>
      <CodeBlock text={url} />
      {capabilities.write && (
        <>
          <p>{t('webhook.secretText')}</p>
          {/* The button that had the focus is gone: without one Escape would not close the dialog. */}
          {secret ? <div tabIndex={-1} className="shown-secret" ref={(shown) => shown?.focus()}><CodeBlock text={secret} /></div> : <button type="button" className="plain-button" onClick={() => void renew()}>{t('webhook.renew')}</button>}
        </>
      )}
      <h3>{tData('registryKind', kind)}</h3>
      <Markdown text={tData('webhookHow', kind)} />
      {configuration && <CodeBlock text={secret ? configuration.replace('SECRET', secret) : configuration} />}
    </Modal>
  );
}
