import { endTrouble, type SoundProgram } from '@manyi/firmware/sound/trouble';
import { expect, it } from 'vitest';

const sound: SoundProgram = {
  program: 'arecord',
  package: 'alsa-utils',
  device: 'hw:1,0',
  what: 'microphone',
  setting: 'MANYI_MICROPHONE_DEVICE',
  list: 'arecord -L',
};

/** What the programs of alsa-utils 1.2 and sox 14.4 say. */
it.each([
  [
    'arecord: main:831: audio open error: Device or resource busy',
    'the microphone hw:1,0 is in use by another program: stop that (sudo fuser -v /dev/snd/*), or set MANYI_MICROPHONE_DEVICE to another',
  ],
  [
    'arecord: main:831: audio open error: Permission denied',
    "no permission for the microphone hw:1,0: add the agent's user to the group audio",
  ],
  [
    'arecord: main:831: audio open error: 设备或资源忙',
    'the microphone hw:1,0 is in use by another program: stop that (sudo fuser -v /dev/snd/*), or set MANYI_MICROPHONE_DEVICE to another',
  ],
  [
    'arecord: set_params:1371: Channels count non available',
    'the microphone hw:1,0 has another number of channels: write plughw: for hw: in MANYI_MICROPHONE_DEVICE, or change MANYI_MICROPHONE_CHANNELS',
  ],
  [
    'arecord: set_params:1358: Sample format non available\nAvailable formats:\n- S24_3LE',
    'the microphone hw:1,0 has no 16-bit sound at 16 kHz: write plughw: for hw: in MANYI_MICROPHONE_DEVICE',
  ],
  [
    'ALSA lib confmisc.c:165:(snd_config_get_card) Cannot get card index for 3\narecord: main:831: audio open error: No such file or directory',
    "there is no microphone hw:1,0: plug it in, add the agent's user to the group audio, or set MANYI_MICROPHONE_DEVICE to one that arecord -L names",
  ],
  [
    'arecord: pcm_read:2221: read error: No such device',
    "there is no microphone hw:1,0: plug it in, add the agent's user to the group audio, or set MANYI_MICROPHONE_DEVICE to one that arecord -L names",
  ],
  ['', 'arecord ended with 1: it did not say why (the device is set by MANYI_MICROPHONE_DEVICE)'],
])('one line says how to mend %j', (said, line) => expect(endTrouble(said, 1, sound)).toBe(line));
