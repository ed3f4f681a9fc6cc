import type { ReactNode } from 'react';

export interface Column<T> {
  readonly id: string;
  readonly header: ReactNode;
  readonly cell: (row: T) => ReactNode;
  readonly numeric?: boolean;
}

interface TableProps<T> {
  /** What the table is of, for those who hear it. */
  readonly caption: ReactNode;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
}

/** A table; where there is little room each row becomes a card whose values carry the columns' names. */
export function Table<T>({ caption, columns, rows, rowKey }: TableProps<T>) {
  return (
    <div className="@container overflow-x-auto rounded-box border border-line bg-surface">
      <table role="table" className="block w-full border-collapse @min-[52rem]:table">
        <caption className="sr-only">{caption}</caption>
        <thead role="rowgroup" className="hidden @min-[52rem]:table-header-group">
          <tr role="row" className="border-b border-line">
            {columns.map(({ id, header, numeric }) => (
              <th key={id} role="columnheader" scope="col" className={`px-4 py-2.5 text-small font-medium text-muted ${numeric === true ? 'text-right' : 'text-left'}`}>
                {header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody role="rowgroup" className="block divide-y divide-line @min-[52rem]:table-row-group">
          {rows.map((row) => (
            <tr key={rowKey(row)} role="row" className="block px-4 py-3 @min-[52rem]:table-row @min-[52rem]:p-0">
              {columns.map(({ id, header, cell, numeric }) => (
                <td
                  key={id}
                  role="cell"
                  className={`flex items-baseline justify-between gap-4 py-1 @min-[52rem]:table-cell @min-[52rem]:px-4 @min-[52rem]:py-3 ${numeric === true ? '@min-[52rem]:text-right' : ''}`}
                >
                  <span aria-hidden="true" className="text-small text-muted @min-[52rem]:hidden">
                    {header}
                  </span>
                  <span className="text-right @min-[52rem]:text-inherit">{cell(row)}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
