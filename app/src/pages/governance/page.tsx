import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function GovernancePage() {
  return <PageHeader title={<Trans>Governance</Trans>} lead={<Trans>governance</Trans>} />;
}
