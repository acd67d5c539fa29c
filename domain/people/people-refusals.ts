/** The expected noes about people, with the sentence that is said on screen. */

/** [PE2] One word and one sentence for a wrong password, an unknown address and a deactivated person. */
export const peopleRefusals = {
  "wrong-sign-in": "The address or the password is not right.",
  "too-many-tries": "Too many tries. Wait a little and try again.",
  "link-not-valid": "This link is not valid any more. Ask for a new one.",
  "needs-password": "Choose a password of 10 to 200 characters.",
  "wrong-password": "The current password is not right.",
  "no-such-person": "There is no such person.",
  "address-taken": "Somebody with this address is already here.",
  "last-admin": "There must always be one active admin.",
  "person-inactive": "This person is not active. Activate them first.",
  "may-not-manage-people": "Only an admin manages people.",
} as const satisfies Readonly<Record<string, string>>;

export type PeopleRefusal = keyof typeof peopleRefusals;
