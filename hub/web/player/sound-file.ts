import { address, ask, nothing, ProblemError, send } from '../http/client.ts';

export type Format = 'ogg' | 'aac';

/** What a browser is to be sent: Ogg Opus as it is stored, or AAC where it says that it cannot play that. */
export function formatFor(audio: HTMLMediaElement): Format {
  return audio.canPlayType('audio/ogg; codecs=opus') === '' ? 'aac' : 'ogg';
}

/**
 * Asks for the sound of a recording, and answers its address. The purpose stands in the audit log when this returns; it may take some
 * seconds where the hub must make AAC first. Throws `ProblemError` with the reason why it cannot be heard.
 */
export async function openSound(recording: string, purpose: string, format: Format): Promise<string> {
  await send(nothing, 'POST', `/recordings/${recording}/plays`, { purpose });
  const url = address(`/recordings/${recording}/audio`, { format });
  const answer = await ask(url, { headers: { range: 'bytes=0-0' } });
  await answer.arrayBuffer();
  return url;
}

/**
 * Tells the hub that it plays, and answers whether the hub knows of the play: not when it has ended there. A hub that does not answer
 * was told of the play when it began. Throws `ProblemError` when the user may not hear it any more.
 */
export async function tellPlaying(recording: string): Promise<boolean> {
  try {
    await send(nothing, 'POST', `/recordings/${recording}/playing`);
    return true;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    if (error.status === 404) return false;
    if (error.status > 0 && error.status < 500) throw error;
    return true;
  }
}
