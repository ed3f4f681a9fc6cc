import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function EarnPage() {
  return <PageHeader title={<Trans>Earn</Trans>} lead={<Trans>earn</Trans>} />;
}
