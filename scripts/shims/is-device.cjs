/** Whether a descriptor is a device, as terminals are; told without the modules that terminals need. */
'use strict';

const { fstatSync } = require('node:fs');

module.exports = (descriptor) => {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    return false;
  }
};
