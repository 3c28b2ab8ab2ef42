/** Places a side of the field that shows what the discriminator takes for real. */
export const FIELD = 24;

/** The field goes from −REACH to REACH both ways: the ring has radius 1. */
export const REACH = 1.6;
