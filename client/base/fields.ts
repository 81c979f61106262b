/** The fields of a form: values, and what is wrong with them, told when a field is left or the form is sent. */
import { type ChangeEvent, useState } from 'react';
import type { z } from 'zod';

/** One text field: the shape it must have, and the sentence that says what is expected. */
export interface FieldSpec {
  shape: z.ZodType<string, string>;
  words: string;
  /** Value at the start; '' unless told. */
  start?: string;
}

/** What an input of Mantine takes from its field. */
export interface FieldProps {
  name: string;
  value: string;
  error: string | undefined;
  onChange: (event: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) => void;
  onBlur: () => void;
}

/** A form's fields by name. */
export interface Fields<Name extends string> {
  bind: (name: Name) => FieldProps;
  /** Parsed values, or null when a field is wrong: all errors are then shown and the first such field is focused. */
  check: (form: HTMLFormElement) => Record<Name, string> | null;
  /** Puts values in place of what was typed, and forgets the errors. */
  reset: (values?: Partial<Record<Name, string>>) => void;
}

/** Holds the fields of one form. The specs' names must stay the same between renders. */
export function useFields<Name extends string>(specs: Record<Name, FieldSpec>): Fields<Name> {
  const names = Object.keys(specs) as Name[];
  const starts = () =>
    Object.fromEntries(names.map((name) => [name, specs[name].start ?? ''])) as Record<Name, string>;
  const [values, setValues] = useState(starts);
  const [told, setTold] = useState<ReadonlySet<Name>>(new Set());
  const isWrong = (name: Name) => !specs[name].shape.safeParse(values[name]).success;

  const bind = (name: Name): FieldProps => ({
    name,
    value: values[name],
    error: told.has(name) && isWrong(name) ? specs[name].words : undefined,
    onChange: ({ currentTarget }) => {
      const { value } = currentTarget;
      setValues((before) => ({ ...before, [name]: value }));
    },
    // An empty field that is merely passed through is not yet a mistake.
    onBlur: () => values[name] !== '' && setTold((before) => new Set([...before, name])),
  });

  const check = (form: HTMLFormElement) => {
    const wrong = names.filter(isWrong);
    setTold(new Set(names));
    const [first] = wrong;
    if (first !== undefined) {
      const field = form.elements.namedItem(first);
      if (field instanceof HTMLElement) {
        field.focus();
      }
      return null;
    }
    return Object.fromEntries(names.map((name) => [name, specs[name].shape.parse(values[name])])) as Record<
      Name,
      string
    >;
  };

  const reset = (next: Partial<Record<Name, string>> = {}) => {
    setValues({ ...starts(), ...next });
    setTold(new Set());
  };

  return { bind, check, reset };
}
