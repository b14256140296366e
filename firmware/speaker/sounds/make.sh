#!/bin/sh
# Makes the spoken invitation and thanks anew. Needs Debian's espeak-ng (Chinese), flite (English) and sox.
# Chinese is written as pinyin: espeak-ng 1.51 reads characters as English letters.
set -eu
cd "$(dirname "$0")"
spoken="$(mktemp --suffix=.wav)"
trap 'rm -f "$spoken"' EXIT

# 16 kHz, 16 bits, one channel; silence cut off and a little of it put before, for cards that swallow a beginning.
finish() {
  sox -D "$spoken" -r 16000 -b 16 -c 1 "$1" silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse norm -3 pad 0.15 0.1
}
chinese() {
  espeak-ng -v cmn-latn-pinyin -s 175 -p 55 -w "$spoken" "$2"
  finish "$1.zh.wav"
}
english() {
  flite -voice slt --setf duration_stretch=1.05 -t "$2" -o "$spoken"
  finish "$1.en.wav"
}

chinese invitation 'qing3 nin2 dui4 ben3ci4 fu2wu4 jin4xing2 ping2jia4' # 请您对本次服务进行评价
english invitation 'Please rate the service you have received.'
chinese thanks 'xie4xie5 nin2 de5 ping2jia4' # 谢谢您的评价
english thanks 'Thank you for your rating.'
