/** A choice of one out of a few, all visible: radio buttons drawn as a row of tiles. */
import { type ReactNode, useId } from 'react';
import styles from '#client/base/parts/choice-group.module.css';

/** One choice; `mark` is a small sign before its words. */
export interface Choice<Value extends string> {
  value: Value;
  words: string;
  text?: string;
  mark?: ReactNode;
}

/** `legend` names the group, always visible. */
export interface ChoiceGroupProps<Value extends string> {
  legend: string;
  choices: readonly Choice<Value>[];
  value: Value;
  onChange: (value: Value) => void;
}

/** Arrow keys move between the choices, as in every group of radio buttons. */
export function ChoiceGroup<Value extends string>(props: ChoiceGroupProps<Value>) {
  const { legend, choices, value, onChange } = props;
  const name = useId();
  return (
    <fieldset className={styles['group']}>
      <legend className={styles['legend']}>{legend}</legend>
      <div className={styles['row']}>
        {choices.map((choice) => (
          <label key={choice.value} className={styles['choice']}>
            <input
              type="radio"
              name={name}
              value={choice.value}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
              className={styles['input']}
            />
            <span className={styles['words']}>
              {choice.mark}
              {choice.words}
            </span>
            {choice.text !== undefined && <span className={styles['text']}>{choice.text}</span>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
