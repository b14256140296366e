import { framesOf, type Levels, levelsOf } from '@manyi/firmware/microphone/levels';
import { bytesOf, bytesPerSample, samplesOf, samplesPerSecond } from '@manyi/firmware/sound/format';
import { type Skipped, skipped } from './console.ts';
import { type Ground, within } from './ground.ts';
import { notTried, type Result } from './table.ts';

/** How long is recorded and played back, and how often the bar is drawn. */
const recordedSeconds = 3;
const barEveryMs = 100;
/** Below this level (dBFS) a converter gives nothing. */
const nothing = -90;
/** A share of samples above this is distortion one hears; with less speech nobody has spoken. */
const distorted = 0.01;
const leastSpeech = 0.1;

/** The microphone: three seconds of speech with a level bar, judged and, with a speaker, played back. */
export async function testMicrophone(ground: Ground): Promise<Result> {
  const { settings, hardware, console, say, patienceMs, failure } = ground;
  const part = say('microphone');
  if (settings.MANYI_MICROPHONE === 'none') {
    return { part, outcome: 'absent', remark: say('notSet', 'MANYI_MICROPHONE') };
  }
  console.say(say('waitMicrophone'));
  const opened = new Promise<null>((resolve) => hardware.microphone.onAudio(() => resolve(null)));
  const begun = await console.orSkip(
    within<string | { opened: true }>(
      patienceMs,
      opened.then(() => ({ opened: true }) as const),
      failure('microphone'),
    ),
  );
  if (begun === skipped) return notTried(part, say);
  if (begun === null || typeof begun === 'string') {
    return { part, outcome: 'failed', remark: begun ?? say('noSound', patienceMs / 1000) };
  }
  console.say(say('speakNow', recordedSeconds));
  const recorded = await console.orSkip(within<Buffer | string>(2 * patienceMs, record(ground), failure('microphone')));
  if (recorded === skipped) return notTried(part, say);
  if (recorded === null || typeof recorded === 'string') {
    return { part, outcome: 'failed', remark: recorded ?? say('noSound', (2 * patienceMs) / 1000) };
  }
  const { channels } = hardware.microphone;
  const mixed = oneChannel(recorded, channels);
  const levels = levelsOf(framesOf(mixed, 1));
  const fault = deafChannel(recorded, ground) ?? faultOf(levels, ground) ?? (await playBack(mixed, ground));
  if (fault === skipped) return notTried(part, say);
  return { part, outcome: fault === null ? 'works' : 'failed', remark: fault ?? inWords(levels, ground) };
}

/** The next seconds of what is heard, of all channels. */
function record({ hardware: { microphone }, console }: Ground): Promise<Buffer> {
  const parts: Buffer[] = [];
  const enough = recordedSeconds * samplesPerSecond * bytesPerSample * microphone.channels;
  let [length, drawn] = [0, 0];
  return new Promise((resolve) => {
    microphone.onAudio((audio) => {
      if (length >= enough) return;
      parts.push(Buffer.from(audio));
      length += audio.length;
      if (performance.now() - drawn >= barEveryMs) {
        drawn = performance.now();
        console.draw(levelBar(levelsOf(framesOf(oneChannel(audio, microphone.channels), 1)).level));
      }
      if (length < enough) return;
      console.draw('');
      resolve(Buffer.concat(parts));
    });
  });
}

function oneChannel(audio: Buffer, channels: number): Buffer {
  if (channels === 1) return Buffer.from(audio);
  const samples = samplesOf(audio);
  return bytesOf(
    Int16Array.from({ length: samples.length / channels }, (_, n) => {
      const at = samples.subarray(n * channels, (n + 1) * channels);
      return Math.round(at.reduce((sum, sample) => sum + sample, 0) / channels);
    }),
  );
}

/** Of two channels the one that is dead, in words: together they would pass. */
function deafChannel(audio: Buffer, { hardware: { microphone }, say }: Ground): string | null {
  const samples = samplesOf(audio);
  for (let channel = 0; microphone.channels > 1 && channel < microphone.channels; channel += 1) {
    const own = samples.filter((_, n) => n % microphone.channels === channel);
    if (levelsOf(framesOf(bytesOf(own), 1)).level <= nothing) return say('deafChannel', channel + 1);
  }
  return null;
}

const barWidth = 30;
const barFrom = -60;

/** A level (dBFS) as a bar from −60 to 0 dB. */
export function levelBar(level: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, 1 - level / barFrom)) * barWidth);
  return `[${'#'.repeat(filled)}${'-'.repeat(barWidth - filled)}] ${level.toFixed(0)} dB`;
}

function inWords({ level, speechShare }: Levels, { say }: Ground): string {
  return `${level.toFixed(0)} dB, ${say('speechShare', (100 * speechShare).toFixed(0))}`;
}

function faultOf(levels: Levels, ground: Ground): string | null {
  const { say } = ground;
  if (levels.level <= nothing) return say('onlySilence');
  if (levels.clippedShare > distorted) return say('tooLoud', inWords(levels, ground));
  return levels.speechShare < leastSpeech ? say('noSpeech', inWords(levels, ground)) : null;
}

async function playBack(recorded: Buffer, ground: Ground): Promise<string | Skipped | null> {
  const { settings, hardware, console, say } = ground;
  if (settings.MANYI_SPEAKER === 'none') return null;
  console.say(say('playBack'));
  // Whether the speaker works, its own test says.
  if (!(await hardware.speaker.play(recorded))) return null;
  return judged(ground, say('heardYourself'));
}

/** The speaker says the invitation. */
export async function testSpeaker(ground: Ground): Promise<Result> {
  const { settings, hardware, console, say, patienceMs, failure } = ground;
  const part = say('speaker');
  if (settings.MANYI_SPEAKER === 'none') return { part, outcome: 'absent', remark: say('notSet', 'MANYI_SPEAKER') };
  console.say(say('sayNow'));
  if (!(await hardware.speaker.say('invitation'))) {
    return { part, outcome: 'failed', remark: (await within(patienceMs, failure('speaker'))) ?? say('notHeard') };
  }
  const fault = await judged(ground, say('heardInvitation'));
  if (fault === skipped) return notTried(part, say);
  return { part, outcome: fault === null ? 'works' : 'failed', remark: fault ?? say('heard') };
}

async function judged({ console, say, patienceMs }: Ground, question: string): Promise<string | Skipped | null> {
  const heard = await console.ask(question, patienceMs);
  if (heard === skipped) return skipped;
  if (heard === null) return say('noAnswer');
  return heard ? null : say('notHeard');
}
