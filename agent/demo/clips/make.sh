#!/bin/sh
# Makes the spoken clips of the demo anew: nobody's voice, and no customer's words. Needs Debian's espeak-ng, sox and opus-tools.
# Chinese is written as pinyin: espeak-ng 1.51 reads characters as English letters. What is printed at the end belongs into ../clips.ts.
set -eu
cd "$(dirname "$0")"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
lines=0

# One says something: the clerk at this side of the counter, the customer a little further from the microphone.
say() {
  lines=$((lines + 1))
  espeak-ng -v "$1" -s "$3" -p "$2" -w "$work/spoken.wav" "$5"
  sox -D "$work/spoken.wav" -r 16000 -b 16 -c 1 "$work/$(printf %02d "$lines").wav" \
    silence 1 0.01 0.5% reverse silence 1 0.01 0.5% reverse norm "$4" pad 0.2 0.3
}
clerk() { say "$voice" 62 165 -6 "$1"; }
customer() { say "$voice" 28 155 -11 "$1"; }

# The customer presses: a second and a half in which nobody speaks.
press() {
  sox "$work"/[0-9]*.wav "$work/before.wav"
  pressed=$(soxi -s "$work/before.wav")
  lines=$((lines + 1))
  sox -n -r 16000 -b 16 -c 1 "$work/$(printf %02d "$lines").wav" trim 0 1.5
}

# Puts the lines one behind the other, over the quiet noise of a hall.
finish() {
  sox "$work"/[0-9]*.wav "$work/lines.wav"
  length=$(soxi -D "$work/lines.wav")
  sox -R -n -r 16000 -b 16 -c 1 "$work/hall.wav" synth "$length" brownnoise vol 0.01
  sox -D -m -v 1 "$work/lines.wav" -v 1 "$work/hall.wav" "$work/all.wav"
  opusenc --quiet --bitrate 16 --comp 10 --speech --serial 1 --title '演示数据，纯属虚构 Demo data, made up' \
    "$work/all.wav" "$1.opus"
  peak=$(sox "$work/all.wav" -n stat 2>&1 | sed -n 's/^Maximum amplitude: *//p')
  echo "$1: $(soxi -s "$work/all.wav") samples, pressed at $((pressed * 1000 / 16000 + 500)) ms, peak $peak"
  rm "$work"/*.wav
  lines=0
}

voice=cmn-latn-pinyin
customer 'ni2hao3, wo3 lai2 jiao1 dian4fei4. wo3 yi3jing1 deng3 le5 si4shi2 fen1zhong1.'
clerk 'dui4bu4qi3, jin1tian1 ren2 bi3jiao4 duo1. qing3 gao4su4 wo3 nin2de5 hu4hao4.'
customer 'zhe4ge4 yue4 de5 dian4fei4 wei4shen2me5 duo1 le5 yi1bei4?'
clerk 'wo3 bang1 nin2 cha2 yi2xia4. zhe4li3 xian3shi4 shi4 gu1ji4 du2shu4. wo3 xian4zai4 gei3 nin2 kai1 yi2ge4 gong1dan1.'
press
clerk 'san1 ge4 gong1zuo4ri4 nei4 wo3men5 gei3 nin2 da3 dian4hua4. zai4jian4.'
finish waited # 电费多了一倍，等了四十分钟

clerk 'ni2hao3, qing3wen4 nin2 ban4li3 shen2me5 ye4wu4?'
customer 'wo3 ban1jia1 le5, xiang3 gai3 yi2xia4 zhang4dan1 di4zhi3.'
clerk 'hao3de5, qing3 chu1shi4 shen1fen4zheng4. xin1 di4zhi3 qing3 xie3 zai4 zhe4li3.'
press
clerk 'yi3jing1 gai3hao3 le5. xie4xie5 nin2, zai4jian4.'
finish moved # 搬家了，改账单地址

voice=en
customer 'Hello. You have sent me the same bill twice, and nobody answers your telephone.'
clerk 'I am sorry. May I see them both? Yes, I see it: this one was printed again by mistake.'
customer 'So do I have to pay it, or not?'
clerk 'You do not. I have taken it back, and here it is in writing.'
press
clerk 'Thank you for telling us. Good bye.'
finish twice
