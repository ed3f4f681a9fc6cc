import { Trans } from '@lingui/react/macro';
import { PageHeader } from '../../components/surface.tsx';

export default function ActivityPage() {
  return <PageHeader title={<Trans>Activity</Trans>} lead={<Trans>activity</Trans>} />;
}
