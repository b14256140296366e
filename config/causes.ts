/**
 * The causes of failure, and of what is not taken, that terminals and hub tell people, by code: the sentence that stands in ledger, log and answers, with gaps for what
 * belongs to the case. The sentence is the message; whoever shows it in another language reads code and values out of it.
 */
export const causes = {
  'package-missing': 'the package {{package}} is not installed: run npm ci on this machine with its compilers present',

  'pin-permission': "no permission for GPIO{{pin}}: add the agent's user to the group gpio",
  'pin-taken': 'GPIO{{pin}} is taken by another driver: name another pin in {{setting}}, or mend config.txt',
  'pin-missing': 'there is no GPIO{{pin}} on this board: mend {{setting}}',
  'pin-unread': 'GPIO{{pin}} of {{setting}} cannot be read: {{said}}',
  'pin-held':
    'GPIO{{pin}} does not tell its edges: another program holds it, stop that or name another pin in {{setting}}',
  'pin-closed': 'GPIO{{pin}} cannot be opened: {{said}}: name another pin in {{setting}}, or set MANYI_BUTTONS=gpiomon',
  'pin-mute': 'GPIO{{pin}} changes without a word: its edges are set up anew',
  'pins-lost':
    'the pins can no longer be read ({{said}}): see whether another program has given them back, or start the terminal anew',
  'pins-program-absent':
    'the program that reads the pins does not start ({{said}}): put Manyi onto this machine anew, or set MANYI_BUTTONS=gpiomon',
  'pins-program-ended': 'the program that reads the pins ended ({{how}}): it is started anew',
  'pins-program-mute': 'the program that reads the pins said nothing for {{seconds}} s: it is started anew',
  'pins-count': 'MANYI_BUTTON_PINS names {{pins}} pins, but there are {{levels}} levels: name one for each',
  'clerk-pin-taken': "MANYI_CLERK_PIN is {{pin}}, a level's pin in MANYI_BUTTON_PINS: name another pin",
  'no-sysfs': 'this kernel has no {{folder}}: set MANYI_BUTTONS=gpiomon',
  'no-pi-chip': 'no GPIO chip of a Raspberry Pi (there is: {{there}}): set MANYI_GPIO_CHIP to one of these',
  'no-chip': 'no GPIO chip {{chip}} (there is: {{there}}): set MANYI_GPIO_CHIP to one of these',
  'chips-permission': "no permission for the GPIO chips (/dev/gpiochip*): add the agent's user to the group gpio",
  'gpiomon-ended': 'gpiomon ended: {{said}} (it reads {{chip}}: see MANYI_BUTTON_PINS and MANYI_GPIO_CHIP)',
  'gpiomon-ended-with':
    'gpiomon ended with {{code}}: {{said}} (it reads {{chip}}: see MANYI_BUTTON_PINS and MANYI_GPIO_CHIP)',
  'key-stuck': 'the key at {{key}} has been down for a minute: free it, or look for a short in its wiring',

  'panel-absent': 'no Firmata board answers: flash firmware/panel onto it',
  'panel-keyless': "the board's program ({{program}}) cannot read keys at D{{keys}}: flash firmware/panel onto it",
  'panel-silent': 'the panel no longer answers: unplug it and plug it in again, or flash firmware/panel onto it anew',
  'panel-rubbish': 'the panel sends what no Firmata board sends: check its cable, and that firmware/panel is on it',
  'panel-unplugged': 'the panel was unplugged: plug it in again',
  'panel-line': 'the line to the panel failed ({{said}}): check its cable, and plug it in again',
  'panel-worn': 'the memory of the panel is worn: its totals may lose presses in a power cut, so change its board',
  'panel-format':
    "the panel tells its totals in format {{version}}, not in {{known}}: flash this version's firmware/panel onto it",
  'panel-partial': 'the panel told its totals in part only: flash firmware/panel onto it anew',
  'panel-clerk-key': "MANYI_CLERK_PIN is {{pin}}, but the clerk's key of a USB panel is at D{{left}}: set it so",
  'panel-no-clerk-key':
    'MANYI_CLERK_PIN is {{pin}}, but a USB panel with {{levels}} levels has no key left for the clerk: leave it empty',

  'port-permission': "no permission for {{path}}: add the agent's user to the group dialout",
  'port-missing': 'there is no {{path}}: plug the device in, or set {{setting}} to where it is (ls /dev/serial/by-id)',
  'port-in-use': "{{path}} is in use by another program: stop it, or set {{setting}} to the device's own port",
  'port-closed':
    '{{path}} cannot be opened ({{said}}): unplug the device and plug it in again, or set {{setting}} to its own port',

  'badge-unplugged': 'the badge reader was unplugged: plug it in again',
  'badge-misread':
    'the badge reader types what is no badge number: see MANYI_BADGE_FORMAT, MANYI_BADGE_LAYOUT, MANYI_BADGE_PREFIX and MANYI_BADGE_SUFFIX, and set it to end each with Enter or Tab',
  'badge-permission':
    "no permission for the badge reader {{path}}: install the udev rule that gives it to the agent's user",
  'badge-closed': 'the badge reader {{path}} cannot be opened ({{said}}): unplug it and plug it in again',
  'badge-none': 'no badge reader: plug it in, or set MANYI_BADGE_DEVICE to one of: {{there}}',
  'badge-missing': 'no badge reader {{reader}}: plug it in, or set MANYI_BADGE_DEVICE to one of: {{there}}',
  'badge-many': 'more than one badge reader: set MANYI_BADGE_DEVICE to one of: {{there}}',
  'badge-rubbish': 'the badge reader sends rubbish: check its wiring, and that MANYI_BADGE_PORT is its own port',
  'badge-line':
    'the line to the badge reader failed ({{said}}): check its wiring, and that MANYI_BADGE_PORT is its own port',

  'not-installed': '{{program}} is not installed: sudo apt install {{package}}',
  'cannot-run': '{{program}} cannot be run ({{said}}): sudo apt install --reinstall {{package}}',
  'sound-in-use':
    'the {{device}} is in use by another program: stop that (sudo fuser -v /dev/snd/*), or set {{setting}} to another',
  'sound-permission': "no permission for the {{device}}: add the agent's user to the group audio",
  'sound-channels':
    'the {{device}} has another number of channels: write plughw: for hw: in {{setting}}, or change MANYI_MICROPHONE_CHANNELS',
  'sound-format': 'the {{device}} has no 16-bit sound at 16 kHz: write plughw: for hw: in {{setting}}',
  'sound-sox':
    'sox finds no {{device}}: set {{setting}} to one that {{list}} names (and sudo apt install libsox-fmt-alsa)',
  'sound-missing':
    "there is no {{device}}: plug it in, add the agent's user to the group audio, or set {{setting}} to one that {{list}} names",
  'sound-ended': '{{program}} ended: {{said}} (the device is set by {{setting}})',
  'sound-ended-with': '{{program}} ended with {{code}}: {{said}} (the device is set by {{setting}})',
  'not-said': 'it did not say why',
  'microphone-stalled':
    'the microphone gives no sound for {{seconds}} s: plug it in anew, and see MANYI_MICROPHONE_DEVICE',
  'microphone-rate': 'the microphone does not record at 16 kHz: write plughw: for hw: in MANYI_MICROPHONE_DEVICE',
  'microphone-silent':
    'the microphone gives nothing but silence: see that it is plugged in and switched on, and raise its level (alsamixer, F4)',
  'channel-silent':
    'channel {{channel}} of the microphone gives nothing but silence: see that it is plugged in and switched on, and raise its level (alsamixer, F4)',
  'microphone-wordless':
    'nobody was heard in the last {{clips}} recordings: see that the microphone is plugged in, switched on and turned to the counter, and raise its level (alsamixer, F4)',
  'microphone-file': 'the file of MANYI_MICROPHONE_DEVICE, {{path}}, cannot be heard: it is {{said}}',
  'sound-gap':
    'sound was lost once before it came here: see what keeps this machine busy (top), or plug the microphone in anew',
  'sound-gap-of':
    'sound was lost once (at least {{seconds}} s) before it came here: see what keeps this machine busy (top), or plug the microphone in anew',
  'sound-gaps':
    'sound was lost {{times}} times before it came here: see what keeps this machine busy (top), or plug the microphone in anew',
  'sound-gaps-of':
    'sound was lost {{times}} times (at least {{seconds}} s) before it came here: see what keeps this machine busy (top), or plug the microphone in anew',

  'speaker-stalled': 'the speaker takes no sound: plug it in anew, and see MANYI_SPEAKER_DEVICE',
  'sounds-missing':
    'MANYI_SPEAKER_SOUNDS is {{folder}}, which is not there: put the sounds where the agent can read them, such as /etc/manyi/sounds (never below /home)',
  'sounds-no-folder':
    'MANYI_SPEAKER_SOUNDS is {{folder}}, which is no folder: put the sounds where the agent can read them, such as /etc/manyi/sounds (never below /home)',
  'sounds-permission':
    'MANYI_SPEAKER_SOUNDS is {{folder}}, which the agent may not read: put the sounds where the agent can read them, such as /etc/manyi/sounds (never below /home)',
  'sound-file-permission': '{{path}} (see MANYI_SPEAKER_SOUNDS) may not be read by the agent: sudo chmod a+r {{path}}',
  'sound-file': '{{path}} (see MANYI_SPEAKER_SOUNDS) cannot be played: it is {{said}}',
  'wav-other': 'not a WAV file of 16-bit PCM at 16 kHz (sox yours.wav -r 16000 -b 16 -c 1 new.wav makes one)',
  'wav-broken':
    'a broken file, not a WAV file of 16-bit PCM at 16 kHz (sox yours.wav -r 16000 -b 16 -c 1 new.wav makes one)',
  'wav-format':
    '{{bits}}-bit sound at {{rate}} Hz, not a WAV file of 16-bit PCM at 16 kHz (sox yours.wav -r 16000 -b 16 -c 1 new.wav makes one)',
  'wav-mono': 'a file of {{channels}} channels: sox it.wav -c 1 new.wav makes one of one',
  'wav-channels': 'a file of {{channels}} channels: see MANYI_MICROPHONE_CHANNELS',

  'coder-cannot-run': 'opusenc cannot be run: {{said}}',
  'coder-hangs': 'opusenc takes no sound any more: this machine is too busy, or its disk is',
  'coder-full': 'opusenc ended with {{code}}: is the disk of the data folder full? Make room',
  'coder-ended': 'opusenc ended with {{code}}: {{said}}',
  'sound-missed':
    '{{seconds}} s of sound are in no recording: the coder or the disk is too slow: see what keeps this machine busy, or change the card',
  'held-crowd':
    'recordings that are held ({{held}}) take the room here, and others are deleted for want of it: see that they are sent, let them go, or raise MANYI_RECORDING_MEGABYTES',
  'disk-nearly-full': 'the disk of the data folder is nearly full, and events come first: make room',
  'disk-refuses': 'the disk of the data folder takes no recordings ({{code}}): make room, or change the card',
  'clip-changed':
    'a recording kept here is not what it was when it was made, and is lost: its card may be failing, or somebody has changed it: check the card',
  'clip-unread': 'a recording cannot be read from the disk ({{said}}): check the card',
  'upload-credential':
    'the hub does not let this terminal in with its clips: enrol it again, with a new code from the dashboard in MANYI_ENROLMENT_CODE',
  'upload-body':
    'something before the hub refuses clips because of their size: let its proxy take bodies of 512 KiB (nginx: client_max_body_size)',
  'upload-unreached':
    'recordings wait here and do not get to the hub: see that the address in MANYI_HUB_URL can be reached from here, also for what is large (a firewall, a proxy?)',
  'upload-unknown':
    'a recording waits here because the hub does not know it, though it has been told of it again: look for recording.made among what the hub has in quarantine ({{recording}})',
  'upload-foreign':
    'a recording waits here because the hub says that it is none of this terminal: see MANYI_HUB_URL, and what stands between (a proxy?) ({{recording}})',
  'upload-other':
    'a recording waits here because the hub was told otherwise of it: its file may have been changed; it goes when others need its place ({{recording}})',

  'ffmpeg-missing': 'ffmpeg is not installed on the hub: apt install ffmpeg',
  'ffmpeg-slow': 'ffmpeg was not done in {{seconds}} s',
  'recordings-off': 'recordings are off: {{said}}',
  'key-missing': 'the key file {{path}} is missing: put it back, or set MANYI_RECORDING_KEY_FILE to where it lies',
  'key-unreadable': "the key file {{path}} cannot be read ({{code}}): let the hub's user read it",
  'key-open':
    'the key file {{path}} is open to every user of this machine: run chmod 600 {{path}}, and restart the hub',
  'key-empty': '{{path}} holds no key: it must be 64 hexadecimal digits, as openssl rand -hex 32 makes them',
  'key-other': 'the key in {{path}} is not the one that the recordings were made with: put that one back',
  'storage-fails': 'the storage of the recordings fails ({{said}}): see that it can be reached and read',
  'storage-away':
    '{{folder}} has none of the recordings that are stored there: mount its disk, or put them back; where they are lost for good, make the folder 00 in it',
  'storage-writes':
    'the storage of the recordings takes nothing ({{said}}): see that it has room and that the hub may write there',
  'storage-deletes': 'the storage of the recordings deletes nothing ({{said}}): see that the hub may delete there',
  'storage-unclaimed':
    "sound lies in the storage that no entry of the database is about (files: {{files}}): put the database back that knows it, or move it away; the hub's log names the files",
  'storage-full': 'the disk for recordings is full: make room, or keep them for less time',

  'audit-placeless': 'entry {{entry}} has no place in the log: the first is 1',
  'audit-missing': 'entry {{entry}} is missing',
  'audit-changed': 'entry {{entry}} was changed',
  'audit-follows': 'entry {{entry}} does not follow the one before it: that one, or its hash, was changed',
  'audit-remade': 'entry {{entry}} is not the one that was noted: it, or one before it, was made anew',
  'audit-cut': 'it ends at entry {{last}}, and entry {{noted}} was noted: its end was cut off',
  'audit-hash': 'no entry has the hash that was noted ({{hash}}): it was cut off or made anew',

  'number-taken': 'another event has number {{number}}',
  'no-level': '{{level}} is not a level of {{profile}}',

  'id-wrong': 'use 1–63 lower-case letters, digits or hyphens, not starting with a hyphen',
  'clerk-id-wrong': 'use 1–63 letters, digits or hyphens, not starting with a hyphen',
  'badge-code-wrong': 'use the 4–32 digits or letters that the reader types',
  'password-short': 'use at least 10 characters',
  'purpose-short': 'say why, in a few words',
  'text-short': 'Too small: expected string to have >={{least}} characters',
  'text-long': 'Too big: expected string to have <={{most}} characters',
  'number-small': 'Too small: expected number to be >={{least}}',
  'number-large': 'Too big: expected number to be <={{most}}',
  'not-a-number': 'Invalid input: expected number, received NaN',
  'zone-unknown': 'is not the name of a time zone, such as Asia/Shanghai',
  'site-unknown': 'there is no site {{site}}',
  'counter-unknown': 'the site has no counter {{counter}}',
};

