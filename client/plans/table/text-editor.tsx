/** The editor of a text cell: keeps what is typed until it is left or cancelled, and says why when it is not taken. */
import { IconCalendar } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TextColumn, TextFault } from '#client/plans/cell-edit.ts';
import { type DateReading, readDateText } from '#client/plans/date-text.ts';
import { Calendar } from '#client/plans/parts/calendar.tsx';
import { FloatingBox } from '#client/plans/parts/floating-box.tsx';
import styles from '#client/plans/table/text-editor.module.css';
import type { IsoDate } from '#shared/base/time.ts';

/** Where the table goes after an edit was taken. */
export type AfterEdit = 'stay' | 'down' | 'up' | 'next' | 'before';

/** One cell being edited. */
export interface TextEditorProps {
  label: string;
  column: TextColumn;
  /** The text at the beginning. */
  text: string;
  /** True selects it all, so that typing replaces it. */
  selectsAll: boolean;
  chosen: IsoDate | null;
  reading: DateReading;
  /** Takes the text; a fault keeps the editor open. */
  take: (text: string) => TextFault | null;
  onDone: (after: AfterEdit) => void;
  onCancel: () => void;
  /** The editor went away under the person's hands, with what they had typed. */
  onTorn?: (text: string) => void;
}

/** Enter takes and goes down, Tab takes and goes on, Escape cancels, leaving takes. */
export function TextEditor(props: TextEditorProps) {
  const { label, column, reading, take, onDone, onCancel } = props;
  const { t } = useTranslation('plans');
  const input = useRef<HTMLInputElement>(null);
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const faultId = useId();
  const [text, setText] = useState(props.text);
  const [fault, setFault] = useState<TextFault | null>(null);
  const [inCalendar, setInCalendar] = useState(false);
  const isOver = useRef(false);
  const isDate = column === 'start' || column === 'finish';
  const { selectsAll } = props;

  const typed = useRef(text);
  typed.current = text;
  const torn = useRef(props.onTorn);
  torn.current = props.onTorn;
  const begun = useRef(props.text);
  useEffect(
    () => () => {
      if (!isOver.current && typed.current !== begun.current) torn.current?.(typed.current);
    },
    [],
  );
  useEffect(() => {
    input.current?.focus({ preventScroll: true });
    if (selectsAll) input.current?.select();
  }, [selectsAll]);

  const finish = (taken: string, after: AfterEdit) => {
    if (isOver.current) return;
    const found = take(taken);
    setFault(found);
    if (found !== null) {
      input.current?.focus();
      return;
    }
    isOver.current = true;
    onDone(after);
  };
  const cancel = () => {
    isOver.current = true;
    onCancel();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    const after = afterKey(event);
    if (event.key === 'Escape') cancel();
    else if (after !== null) finish(text, after);
    else if (event.key === 'ArrowDown' && event.altKey && isDate) setInCalendar(true);
    else return;
    event.preventDefault();
  };
  /** Leaving for another window or cell takes what is good; what is not good is left as it was. */
  const onBlur = (to: EventTarget | null) => {
    if (isOver.current || (to instanceof Node && box?.contains(to))) return;
    if (to instanceof Element && to.closest('[data-owns-keys]')?.querySelector('[data-day]')) return;
    isOver.current = true;
    if (take(text) === null) onDone('stay');
    else onCancel();
  };
  return (
    <div ref={setBox} className={styles['editor']} data-fault={fault !== null || undefined}>
      <input
        ref={input}
        className={styles['input']}
        value={text}
        aria-label={label}
        aria-invalid={fault !== null}
        aria-describedby={fault === null ? undefined : faultId}
        inputMode={column === 'progress' ? 'numeric' : undefined}
        dir="auto"
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setFault(null);
        }}
        onKeyDown={onKeyDown}
        onBlur={(event) => onBlur(event.relatedTarget)}
      />
      {isDate && (
        <button
          type="button"
          tabIndex={-1}
          className={styles['open']}
          aria-label={t('calendar.open')}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => setInCalendar(true)}
        >
          <IconCalendar size={15} stroke={1.7} aria-hidden />
        </button>
      )}
      {isDate && box !== null && (
        <FloatingBox anchor={box} onClose={() => finish(text, 'stay')}>
          <Calendar
            key={props.chosen}
            chosen={readDateText(text, reading) ?? props.chosen}
            reading={reading}
            takesFocus={inCalendar}
            onPick={(date) => finish(date, 'stay')}
          />
        </FloatingBox>
      )}
      {fault !== null && (
        <p id={faultId} role="alert" className={styles['fault']}>
          {t(`fault.${fault}`)}
        </p>
      )}
    </div>
  );
}

function afterKey({ key, shiftKey }: KeyboardEvent): AfterEdit | null {
  if (key === 'Enter') return shiftKey ? 'up' : 'down';
  if (key === 'Tab') return shiftKey ? 'before' : 'next';
  return null;
}
