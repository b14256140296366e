#!/usr/bin/env bash
# Makes a Raspberry Pi with Raspberry Pi OS (trixie, 64-bit) a terminal, or says what it would change. See --help.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
checking=no
for option in "$@"; do [[ $option != --check ]] || checking=yes; done
# shellcheck source-path=SCRIPTDIR source=state.sh
. "$here/state.sh"
# shellcheck source-path=SCRIPTDIR source=program.sh
. "$here/program.sh"

usage() {
  cat <<'END'
Makes this Raspberry Pi a terminal. Safe to run again: it changes only what differs, and options that are not given stay.

  sudo firmware/pi/install.sh --hub http://hub:8080 --code CODE --buttons onoff
  sudo firmware/pi/install.sh --check        says what differs from an installed terminal, and changes nothing

  --hub URL             the hub's HTTP address
  --code CODE           the enrolment code from the dashboard; - reads it from the standard input
  --buttons KIND        touch, onoff, gpiomon (keys on the header) or firmata (a USB panel)
  --pins LIST           GPIO numbers of the keys, best level first (17,27,22,23)
  --clerk-pin N         the clerk's own key: its GPIO number, or with a USB panel its Arduino pin; or none
  --badge KIND          screen, hid (a USB reader that types) or serial (an RDM6300 or its like on the header)
  --badge-device V:P    vendor:product of a hid reader that is not known by its name, as lsusb shows it; or none
  --microphone KIND     none, arecord or sox
  --microphone-device D which one, as arecord -L names it (plughw:CARD=Device,DEV=0); none: the system's usual one
  --speaker KIND        none or aplay
  --speaker-device D    which one, as aplay -L names it; none: the system's usual one, mostly the display's
  --screen yes|no       the counter screen in a browser on this Pi's own display
  --ntp HOST            a time server in the hall's own network; or none

Every other setting stands in /opt/manyi/config/agent.example.env; write it into /etc/manyi/agent.env, then
sudo systemctl restart manyi-agent
END
}

screen="" ntp=""
declare -A asked=()
while (($#)); do
  case "$1" in
    --check) shift; continue ;;
    --help) usage; exit 0 ;;
  esac
  [[ $# -ge 2 ]] || stop "$1 needs a value (see --help)"
  case "$1" in
    --hub) asked[MANYI_HUB_URL]=$2 ;;
    --code) asked[MANYI_ENROLMENT_CODE]=$([[ $2 == - ]] && head -n 1 || echo "$2")
      [[ -n ${asked[MANYI_ENROLMENT_CODE]} ]] || stop "--code is wrong: it is empty" ;;
    --buttons) one_of "$1" "$2" touch onoff gpiomon firmata; asked[MANYI_BUTTONS]=$2 ;;
    --pins) [[ $2 =~ ^[0-9]+(,[0-9]+)*$ ]] || stop "--pins is wrong: numbers with commas between them, 17,27,22,23"
      asked[MANYI_BUTTON_PINS]=$2 ;;
    --clerk-pin) [[ $2 =~ ^([0-9]+|none)$ ]] || stop "--clerk-pin is wrong: one number, or none"
      asked[MANYI_CLERK_PIN]=${2#none} ;;
    --badge) one_of "$1" "$2" screen hid serial; asked[MANYI_BADGE_READER]=$2 ;;
    --microphone) one_of "$1" "$2" none arecord sox; asked[MANYI_MICROPHONE]=$2 ;;
    --speaker) one_of "$1" "$2" none aplay; asked[MANYI_SPEAKER]=$2 ;;
    --microphone-device) asked[MANYI_MICROPHONE_DEVICE]=${2#none} ;;
    --speaker-device) asked[MANYI_SPEAKER_DEVICE]=${2#none} ;;
    --badge-device) [[ $2 =~ ^([0-9a-fA-F]{4}:[0-9a-fA-F]{4}|none)$ ]] || stop "--badge-device is wrong: vendor:product, as lsusb shows it, or none"
      asked[MANYI_BADGE_DEVICE]=${2#none}; asked[MANYI_BADGE_DEVICE]=${asked[MANYI_BADGE_DEVICE],,} ;;
    --screen) one_of "$1" "$2" yes no; screen=$2 ;;
    --ntp) ntp=$2 ;;
    *) stop "there is no option $1 (see --help)" ;;
  esac
  shift 2
done

[[ $EUID -eq 0 ]] || stop "this needs the rights of root: run it with sudo"
require_system
if [[ $checking == yes ]]; then
  [[ ${#asked[@]} -eq 0 ]] || stop "--check goes by what is installed: leave the other options away"
fi

load_choices
keep_packages
if [[ $checking == no ]]; then
  install_packages
  build_program
fi
settle_users
settle_settings
settle_program
settle_files
settle_boot
settle_services
finish
