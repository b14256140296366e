#!/usr/bin/env bash
# Takes the terminal off this Raspberry Pi again: everything that install.sh has put there, but the data and the settings.
#   sudo firmware/pi/uninstall.sh               keeps /var/lib/manyi and /etc/manyi/agent.env
#   sudo firmware/pi/uninstall.sh --with-data   removes them too; ratings that the hub has not received are lost
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
checking=no
# shellcheck source-path=SCRIPTDIR source=state.sh
. "$here/state.sh"
# shellcheck source-path=SCRIPTDIR source=program.sh
. "$here/program.sh"

with_data=no
case "${1:-}" in
  "") ;;
  --with-data) with_data=yes ;;
  *) stop "there is no option $1: uninstall.sh [--with-data]" ;;
esac
[[ $EUID -eq 0 ]] || stop "this needs the rights of root: run it with sudo"

for unit in manyi-screen.service manyi-agent.service; do
  [[ -f /etc/systemd/system/$unit ]] || continue
  [[ ! -d /run/systemd/system ]] || systemctl stop "$unit"
  systemctl --quiet disable "$unit"
  rm -f "/etc/systemd/system/$unit"
done
rm -f /usr/local/sbin/manyi-self-test
rm -f /etc/udev/rules.d/{60-manyi-gpio,70-manyi-panel,70-manyi-badge}.rules
for place in journald system timesyncd; do
  rm -f /etc/systemd/$place.conf.d/manyi.conf
  [[ ! -d /etc/systemd/$place.conf.d ]] || rmdir --ignore-fail-on-non-empty /etc/systemd/$place.conf.d
done
rm -rf "$program"

if grep -qxF "$begin_mark" $boot/config.txt; then
  write_boot $boot/config.txt < <(remove_boot_lines)
fi
give_console_back >/dev/null

for name in $screen_user $user; do
  getent passwd "$name" >/dev/null && userdel "$name"
done
if [[ -f $state/groups ]]; then
  while read -r group; do groupdel "$group"; done <"$state/groups"
fi
give_packages_back
rm -f $etc/screen.env
if [[ $with_data == yes ]]; then rm -rf "$data" "$etc"; fi
rm -rf "$state"
if [[ -d /run/systemd/system ]]; then
  systemctl daemon-reload
  udevadm control --reload
  systemctl restart systemd-journald.service
fi
say "This is no terminal any more."
if [[ $with_data == no ]]; then say "Its data is still in $data, its settings in $etc."; fi
if [[ $reboot == yes ]]; then say "Start the Pi anew, for its boot lines have changed: sudo reboot"; fi
