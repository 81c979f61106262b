/** A small check box with its words, in the page's own colours. */
import styles from '#client/history/check.module.css';

/** `words` say what is so while it is checked. */
export interface CheckProps {
  words: string;
  checked: boolean;
  onCheck: (checked: boolean) => void;
}

/** The browser's own box. */
export function Check({ words, checked, onCheck }: CheckProps) {
  return (
    <label className={styles['check']}>
      <input type="checkbox" checked={checked} onChange={(event) => onCheck(event.currentTarget.checked)} />
      {words}
    </label>
  );
}
