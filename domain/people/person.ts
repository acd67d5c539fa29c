import { z } from "zod";

export const roles = ["reporter", "checker", "editor", "admin"] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

/** Ids are opaque strings made by the server: 1 to 64 characters of `A-Z a-z 0-9 _ -`. */
export const Id = z.string().regex(/^[\w-]{1,64}$/);

/** An instant on the wire: ISO 8601 in UTC, with milliseconds. */
export const Instant = z.iso.datetime();

/** Who acts: what rights are asked for. */
export const Person = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
});
export type Person = z.infer<typeof Person>;

/** A colleague as everyone signed in may see them: `GET /api/people`. */
export const Colleague = z.object({
  id: Id,
  name: z.string(),
  role: Role,
  active: z.boolean(),
  /** Only the admin is told addresses. */
  email: z.string().optional(),
  /** Invited and has not chosen a password yet; only the admin is told. */
  invited: z.boolean().optional(),
});
export type Colleague = z.infer<typeof Colleague>;

export const PersonName = z.string().trim().min(1).max(200);
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email());

/** [PE3] A password: at least 10 and at most 200 characters, any of them. */
export const Password = z.string().min(10).max(200);

/** The form of a sign-in; whether it is right is said by one refusal only (PE2). */
export const SignIn = z.object({ email: z.string().min(1).max(254), password: z.string().min(1).max(200) });
export type SignIn = z.infer<typeof SignIn>;

export const Invitation = z.strictObject({ name: PersonName, email: Email, role: Role });
export type Invitation = z.infer<typeof Invitation>;
export const PersonChange = z
  .strictObject({ role: Role.optional(), active: z.boolean().optional() })
  .refine((change) => change.role !== undefined || change.active !== undefined, "nothing to change");
export type PersonChange = z.infer<typeof PersonChange>;
export const PasswordChange = z.strictObject({ current: z.string().max(200), next: Password });
export type PasswordChange = z.infer<typeof PasswordChange>;
export const LinkRedemption = z.strictObject({
  token: z.string().min(1).max(200),
  password: Password.optional(),
});
export type LinkRedemption = z.infer<typeof LinkRedemption>;

/** The answer to an invitation: the link is shown to the admin once and is not kept. */
export const Invited = z.object({ id: Id, link: z.url() });
