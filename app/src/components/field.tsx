import { useId, type ComponentProps, type ReactNode } from 'react';

interface FieldProps extends Omit<ComponentProps<'input'>, 'id' | 'className'> {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: ReactNode | undefined;
  /** What stands behind the input, like a unit or a button. */
  readonly after?: ReactNode;
  readonly large?: boolean;
}

/** An input with its label, and below it a hint, or what is wrong and would help. */
export function Field({ label, hint, error, after, large = false, ...input }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div>
      <label htmlFor={id} className="mb-1.5 block text-small font-medium text-muted">
        {label}
      </label>
      <div
        className={`flex items-center gap-2 rounded-box border bg-surface pr-2 focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-verdigris ${error === undefined ? 'border-edge' : 'border-rust'}`}
      >
        <input
          {...input}
          id={id}
          aria-invalid={error !== undefined}
          aria-describedby={note === undefined ? undefined : `${id}-note`}
          className={`w-full min-w-0 rounded-box bg-transparent px-3 outline-none placeholder:text-muted placeholder:opacity-70 ${large ? 'figures min-h-14 text-figure' : 'min-h-11 text-body'}`}
        />
        {after !== undefined && <span className="flex shrink-0 items-center gap-2 whitespace-nowrap">{after}</span>}
      </div>
      {note !== undefined && (
        <p id={`${id}-note`} className={`mt-1.5 text-small ${error === undefined ? 'text-muted' : 'text-rust'}`}>
          {note}
        </p>
      )}
    </div>
  );
}

interface Option<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
  readonly disabled?: boolean;
}

interface ChoiceProps<T extends string> {
  readonly label: ReactNode;
  readonly value: T;
  readonly options: readonly Option<T>[];
  readonly onChange: (value: T) => void;
}

const OPTION =
  'relative flex min-h-11 cursor-pointer items-center gap-2 rounded-box border border-edge bg-surface px-3.5 font-medium has-checked:border-verdigris has-checked:bg-verdigris-wash has-checked:text-verdigris-strong has-disabled:cursor-not-allowed has-disabled:opacity-50 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-verdigris';

/** One of a few, side by side. */
export function Choice<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset>
      <legend className="mb-1.5 text-small font-medium text-muted">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label
            key={option.value}
            className={OPTION}
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              disabled={option.disabled}
              onChange={() => onChange(option.value)}
              className="sr-only"
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ChoicesProps<T extends string> {
  readonly label: ReactNode;
  readonly values: readonly T[];
  readonly options: readonly Option<T>[];
  readonly onChange: (values: readonly T[]) => void;
}

/** Any of a few, side by side, in the order of the options. */
export function Choices<T extends string>({ label, values, options, onChange }: ChoicesProps<T>) {
  const set = (value: T, isOn: boolean): void => onChange(options.map((option) => option.value).filter((one) => (one === value ? isOn : values.includes(one))));
  return (
    <fieldset>
      <legend className="mb-1.5 text-small font-medium text-muted">{label}</legend>
      <div className="flex flex-wrap gap-2">
        {options.map((option) => (
          <label key={option.value} className={OPTION}>
            <input
              type="checkbox"
              checked={values.includes(option.value)}
              disabled={option.disabled}
              onChange={(event) => set(option.value, event.target.checked)}
              className="size-4 accent-verdigris"
            />
            {option.label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
