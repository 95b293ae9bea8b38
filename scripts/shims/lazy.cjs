/** A stand-in for a module that is required when it is first touched, and from then on behaves as that module. */
'use strict';

/** @param {() => any} load */
module.exports = function lazy(load) {
  let loaded;
  const get = () => (loaded ??= load());
  return new Proxy(function standIn() {}, {
    get: (_, key) => get()[key],
    set: (_, key, value) => Reflect.set(get(), key, value),
    has: (_, key) => key in get(),
    apply: (_, self, values) => Reflect.apply(get(), self, values),
    construct: (_, values) => Reflect.construct(get(), values),
  });
};
