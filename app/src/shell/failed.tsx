import { Trans } from '@lingui/react/macro';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../components/button.tsx';
import { Notice } from '../components/notice.tsx';
import { PageHeader } from '../components/surface.tsx';

/** A link names a place that the page does not have. */
export function NoSuchPlace() {
  return (
    <>
      <PageHeader title={<Trans>There is no such place here</Trans>} lead={<Trans>The link may be of another version of this page, or cut off.</Trans>} />
      <Link to="/buy" className="font-medium text-verdigris-strong underline">
        <Trans>Go to the beginning</Trans>
      </Link>
    </>
  );
}

/** A place could not be shown: its script did not load, as after a new version was put up, or it failed. */
export function PlaceFailed({ error }: ErrorComponentProps) {
  return (
    <>
      <PageHeader title={<Trans>This place could not be shown</Trans>} lead={<Trans>What the chain has is not touched by this.</Trans>} />
      <Notice
        tone="bad"
        live
        action={
          <Button look="primary" onClick={() => globalThis.location.reload()}>
            <Trans>Reload the page</Trans>
          </Button>
        }
      >
        <Trans>{error instanceof Error ? error.message : String(error)}. Nothing was sent: reload the page.</Trans>
      </Notice>
    </>
  );
}
