/** Something a user can set right: printed as one message, without a stack. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
