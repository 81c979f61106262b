/** One edit of a text cell: what is typed, whether it was taken, and how the editor is left. */
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import type { TextColumn, TextFault } from '#client/plans/cell-edit.ts';
import type { DateReading } from '#client/plans/date-text.ts';
import type { IsoDate } from '#shared/base/time.ts';

/** Where the table goes after an edit was taken. */
export type AfterEdit = 'stay' | 'down' | 'up' | 'next' | 'before';

/** One cell being edited. */
export interface TextEditorProps {
  label: string;
  column: TextColumn;
  /** The text at the beginning. */
  text: string;
  /** What the cell says. */
  stands: string;
  /** True selects it all, so that typing replaces it. */
  selectsAll: boolean;
  chosen: IsoDate | null;
  reading: DateReading;
  /** Takes the text; a fault keeps the editor open. `stood` is what the cell said when the editor was opened. */
  take: (text: string, stood: string) => TextFault | null;
  onDone: (after: AfterEdit) => void;
  onCancel: () => void;
  /** The editor went away under the person's hands, with what they had typed. */
  onTorn?: (text: string) => void;
}

/** The state of an open editor. Enter takes and goes down, Tab takes and goes on, Escape cancels, leaving takes. */
export function useTextEdit(props: TextEditorProps) {
  const { column, onDone, onCancel } = props;
  const [stood] = useState(props.stands);
  // Left as it was opened nothing is written, or it would take back what others changed meanwhile.
  const take = (taken: string) => (taken === stood ? null : props.take(taken, stood));
  const input = useRef<HTMLInputElement>(null);
  const [box, setBox] = useState<HTMLDivElement | null>(null);
  const [text, setText] = useState(props.text);
  const [fault, setFault] = useState<TextFault | null>(null);
  const [inCalendar, setInCalendar] = useState(false);
  const isOver = useRef(false);
  const isDate = column === 'start' || column === 'finish';
  const { selectsAll } = props;

  useTorn({ text, begun: props.text, isOver, onTorn: props.onTorn });
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
  const type = (typed: string) => {
    setText(typed);
    setFault(null);
  };
  const openCalendar = () => setInCalendar(true);
  return {
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
  };
}

/** What `useTorn` watches. */
interface Tearing {
  text: string;
  begun: string;
  isOver: RefObject<boolean>;
  onTorn: ((text: string) => void) | undefined;
}

/** Hands the text over when the editor is taken away before it was left, and something had been typed. */
function useTorn({ text, begun, isOver, onTorn }: Tearing): void {
  const latest = useRef({ text, begun, onTorn });
  latest.current = { text, begun: latest.current.begun, onTorn };
  useEffect(
    () => () => {
      const last = latest.current;
      if (!isOver.current && last.text !== last.begun) last.onTorn?.(last.text);
    },
    [isOver],
  );
}

function afterKey({ key, shiftKey }: KeyboardEvent): AfterEdit | null {
  if (key === 'Enter') return shiftKey ? 'up' : 'down';
  if (key === 'Tab') return shiftKey ? 'before' : 'next';
  return null;
}
