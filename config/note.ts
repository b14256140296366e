import { z } from 'zod';

/** What somebody says of their decision, for those who read the evidence later. */
export const note = z.string().trim().min(1).max(500);
