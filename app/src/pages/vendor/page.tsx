import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function VendorPage() {
  return <PageHeader title={<Trans>Vendor</Trans>} lead={<Trans>vendor</Trans>} />;
}
