/** A small picture of the product: one plan, bars of two companies, a milestone both must meet. */
import styles from '#client/base/parts/shared-plan-picture.module.css';
import type { Side } from '#shared/base/audience.ts';

interface Bar {
  side: Side;
  row: number;
  from: number;
  length: number;
}

const bars: readonly Bar[] = [
  { side: 'buyer', row: 0, from: 16, length: 120 },
  { side: 'supplier', row: 1, from: 84, length: 148 },
  { side: 'supplier', row: 2, from: 152, length: 92 },
  { side: 'buyer', row: 3, from: 212, length: 76 },
  { side: 'supplier', row: 4, from: 250, length: 128 },
  { side: 'buyer', row: 5, from: 322, length: 96 },
];
const rowHeight = 38;

/** Decorative: what it shows stands in words below it. */
export function SharedPlanPicture() {
  return (
    <svg className={styles['picture']} viewBox="0 0 480 252" aria-hidden="true" focusable="false">
      {[0, 1, 2, 3, 4, 5, 6].map((line) => (
        <path key={line} className={styles['line']} d={`M0 ${line * rowHeight + 12.5}H480`} />
      ))}
      {[96, 192, 288, 384].map((x) => (
        <path key={x} className={styles['week']} d={`M${x}.5 12V240`} />
      ))}
      {bars.map(({ side, row, from, length }) => (
        <rect
          key={row}
          className={styles['bar']}
          data-side={side}
          x={from}
          y={row * rowHeight + 22}
          width={length}
          height={18}
          rx={side === 'buyer' ? 3 : 9}
        />
      ))}
      <path className={styles['today']} d="M268 4V248" />
      <path className={styles['milestone']} d="M440 211l10 10-10 10-10-10z" />
    </svg>
  );
}
