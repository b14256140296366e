import { setFlagsFromString } from 'node:v8';

// A terminal has little memory and little to compute: V8 is to keep its heap small, and to leave out the optimizing compiler,
// whose code and threads cost a quarter of the whole process, and no room for the young that the start alone needs. It only helps before anything else is loaded.
setFlagsFromString('--optimize-for-size');
setFlagsFromString('--no-opt');
setFlagsFromString('--semi-space-growth-factor=1');
