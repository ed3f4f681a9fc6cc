import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function RedeemPage() {
  return <PageHeader title={<Trans>Redeem</Trans>} lead={<Trans>redeem</Trans>} />;
}
