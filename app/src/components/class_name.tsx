import { Trans } from '@lingui/react/macro';
import type { Class } from '@specie/sdk/quotes';

/** What a voucher is for. */
export function ClassName({ name }: { readonly name: Class }) {
  switch (name) {
    case 'training':
      return <Trans>Training</Trans>;
    case 'inference':
      return <Trans>Inference</Trans>;
    case 'fine-tuning':
      return <Trans>Fine-tuning</Trans>;
  }
}
