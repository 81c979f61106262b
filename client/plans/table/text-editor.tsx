/** The editor of a text cell: keeps what is typed until it is left or cancelled, and says why when it is not taken. */
import { IconCalendar } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { readDateText, showReading } from '#client/plans/date-text.ts';
import { Calendar } from '#client/plans/parts/calendar.tsx';
import { FloatingBox } from '#client/plans/parts/floating-box.tsx';
import styles from '#client/plans/table/text-editor.module.css';
import { type TextEditorProps, useTextEdit } from '#client/plans/table/use-text-edit.ts';

/** A field over the cell; for days with a calendar below it. */
export function TextEditor(props: TextEditorProps) {
  const { label, column, reading } = props;
  const { t } = useTranslation('plans');
  const faultId = useId();
  const edit = useTextEdit(props);
  const read = edit.isDate ? readDateText(edit.text, reading) : null;
  const {
    input,
    box,
    setBox,
    text,
    type,
    fault,
    isDate,
    inCalendar,
    openCalendar,
    finish,
    onKeyDown,
    onBlur,
  } = edit;
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
        onChange={(event) => type(event.target.value)}
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
          onClick={openCalendar}
        >
          <IconCalendar size={15} stroke={1.7} aria-hidden />
        </button>
      )}
      {isDate && box !== null && (
        <FloatingBox anchor={box} onClose={() => finish(text, 'stay')}>
          {read !== null && (
            <p className={styles['reading']} aria-live="polite">
              {showReading(read, reading.locale)}
            </p>
          )}
          <Calendar
            key={props.chosen}
            chosen={read ?? props.chosen}
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
