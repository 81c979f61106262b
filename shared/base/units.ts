/** Limits and units both sides must agree on; a limit is named once, here or in its room's shape. */

/** Longest name of a company, person or plan, in UTF-16 code units. */
export const nameLength = 120;

/** Longest one-line text, such as a task title. */
export const titleLength = 300;

/** Longest free text, such as the purpose of a relationship. */
export const textLength = 4_000;

/** Largest JSON body of a call, in bytes. */
export const bodyBytes = 256 * 1024;

/** Milliseconds in common spans. */
export const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
