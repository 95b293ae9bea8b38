/**
 * Makes a log for benchmarks: `node bench/observe/make-log.mjs FILE [messages = 8000000] [senders = 1000] [replay at line]`.
 * 8 million messages are about 1.08 GB. With a third number, one earlier line is planted again behind that line.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const [path, messagesText = '8000000', sendersText = '1000', replayText = '0'] = process.argv.slice(2);
const messages = Number(messagesText);
const senders = Number(sendersText);
const replayAt = Number(replayText);

const values = [7];
for (let step = 1, digit = 7; step < 100; step++) {
  digit = 1 + ((digit * 7 - 1) % 9);
  values.push(digit);
}

const file = openSync(path, 'w');
let text = '';
let kept = '';
for (let i = 0; i < messages; i++) {
  const step = Math.floor(i / senders);
  const sender = `sensor-${String(i % senders).padStart(4, '0')}`;
  const data = `{"temperature":${((i * 7919) % 400) / 10},"humidity":${(i * 31) % 100}}`;
  const line = `{"senderId":"${sender}","globalStep":${step},"patternValue":${values[step % 100]},"data":${data},"timestamp":${1732060800000 + i}}\n`;
  text += line;
  if (i === Math.floor(messages / 3)) kept = line;
  if (i + 1 === replayAt) text += kept;
  if (text.length > 1_000_000) {
    writeSync(file, text);
    text = '';
  }
}
writeSync(file, text);
closeSync(file);
