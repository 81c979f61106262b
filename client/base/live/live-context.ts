/** The live session in React; set by `LiveProvider` alone. */
import { createContext } from 'react';
import type { LiveSession } from '#client/base/live/live-session.ts';

/** Null while nobody is signed in, or until the device store is open. */
export const LiveContext = createContext<LiveSession | null>(null);
