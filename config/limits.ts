/** The largest event, in bytes of UTF-8 JSON. A larger one is quarantined. */
export const maxEventBytes = 64 * 1024;

/**
 * The largest number of an event: one a millisecond for three centuries. Far below what JSON's numbers hold, so that the numbers of many
 * outboxes can be added up.
 */
export const maxSequence = 10 ** 13;

/** The largest MQTT packet, in bytes. A larger one closes the connection. */
export const maxPacketBytes = 256 * 1024;

/** What the quarantine keeps of one terminal, in bytes; beyond it only counts. */
export const maxQuarantineBytes = 10 * 1024 * 1024;

/** A `time` further ahead of arrival than this, in milliseconds, counts at arrival. */
export const maxClockLeadMs = 5 * 60 * 1000;

/** How often a terminal says `online`, in milliseconds. */
export const statusEveryMs = 30 * 1000;

/** The longest page of a list. */
export const maxPageItems = 1000;

/** Sends of one event on a healthy link without a receipt before it is voided. */
export const sendsBeforeVoid = 3;

/** A service goes on after a restart within this time, in milliseconds; later it is interrupted. */
export const resumeWithinMs = 10 * 60 * 1000;

/** A press belongs to the clerk's last unrated service when that ended within this time, in milliseconds. */
export const lateRatingWithinMs = 60 * 1000;

/** Two faces pressed within this time, in milliseconds, are no answer. */
export const twoFacesWithinMs = 50;

/** A digit is a face only when no other key comes within this time, in milliseconds, on either side. */
export const loneKeyMs = 80;
