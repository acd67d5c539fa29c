/** Every advisory lock that Linecheck takes in its database, so that no two mean the same number. */
export const lockKeys = {
  /** Held by the processes that serve this newsroom, each on a connection of its own: shared where they have Redis. */
  holder: 5_246_001,
  /** Held while migrations run. */
  migrating: 5_246_002,
  /** Held from the reading of the record's head to the end of the transaction; always the last lock taken. */
  record: 5_246_003,
  /** Held shared by those of several processes that serve, so that none migrates the store under another. */
  serving: 5_246_004,
  /** Held while a starting process brings the people and stories that the settings ask for. */
  starting: 5_246_005,
} as const;
