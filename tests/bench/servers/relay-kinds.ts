/** First bytes of the relay's messages: an update, a caret, and what a file holds, which a newcomer is given. */
export const relayKinds = { update: 0, caret: 1, stored: 2 } as const;
