// SPDX-License-Identifier: Apache-2.0
// Short messages about what was done. Errors stay until dismissed.
import { ApiError } from '../api/http';
import { t } from '../i18n/t';

export interface Message {
  tone: 'success' | 'error';
  title: string;
  text: string;
}

const listeners = new Set<(message: Message) => void>();

export function onToast(listener: (message: Message) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function emit(message: Message): void {
  listeners.forEach((listener) => listener(message));
}

export const toast = (title: string, text = ''): void => emit({ tone: 'success', title, text });

export const toastError = (error: unknown): void =>
  emit({ tone: 'error', title: t('error.title'), text: error instanceof Error ? error.message : String(error) });

/** Carries out an action and says so; answers whether it went well. */
export async function act(what: () => Promise<unknown>, done: string): Promise<boolean> {
  try {
    await what();
    toast(done);
    return true;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) toastError(error);
    return false;
  }
}
