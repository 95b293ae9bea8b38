/** The framework's debug log costs start-up even when it is silent; it is loaded only for those who set DEBUG. */
'use strict';

const silent = () => Object.assign(() => undefined, { enabled: false });
module.exports = process.env.DEBUG ? require('debug') : silent;
