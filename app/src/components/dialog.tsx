import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { useLingui } from '@lingui/react/macro';
import type { ReactNode } from 'react';

interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: ReactNode;
  readonly children: ReactNode;
}

export function Dialog({ open, onClose, title, children }: DialogProps) {
  const { t } = useLingui();
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className="fixed inset-0 z-40 bg-black/45" />
        <BaseDialog.Popup className="fixed inset-x-3 top-1/2 z-50 mx-auto max-h-[88dvh] max-w-lg -translate-y-1/2 overflow-y-auto rounded-box border border-line bg-raised p-5 shadow-float sm:p-6">
          <div className="mb-4 flex items-start justify-between gap-4">
            <BaseDialog.Title className="text-title font-bold">{title}</BaseDialog.Title>
            <BaseDialog.Close
              aria-label={t`Close`}
              className="-m-2 grid size-11 shrink-0 place-items-center rounded-box text-muted hover:bg-sunken hover:text-ink"
            >
              <svg viewBox="0 0 16 16" aria-hidden="true" className="size-4 stroke-current stroke-[1.6]" fill="none">
                <path d="M3 3l10 10M13 3L3 13" />
              </svg>
            </BaseDialog.Close>
          </div>
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}
