/**
 * The framework renders each word of help through a template engine that compiles every one of them. Ours are plain text
 * or hold `<%= config.bin %>` and the like, which need no engine.
 */
'use strict';

const slot = /<%[=-]\s*([\w.]+)\s*%>/g;

exports.render = (template, context) => {
  if (!template.includes('<%')) return template;
  const text = template.replace(slot, (_, path) =>
    String(path.split('.').reduce((value, name) => value[name], context)),
  );
  if (text.includes('<%')) throw new Error(`help knows only <%= names %>: ${template}`);
  return text;
};
