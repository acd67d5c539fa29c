/** Every advisory lock that Linecheck takes in its database, so that no two mean the same number. */
export const lockKeys = {
  /** Held by the one process that serves this newsroom, on a connection of its own. */
  holder: 5_246_001,
  /** Held while migrations run. */
  migrating: 5_246_002,
  /** Held from the reading of the record's head to the end of the transaction; always the last lock taken. */
  record: 5_246_003,
} as const;