export type CauseCode = keyof typeof causes;

/** A cause as programs tell it apart: its code, and what belongs to the case, by the names of the gaps. */
export interface Cause {
  readonly code: CauseCode;
  readonly values: Readonly<Record<string, string>>;
}

const gap = /\{\{(\w+)\}\}/;

/** The most particular first: a sentence may fit one that leaves more open, too. */
const forms = (Object.keys(causes) as CauseCode[])
  .map((code) => ({ code, form: formOf(causes[code]), said: causes[code].replaceAll(/\{\{\w+\}\}/g, '').length }))
  .sort((one, other) => other.said - one.said);

/** Reads a sentence; null for one that is none of these, such as what another version says. */
export function readCause(sentence: string): Cause | null {
  for (const { code, form } of forms) {
    const match = form.exec(sentence);
    if (match !== null) return { code, values: { ...match.groups } };
  }
  return null;
}

/** A gap that comes again holds the same again. */
function formOf(sentence: string): RegExp {
  const named = new Set<string>();
  const form = sentence.split(gap).map((piece, index) => {
    if (index % 2 === 0) return piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    if (named.has(piece)) return `\\k<${piece}>`;
    named.add(piece);
    return `(?<${piece}>.+?)`;
  });
  return new RegExp(`^${form.join('')}$`);
}
