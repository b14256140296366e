/** A clip that is finished, kept, and told of to the hub: it lies here until the hub has its sound. */
export interface Clip {
  /** A UUID. */
  readonly recording: string;
  /** Where its sound lies: finished, never changed again. It may be gone at any time, when room is needed. */
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
  /** Where the hub takes its upload, as kept over restarts; null before the first try. */
  readonly uploadUrl: string | null;
}

/** The clips of a terminal as an uploader sees them. */
export interface Clips {
  /** Oldest first. */
  announced(): readonly Clip[];
  /** Calls the listener whenever another clip waits to be uploaded. */
  onAnnounced(listener: () => void): void;
  /** Calls the listener when a clip has gone, as for want of room: nobody need upload it any more. */
  onGone(listener: (recording: string) => void): void;
  /** Keeps where the hub takes the upload; null when that has been forgotten there. Resolves when it is on the disk. */
  setUploadUrl(recording: string, url: string | null): Promise<void>;
  /** The hub has it: here it is deleted. */
  uploaded(recording: string): Promise<void>;
  /** The hub does not know it, though its event has arrived: it is told once more. Resolves when that is on the disk. */
  tellAgain(recording: string): Promise<void>;
  /** The hub will never take it: that is told, and here it is deleted. */
  refused(recording: string): Promise<void>;
}
