import type { ReactNode } from 'react';

/**
 * A name that somebody else chose, as a vendor’s or a model’s: broken anywhere where it is longer than its line, and in its own
 * direction without turning what stands around it.
 */
export function Foreign({ code = false, children }: { readonly code?: boolean; readonly children: ReactNode }) {
  return <bdi className={`min-w-0 wrap-anywhere ${code ? 'font-code text-small' : ''}`}>{children}</bdi>;
}
