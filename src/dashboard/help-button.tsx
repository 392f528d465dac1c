/** Opens the help, by `?` too. Few readers do, so its script is loaded when they do. */
import { useState } from 'preact/hooks';
import type { FunctionComponent } from 'preact';
import type { Status } from './api-client.ts';
import type { HelpDialogProps } from './help-dialog.tsx';
import { useKey } from './use-key.ts';

interface Props {
  readonly origin: Status | undefined;
}

export function HelpButton({ origin }: Props) {
  const [Dialog, setDialog] = useState<FunctionComponent<HelpDialogProps>>();
  const [isOpen, setOpen] = useState(false);
  const [isMissing, setMissing] = useState(false);
  const open = (): void => {
    setOpen(true);
    import('./help-dialog.tsx').then(
      module => setDialog(() => module.HelpDialog),
      () => setMissing(true),
    );
  };
  useKey('?', open);
  return (
    <>
      <button type="button" class="help-button" aria-label="Help" aria-haspopup="dialog" onClick={open}>
        ?
      </button>
      {isOpen && Dialog !== undefined && <Dialog origin={origin} close={() => setOpen(false)} />}
      <span class="hidden" role="status">
        {isMissing && 'The help could not be loaded. Reload the page.'}
      </span>
    </>
  );
}
