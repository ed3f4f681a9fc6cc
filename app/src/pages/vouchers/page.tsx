import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function VouchersPage() {
  return <PageHeader title={<Trans>Vouchers</Trans>} lead={<Trans>vouchers</Trans>} />;
}
