/**
 * The numbers of the socket's protocol, for those who speak it: y-protocols' own messages, and `saved` (BO2), sent only
 * to connections that ask for it.
 */
export const messageType = { sync: 0, awareness: 1, auth: 2, queryAwareness: 3, saved: 100 } as const;
export const syncKind = { step1: 0, step2: 1, update: 2 } as const;
/** [BO4] A larger frame closes the connection with 1009. */
export const maxFrameBytes = 16 * 1024 * 1024;
