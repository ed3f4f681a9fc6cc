import { Trans } from '@lingui/react/macro';
import { Link, type ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../components/button.tsx';
import { EmptyState, Notice } from '../components/notice.tsx';

/** A link names a place that the page does not have. */
export function NoSuchPlace() {
  return (
    <EmptyState
      title={<Trans>There is no such place here</Trans>}
      action={
        <Link to="/buy" className="font-medium text-verdigris-strong underline">
          <Trans>Go to the beginning</Trans>
        </Link>
      }
    >
      <Trans>The link may be of another version of this page, or cut off.</Trans>
    </EmptyState>
  );
}

/** A place could not be shown: its script did not load, as after a new version was put up, or it failed. */
export function PlaceFailed({ error }: ErrorComponentProps) {
  return (
    <Notice
      tone="bad"
      live
      title={<Trans>This place could not be shown</Trans>}
      action={
        <Button look="primary" onClick={() => globalThis.location.reload()}>
          <Trans>Reload the page</Trans>
        </Button>
      }
    >
      <Trans>{error instanceof Error ? error.message : String(error)}. Nothing was sent. Reload the page; what the chain has is not touched by this.</Trans>
    </Notice>
  );
}
