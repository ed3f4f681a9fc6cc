import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function ReservesPage() {
  return <PageHeader title={<Trans>Reserves</Trans>} lead={<Trans>reserves</Trans>} />;
}
