/** A small box that floats at a cell or button: above everything, inside the window, gone with Escape or a click elsewhere. */
import { type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import styles from '#client/plans/parts/floating-box.module.css';

/** What the box stands at and what it holds. */
export interface FloatingBoxProps {
  /** The element it hangs on; clicks on it do not close the box. */
  anchor: Element;
  onClose: () => void;
  children: ReactNode;
  className?: string | undefined;
}

const gap = 4;
const edge = 8;

/** Under its anchor, or above it where there is more room; at the anchor's start, or moved in from the edge. */
export function FloatingBox({ anchor, onClose, children, className }: FloatingBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useLayoutEffect(() => {
    if (box.current !== null) place(box.current, anchor.getBoundingClientRect());
  });

  useEffect(() => {
    const outside = (event: Event) => {
      const target = event.target instanceof Node ? event.target : null;
      if (box.current?.contains(target) !== true && !anchor.contains(target)) close.current();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || box.current?.contains(document.activeElement) !== true) return;
      event.preventDefault();
      event.stopPropagation();
      close.current();
    };
    document.addEventListener('pointerdown', outside, true);
    document.addEventListener('scroll', outside, true);
    document.addEventListener('keydown', onKey, true);
    return () => {
      document.removeEventListener('pointerdown', outside, true);
      document.removeEventListener('scroll', outside, true);
      document.removeEventListener('keydown', onKey, true);
    };
  }, [anchor]);

  return createPortal(
    <div ref={box} className={`${styles['box']} ${className ?? ''}`} data-owns-keys>
      {children}
    </div>,
    // Inside the landmark of its anchor; a dialog, moreover, stands in the browser's top layer.
    anchor.closest('dialog, header, main') ?? document.body,
  );
}

function place(box: HTMLElement, at: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = box;
  const { clientWidth: all, clientHeight: tall } = document.documentElement;
  const fitsBelow = at.bottom + gap + height + edge <= tall || at.top < tall - at.bottom;
  const isRtl = getComputedStyle(box).direction === 'rtl';
  const wished = isRtl ? all - at.right : at.left;
  box.style.insetBlockStart = `${Math.max(edge, fitsBelow ? at.bottom + gap : at.top - gap - height)}px`;
  box.style.insetInlineStart = `${Math.max(edge, Math.min(wished, all - width - edge))}px`;
}
