// SPDX-License-Identifier: Apache-2.0
// Dialogs: text to read, a form to send, a question before what cannot be undone.
import {
  Button, Dialog, DialogActions, DialogBody, DialogContent, DialogSurface, DialogTitle, MessageBar, MessageBarBody,
} from '@fluentui/react-components';
import { useEffect, useState, type FormEvent, type ReactNode } from 'react';
import { t } from '../i18n/t';

const openDialog = '[role=dialog][aria-modal=true]';

/** What had focus when the first of dialogs that follow each other came. */
let opener: Element | null = null;

/** Dialogs here are taken away when they close: focus goes back to what opened them, unless another one is open. */
function useReturnFocus(): void {
  useState(() => {
    const focused = document.activeElement;
    if (focused !== document.body && !focused?.closest(openDialog)) opener = focused;
  });
  useEffect(() => () => {
    requestAnimationFrame(() => {
      if (opener instanceof HTMLElement && opener.isConnected && !document.querySelector(openDialog)) opener.focus();
    });
  }, []);
}

export function Modal({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  useReturnFocus();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{title}</DialogTitle>
          <DialogContent>{children}</DialogContent>
          <DialogActions><Button onClick={onClose}>{t('action.close')}</Button></DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

interface FormProps {
  title: string;
  submit: string;
  danger?: boolean;
  onSubmit: () => Promise<unknown>;
  onClose: () => void;
  extra?: ReactNode; // more buttons, in front
  children: ReactNode;
}

/** Sends on submit and closes when that went well; else shows the hub's message and stays open. */
export function FormModal({ title, submit, danger, onSubmit, onClose, extra, children }: FormProps) {
  useReturnFocus();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const onForm = async (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setBusy(true);
    setError('');
    try {
      await onSubmit();
      onClose();
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void onForm(event)}>
          <DialogBody>
            <DialogTitle>{title}</DialogTitle>
            <DialogContent className="form-content">
              {error && <MessageBar intent="error" layout="multiline" role="alert"><MessageBarBody>{error}</MessageBarBody></MessageBar>}
              {children}
            </DialogContent>
            <DialogActions>
              {extra}
              <Button type="submit" appearance="primary" className={danger ? 'danger' : undefined} disabled={busy}>{submit}</Button>
              <Button onClick={onClose}>{t('action.cancel')}</Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
