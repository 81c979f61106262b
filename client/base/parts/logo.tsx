/** The mark of the product: a square and a circle that share a part. */

/** 24 pixels unless told; decorative, the name stands beside it. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="3" y="5" width="17" height="17" rx="4" fill="var(--buyer)" />
      <circle cx="20.5" cy="18.5" r="9" fill="var(--supplier)" />
      <path d="M20 9.51A9 9 0 0 0 11.98 21.5l.02.5h4a4 4 0 0 0 4-4z" fill="var(--ink)" />
    </svg>
  );
}
